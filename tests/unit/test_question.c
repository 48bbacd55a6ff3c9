/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_question.c - questions as packets: every type, what is refused before
 * anything runs, and what the answers hold.
 */
#include "config.h"

#include "aiauthd/vault/question.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/facts/facts.h"
#include "common/messages.h"
#include "tests/unit/vault_rig.h"

static const uint8_t no_facts[] = { 1, 0 };
static const uint8_t handle[AIA_HANDLE_LEN];
static struct aia_packet record;	/* of a decision, encoded */

/* A question with every field that any type has. */
static struct vault_q
full(void)
{
	struct vault_q q = {
		.has = UINT32_MAX,
		.source = { "idp" },
		.object_id = aia_span_str("1"),
		.name = { "ada" },
		.source_net = aia_span_str("10.0.0.0/24"),
		.code = aia_span_str("000000"),
		.id = aia_span_str("0123456789abcdef"),
		.factor = aia_span_str("ssh-key"),
		.label = aia_span_str("phone"),
		.algorithm = aia_span_str("SHA1"),
		.digits = 6,
		.ttl_s = 60,
		.service = aia_span_str("sshd"),
		.login_source = aia_span_str("10.0.0.1"),
		.facts = aia_span_of(no_facts, sizeof(no_facts)),
		.handle = aia_span_of(handle, sizeof(handle)),
		.phase = AIA_PHASE_ACCOUNT,
		.record = aia_span_of(record.buf, record.len),
		.cursor = aia_span_str("x"),
		.data = aia_span_str("a key"),
		.flags = KEY_UV,
		.counter = 7,
		.session = 8,
		.loginuid = 70001,
		.tty = aia_span_str("pts/0"),
	};

	return q;
}

/* The error the answer says, or 1 if it was no question. */
static int
answer(struct rig *rig, const struct aia_packet *in, struct vault_a *ret)
{
	static struct aia_packet out;

	if (question_answer(&rig->desk, in, &out) < 0)
		return 1;
	assert_int_equal(aia_decode(&vault_a, &out, ret), 0);
	return -(int)ret->error;
}

static struct type_row {
	const char	*name;
	const struct aia_message *message;
	int		 want;
	uint32_t	 has;	/* what the answer holds besides the error */
} type_rows[] = {
	{ "TOTP_VERIFY", &vault_q_totp_verify, AIA_ENOENROLMENT, 0 },
	{ "ENROL_CODE_VERIFY", &vault_q_enrol_code_verify, AIA_ENOENROLMENT,
	    0 },
	{ "ENROL_CODE_NEW", &vault_q_enrol_code_new, 0,
	    AIA_BIT(VAULT_A_F_SECRET) },
	{ "TOTP_BEGIN", &vault_q_totp_begin, 0,
	    AIA_BIT(VAULT_A_F_ID) | AIA_BIT(VAULT_A_F_SECRET) },
	{ "TOTP_FINISH", &vault_q_totp_finish, AIA_ENOENROLMENT, 0 },
	{ "ENROLMENTS", &vault_q_enrolments, 0,
	    AIA_BIT(VAULT_A_F_ENROLMENTS) | AIA_BIT(VAULT_A_F_ENROL_CODE) |
	    AIA_BIT(VAULT_A_F_MISSES) | AIA_BIT(VAULT_A_F_DELAY) |
	    AIA_BIT(VAULT_A_F_DECOY) },
	{ "UNENROL", &vault_q_unenrol, AIA_ENOENROLMENT, 0 },
	{ "RENAME", &vault_q_rename, AIA_ENOENROLMENT, 0 },
	{ "KEY_ADD", &vault_q_key_add, 0, AIA_BIT(VAULT_A_F_ID) },
	{ "KEYS", &vault_q_keys, 0, AIA_BIT(VAULT_A_F_KEYS) },
	{ "KEY_USED", &vault_q_key_used, AIA_ENOENROLMENT, 0 },
	{ "UNLOCK", &vault_q_unlock, 0, 0 },
	{ "HANDLE_NEW", &vault_q_handle_new, 0, AIA_BIT(VAULT_A_F_HANDLE) },
	{ "HANDLE_SPEND", &vault_q_handle_spend, AIA_EDENIED, 0 },
	{ "LINK_PUT", &vault_q_link_put, 0, 0 },
	{ "LINK_GET", &vault_q_link_get, AIA_EDENIED, 0 },
	{ "LINK_DROP", &vault_q_link_drop, 0, 0 },
	{ "AUDIT_APPEND", &vault_q_audit_append, 0, 0 },
	{ "AUDIT_READ", &vault_q_audit_read, AIA_EPROTO, 0 },
	{ "STATUS", &vault_q_status, 0, VAULT_A_STATUS },
};

/* Whole it is answered; cut anywhere, or with a byte more, it is not. */
static void
type(void **state)
{
	static struct aia_packet pkt, cut;
	const struct type_row *row = *state;
	struct vault_q q = full();
	struct vault_a a;
	struct rig *rig;
	void *p = NULL;

	assert_string_equal(row->name, row->message->name);
	assert_int_equal(rig_make(&p), 0);
	rig = p;
	assert_int_equal(aia_encode(row->message, AIA_WIRE_VERSION, &q, &pkt),
	    0);
	for (size_t len = 0; len <= pkt.len + 1; len++) {
		cut = pkt;
		cut.len = len;
		cut.buf[pkt.len] = 0;
		if (len != pkt.len)
			assert_int_equal(answer(rig, &cut, &a), 1);
	}
	assert_int_equal(answer(rig, &pkt, &a), row->want);
	assert_int_equal(a.has & ~AIA_BIT(1), row->has);
	pkt.version = AIA_WIRE_VERSION_MIN;
	assert_int_equal(answer(rig, &pkt, &a), 1);
	assert_int_equal(rig_remove(&p), 0);
}

/* One value that the type refuses, in a question that is else in order. */
#define AT(m) offsetof(struct vault_q, m)
static struct value_row {
	const char	*name;
	const struct aia_message *message;
	size_t		 at;
	const char	*text;
} value_rows[] = {
	{ "object id empty", &vault_q_unlock, AT(object_id), "" },
	{ "object id with space", &vault_q_unlock, AT(object_id), "a b" },
	{ "network empty", &vault_q_totp_verify, AT(source_net), "" },
	{ "network with space", &vault_q_totp_verify, AT(source_net), "a b" },
	{ "network with newline", &vault_q_totp_verify, AT(source_net),
	    "a\n" },
	{ "label with escape", &vault_q_totp_begin, AT(label), "\033[2J" },
	{ "label with DEL", &vault_q_totp_begin, AT(label), "\177" },
	{ "factor nobody knows", &vault_q_unenrol, AT(factor), "totpx" },
	{ "factor with slash", &vault_q_unenrol, AT(factor), "totp/0" },
	{ "keys of a factor without", &vault_q_keys, AT(factor), "totp" },
	{ "a key for such a factor", &vault_q_key_add, AT(factor), "totp" },
	{ "a key without data", &vault_q_key_add, AT(data), "" },
	{ "a key's label with newline", &vault_q_key_add, AT(label), "a\n" },
	{ "a new label with newline", &vault_q_rename, AT(label), "a\n" },
	{ "service with newline", &vault_q_handle_new, AT(service), "a\n" },
	{ "source with newline", &vault_q_handle_new, AT(login_source),
	    "a\n" },
	{ "facts that are none", &vault_q_handle_new, AT(facts), "facts" },
	{ "facts empty", &vault_q_handle_new, AT(facts), "" },
	{ "record that is none", &vault_q_audit_append, AT(record), "" },
	{ "record of another type", &vault_q_audit_append, AT(record),
	    "\2\2" },
	{ "a permit's record that is none", &vault_q_handle_new, AT(record),
	    "record" },
	{ "a link's facts that are none", &vault_q_link_put, AT(facts),
	    "facts" },
	{ "terminal with newline", &vault_q_link_get, AT(tty), "a\n" },
	{ "handle short", &vault_q_handle_spend, AT(handle), "0123456" },
	{ "handle empty", &vault_q_handle_spend, AT(handle), "" },
};

static int
count_row(const char *key, const struct state_row *row, void *arg)
{
	(void)key;
	(void)row;
	(*(size_t *)arg)++;
	return 0;
}

static void
value(void **state)
{
	static struct aia_packet pkt;
	const struct value_row *row = *state;
	struct aia_span span = aia_span_str(row->text);
	struct vault_q q = full();
	size_t n_rows = 0;
	struct vault_a a;
	struct rig *rig;
	void *p = NULL;

	assert_int_equal(rig_make(&p), 0);
	rig = p;
	memcpy((char *)&q + row->at, &span, sizeof(span));
	assert_int_equal(aia_encode(row->message, AIA_WIRE_VERSION, &q, &pkt),
	    0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
	assert_int_equal(state_range(rig->desk.state, "", count_row, &n_rows),
	    0);
	assert_int_equal(n_rows, 1);	/* that there is no record yet */
	assert_int_equal(rig_remove(&p), 0);
}

static void
half_an_identity(void **state)
{
	static struct aia_packet pkt;
	struct rig *rig = *state;
	struct vault_q q = full();
	struct vault_a a;

	q.has = ~AIA_BIT(VAULT_Q_F_SOURCE);
	assert_int_equal(aia_encode(&vault_q_totp_verify, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
	q.has = ~AIA_BIT(VAULT_Q_F_OBJECT_ID);
	assert_int_equal(aia_encode(&vault_q_totp_verify, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
	/* None at all: a name nobody has.  It cannot finish an enrolment. */
	q.has = 0;
	assert_int_equal(aia_encode(&vault_q_totp_verify, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), AIA_ENOENROLMENT);
	assert_int_equal(aia_encode(&vault_q_totp_finish, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
}

/* What a record holds besides single values is looked at, too. */
static void
record_lists(void **state)
{
	static const uint8_t role[] = { 0, 3, 0, 1, 'a' };
	static struct aia_packet in, pkt;
	struct rig *rig = *state;
	struct audit_entry e = rig_entry("");
	struct vault_q q = full();
	struct vault_a a;

	e.facts = aia_span_str("facts");
	assert_int_equal(aia_encode(&audit_entry_message, AIA_WIRE_VERSION, &e,
	    &in), 0);
	q.record = aia_span_of(in.buf, in.len);
	assert_int_equal(aia_encode(&vault_q_audit_append, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
	e = rig_entry("");
	e.has |= AIA_BIT(AUDIT_F_ROLES);
	e.roles = aia_span_of(role, sizeof(role));
	assert_int_equal(aia_encode(&audit_entry_message, AIA_WIRE_VERSION, &e,
	    &in), 0);
	q.record = aia_span_of(in.buf, in.len);
	assert_int_equal(aia_encode(&vault_q_audit_append, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
}

static void
phases(void **state)
{
	static struct aia_packet pkt;
	struct rig *rig = *state;
	struct vault_q q = full();
	struct vault_a a;

	q.phase = 0;
	assert_int_equal(aia_encode(&vault_q_handle_spend, AIA_WIRE_VERSION,
	    &q, &pkt), 0);
	assert_int_equal(answer(rig, &pkt, &a), 1);
	q.phase = AIA_PHASE_CLOSE_SESSION + 1;
	assert_int_equal(aia_encode(&vault_q_handle_spend, AIA_WIRE_VERSION,
	    &q, &pkt), AIA_EPROTO);
}

static void
no_such_type(void **state)
{
	static struct aia_packet pkt;
	struct rig *rig = *state;
	struct vault_a a;

	for (unsigned t = 0; t < 256; t++) {
		if (t == VAULT_Q_STATUS)
			continue;
		pkt = (struct aia_packet){ .version = AIA_WIRE_VERSION,
		    .type = (uint8_t)t, .len = 2,
		    .buf = { AIA_WIRE_VERSION, (uint8_t)t } };
		assert_int_equal(answer(rig, &pkt, &a), 1);
	}
}

static void
refusal(void **state)
{
	static const int errors[] = {
		-ENOSPC, -EIO, AIA_EDAMAGED, AIA_EVERSION, AIA_EOFFLINE,
	};
	static struct aia_packet pkt;
	struct vault_a a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		assert_int_equal(question_refuse(errors[i], &pkt), 0);
		assert_int_equal(aia_decode(&vault_a, &pkt, &a), 0);
		assert_int_equal(-(int)a.error, errors[i]);
	}
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		WITH_RIG(half_an_identity), WITH_RIG(phases),
		WITH_RIG(record_lists),
		WITH_RIG(no_such_type), cmocka_unit_test(refusal),
	};
	struct CMUnitTest rows[ARRAY_LEN(type_rows) + ARRAY_LEN(value_rows)] =
	    { 0 };
	const struct audit_entry entry = rig_entry("test");
	size_t n = 0;

	if (aia_encode(&audit_entry_message, AIA_WIRE_VERSION, &entry,
	    &record) < 0)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(type_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = type_rows[i].name,
		    .test_func = type, .initial_state = &type_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(value_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = value_rows[i].name,
		    .test_func = value, .initial_state = &value_rows[i] };
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}
