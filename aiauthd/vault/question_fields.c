/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question_fields.c - the fields of every message on vault.sock.
 */
#include "config.h"

#include "aiauthd/vault/question.h"

#include "aiauthd/vault/audit_entry.h"
#include "aiauthd/vault/enrolcode.h"
#include "aiauthd/vault/handle.h"
#include "base/otp.h"

#define AT(member) offsetof(struct vault_q, member)
#define SOURCE(must) { 1, AIA_NAME, must, 0, AT(source) }
#define OBJECT_ID(must) \
	{ 2, AIA_TEXT, must, OBJECT_ID_LEN_MAX, AT(object_id) }
#define WHO SOURCE(1), OBJECT_ID(1)
#define NAME { 3, AIA_NAME, 1, 0, AT(name) }
/* A name nobody has comes without identity. */
#define ATTEMPT SOURCE(0), OBJECT_ID(0), \
	NAME, \
	{ 4, AIA_TEXT, 1, 63, AT(source_net) }, \
	{ 5, AIA_U32, 1, 1, AT(key_proved) }
#define CODE { 6, AIA_BYTES, 1, VAULT_CODE_MAX, AT(code) }
#define ID(must) { 7, AIA_TEXT, must, ENROLMENT_ID_LEN, AT(id) }
#define FACTOR { 8, AIA_TEXT, 1, 31, AT(factor) }
#define LABEL { 9, AIA_TEXT, 1, 64, AT(label) }
#define SERVICE { 13, AIA_TEXT, 1, AIA_SERVICE_LEN_MAX, AT(service) }
#define RECORD { 18, AIA_BYTES, 1, AUDIT_ENTRY_MAX, AT(record) }

static const struct aia_field verify_fields[] = { ATTEMPT, CODE };
static const struct aia_field enrol_code_new_fields[] = {
	WHO, { 12, AIA_U32, 1, ENROLCODE_TTL_MAX_S, AT(ttl_s) },
};
static const struct aia_field totp_begin_fields[] = {
	WHO,
	LABEL,
	{ 10, AIA_TEXT, 1, 7, AT(algorithm) },
	{ 11, AIA_U32, 1, OTP_DIGITS_MAX, AT(digits) },
};
static const struct aia_field totp_finish_fields[] = {
	ATTEMPT, CODE, ID(1),
};
static const struct aia_field who_fields[] = { WHO };
static const struct aia_field enrolments_fields[] = { WHO, NAME };
static const struct aia_field unenrol_fields[] = { WHO, ID(0), FACTOR };
static const struct aia_field rename_fields[] = { WHO, ID(1), FACTOR, LABEL };
static const struct aia_field key_add_fields[] = {
	WHO,
	FACTOR,
	LABEL,
	{ 20, AIA_BYTES, 1, KEY_DATA_MAX, AT(data) },
	{ 21, AIA_U32, 1, KEY_FLAGS, AT(flags) },
	{ 22, AIA_U32, 1, UINT32_MAX, AT(counter) },
};
static const struct aia_field keys_fields[] = { WHO, FACTOR };
static const struct aia_field key_used_fields[] = {
	WHO, ID(1), FACTOR, { 22, AIA_U32, 1, UINT32_MAX, AT(counter) },
};
static const struct aia_field handle_new_fields[] = {
	WHO,
	{ 12, AIA_U32, 1, HANDLE_TTL_MAX_S, AT(ttl_s) },
	SERVICE,
	{ 14, AIA_TEXT, 1, HANDLE_SOURCE_MAX, AT(login_source) },
	{ 15, AIA_BYTES, 1, FACTS_LEN_MAX, AT(facts) },
	RECORD,
};
static const struct aia_field handle_spend_fields[] = {
	WHO,
	SERVICE,
	{ 16, AIA_BYTES, 1, AIA_HANDLE_LEN, AT(handle) },
	{ 17, AIA_U32, 1, AIA_PHASE_CLOSE_SESSION, AT(phase) },
};
#define LINK { 23, AIA_U32, 1, UINT32_MAX, AT(session) }, \
	{ 24, AIA_U32, 1, UINT32_MAX, AT(loginuid) }
#define TTY { 25, AIA_TEXT, 1, AIA_TTY_LEN_MAX, AT(tty) }
static const struct aia_field link_put_fields[] = {
	WHO,
	{ 15, AIA_BYTES, 1, FACTS_LEN_MAX, AT(facts) },
	LINK,
	TTY,
	{ 26, AIA_U32, 1, 1, AT(tty_known) },
};
static const struct aia_field link_get_fields[] = {
	WHO, LINK, TTY,
};
static const struct aia_field link_drop_fields[] = { LINK };
static const struct aia_field audit_append_fields[] = { RECORD };
static const struct aia_field audit_read_fields[] = {
	{ 19, AIA_BYTES, 1, VAULT_CURSOR_MAX, AT(cursor) },
};
#undef AT
#define AT(member) offsetof(struct vault_a, member)
static const struct aia_field answer_fields[] = {
	{ 1, AIA_U32, 1, VAULT_ERROR_MAX, AT(error) },
	{ 2, AIA_TEXT, 0, ENROLMENT_ID_LEN, AT(id) },
	{ 3, AIA_BYTES, 0, SECRET_LEN_MAX, AT(secret) },
	{ 4, AIA_BYTES, 0, AIA_HANDLE_LEN, AT(handle) },
	{ 5, AIA_BYTES, 0, FACTS_LEN_MAX, AT(facts) },
	{ 6, AIA_LIST, 0, 8192, AT(enrolments) },
	{ 7, AIA_U32, 0, 1, AT(enrol_code) },
	{ 8, AIA_U32, 0, UINT32_MAX, AT(misses) },
	{ 9, AIA_U32, 0, UINT32_MAX, AT(delay_s) },
	{ 10, AIA_I64, 0, 0, AT(commits) },
	{ 11, AIA_I64, 0, 0, AT(questions) },
	{ 12, AIA_I64, 0, 0, AT(enrolled) },
	{ 13, AIA_I64, 0, 0, AT(started_s) },
	{ 14, AIA_LIST, 0, VAULT_LINES_MAX, AT(lines) },
	{ 15, AIA_LIST, 0, VAULT_FINDINGS_MAX, AT(findings) },
	{ 16, AIA_BYTES, 0, VAULT_CURSOR_MAX, AT(cursor) },
	{ 17, AIA_U32, 0, UINT32_MAX, AT(decoy) },
	{ 18, AIA_LIST, 0, VAULT_KEYS_MAX, AT(keys) },
	{ 19, AIA_U32, 0, 1, AT(regressed) },
	{ 20, AIA_I64, 0, 0, AT(age_s) },
	{ 27, AIA_U32, 0, UINT32_MAX, AT(delayed) },
	{ 28, AIA_I64, 0, 0, AT(audit_bytes) },
	{ 29, AIA_LIST, 0, 512, AT(factors) },
	{ 30, AIA_LIST, 0, 8192, AT(tally) },
};

#define MESSAGE(t, text, f) { .type = (t), .name = (text), \
	.size = sizeof(struct vault_q), .fields = (f), \
	.n_fields = ARRAY_LEN(f) }

const struct aia_message vault_q_totp_verify =
    MESSAGE(VAULT_Q_TOTP_VERIFY, "TOTP_VERIFY", verify_fields);
const struct aia_message vault_q_enrol_code_verify =
    MESSAGE(VAULT_Q_ENROL_CODE_VERIFY, "ENROL_CODE_VERIFY", verify_fields);
const struct aia_message vault_q_enrol_code_new =
    MESSAGE(VAULT_Q_ENROL_CODE_NEW, "ENROL_CODE_NEW", enrol_code_new_fields);
const struct aia_message vault_q_totp_begin =
    MESSAGE(VAULT_Q_TOTP_BEGIN, "TOTP_BEGIN", totp_begin_fields);
const struct aia_message vault_q_totp_finish =
    MESSAGE(VAULT_Q_TOTP_FINISH, "TOTP_FINISH", totp_finish_fields);
const struct aia_message vault_q_enrolments =
    MESSAGE(VAULT_Q_ENROLMENTS, "ENROLMENTS", enrolments_fields);
const struct aia_message vault_q_unenrol =
    MESSAGE(VAULT_Q_UNENROL, "UNENROL", unenrol_fields);
const struct aia_message vault_q_unlock =
    MESSAGE(VAULT_Q_UNLOCK, "UNLOCK", who_fields);
const struct aia_message vault_q_handle_new =
    MESSAGE(VAULT_Q_HANDLE_NEW, "HANDLE_NEW", handle_new_fields);
const struct aia_message vault_q_handle_spend =
    MESSAGE(VAULT_Q_HANDLE_SPEND, "HANDLE_SPEND", handle_spend_fields);
const struct aia_message vault_q_status = {
	.type = VAULT_Q_STATUS, .name = "STATUS",
	.size = sizeof(struct vault_q),
};
const struct aia_message vault_q_audit_append =
    MESSAGE(VAULT_Q_AUDIT_APPEND, "AUDIT_APPEND", audit_append_fields);
const struct aia_message vault_q_audit_read =
    MESSAGE(VAULT_Q_AUDIT_READ, "AUDIT_READ", audit_read_fields);
const struct aia_message vault_q_key_add =
    MESSAGE(VAULT_Q_KEY_ADD, "KEY_ADD", key_add_fields);
const struct aia_message vault_q_keys =
    MESSAGE(VAULT_Q_KEYS, "KEYS", keys_fields);
const struct aia_message vault_q_key_used =
    MESSAGE(VAULT_Q_KEY_USED, "KEY_USED", key_used_fields);
const struct aia_message vault_q_link_put =
    MESSAGE(VAULT_Q_LINK_PUT, "LINK_PUT", link_put_fields);
const struct aia_message vault_q_link_get =
    MESSAGE(VAULT_Q_LINK_GET, "LINK_GET", link_get_fields);
const struct aia_message vault_q_link_drop =
    MESSAGE(VAULT_Q_LINK_DROP, "LINK_DROP", link_drop_fields);
const struct aia_message vault_q_rename =
    MESSAGE(VAULT_Q_RENAME, "RENAME", rename_fields);
const struct aia_message vault_a = {
	.type = VAULT_A, .name = "ANSWER", .size = sizeof(struct vault_a),
	.fields = answer_fields, .n_fields = ARRAY_LEN(answer_fields),
};
