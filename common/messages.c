/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * messages.c - the fields of every message on root.sock and user.sock.
 */
#include "config.h"

#include "common/messages.h"

static const struct aia_field version_fields[] = {
	{ 1, AIA_U32, 1, 255, offsetof(struct aia_m_version, lowest) },
	{ 2, AIA_U32, 1, 255, offsetof(struct aia_m_version, highest) },
};
static const struct aia_field begin_fields[] = {
	{ 1, AIA_U32, 1, AIA_PHASE_CLOSE_SESSION,
	    offsetof(struct aia_m_begin, phase) },
	{ 2, AIA_U32, 1, AIA_BEGIN_FLAGS, offsetof(struct aia_m_begin, flags) },
	{ 3, AIA_TEXT, 1, AIA_SERVICE_LEN_MAX,
	    offsetof(struct aia_m_begin, service) },
	{ 4, AIA_NAME, 1, 0, offsetof(struct aia_m_begin, user) },
	{ 5, AIA_NAME, 0, 0, offsetof(struct aia_m_begin, target) },
	{ 6, AIA_U32, 1, UINT32_MAX, offsetof(struct aia_m_begin, caller_uid) },
	{ 7, AIA_TEXT, 0, AIA_TTY_LEN_MAX, offsetof(struct aia_m_begin, tty) },
	{ 8, AIA_TEXT, 0, AIA_RHOST_LEN_MAX,
	    offsetof(struct aia_m_begin, rhost) },
	{ 9, AIA_TEXT, 0, AIA_SSH_AUTH_INFO_MAX,
	    offsetof(struct aia_m_begin, ssh_auth_info) },
	{ 10, AIA_BYTES, 0, AIA_HANDLE_LEN,
	    offsetof(struct aia_m_begin, handle) },
	{ 11, AIA_U32, 0, UINT32_MAX,
	    offsetof(struct aia_m_begin, audit_session) },
	{ 12, AIA_U32, 0, UINT32_MAX, offsetof(struct aia_m_begin, loginuid) },
	{ 13, AIA_TEXT, 0, 32, offsetof(struct aia_m_begin, language) },
};
static const struct aia_field prompt_fields[] = {
	{ 1, AIA_U32, 1, AIA_PROMPT_FLAGS,
	    offsetof(struct aia_m_prompt, flags) },
	{ 2, AIA_U32, 1, AIA_PURPOSE_PIN,
	    offsetof(struct aia_m_prompt, purpose) },
	{ 3, AIA_TEXT, 1, AIA_TEXT_MAX, offsetof(struct aia_m_prompt, text) },
};
static const struct aia_field reply_fields[] = {
	{ 1, AIA_BYTES, 1, AIA_REPLY_MAX, offsetof(struct aia_m_reply, text) },
};
static const struct aia_field notice_fields[] = {
	{ 1, AIA_U32, 1, AIA_NOTICE_TASK,
	    offsetof(struct aia_m_notice, kind) },
	{ 2, AIA_TEXT, 1, AIA_TEXT_MAX, offsetof(struct aia_m_notice, text) },
};
static const struct aia_field agent_sign_fields[] = {
	{ 1, AIA_BYTES, 1, AIA_AGENT_KEY_MAX,
	    offsetof(struct aia_m_agent_sign, key) },
	{ 2, AIA_BYTES, 1, AIA_AGENT_DATA_MAX,
	    offsetof(struct aia_m_agent_sign, data) },
	{ 3, AIA_TEXT, 1, 512, offsetof(struct aia_m_agent_sign, text) },
};
static const struct aia_field agent_reply_fields[] = {
	{ 1, AIA_BYTES, 0, AIA_AGENT_SIGNATURE_MAX,
	    offsetof(struct aia_m_agent_reply, signature) },
};
static const struct aia_field verdict_fields[] = {
	{ 1, AIA_U32, 1, UINT32_MAX, offsetof(struct aia_m_verdict, verdict) },
	{ 2, AIA_BYTES, 0, AIA_HANDLE_LEN,
	    offsetof(struct aia_m_verdict, handle) },
};
static const struct aia_field keys_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct aia_m_keys, user) },
	{ 2, AIA_BYTES, 0, 8192, offsetof(struct aia_m_keys, key) },
};
static const struct aia_field key_line_fields[] = {
	{ 1, AIA_TEXT, 1, 16384, offsetof(struct aia_m_key_line, text) },
};
static const struct aia_field user_show_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct aia_m_admin, user) },
};
static const struct aia_field sync_fields[] = {
	{ 4, AIA_U32, 1, 1, offsetof(struct aia_m_admin, confirm) },
	{ 5, AIA_NAME, 0, 0, offsetof(struct aia_m_admin, source) },
};
static const struct aia_field enroll_fields[] = {
	{ 1, AIA_NAME, 0, 0, offsetof(struct aia_m_admin, user) },
	{ 2, AIA_TEXT, 1, 32, offsetof(struct aia_m_admin, factor) },
	{ 7, AIA_TEXT, 0, 64, offsetof(struct aia_m_admin, label) },
	{ 16, AIA_TEXT, 0, AIA_KEY_LINE_MAX,
	    offsetof(struct aia_m_admin, key) },
	{ 17, AIA_U32, 0, AIA_ENROLL_FLAGS,
	    offsetof(struct aia_m_admin, flags) },
	{ 18, AIA_BYTES, 0, AIA_ATTESTATION_MAX,
	    offsetof(struct aia_m_admin, attestation) },
	{ 19, AIA_BYTES, 0, AIA_CHALLENGE_MAX,
	    offsetof(struct aia_m_admin, challenge) },
};
static const struct aia_field enroll_code_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct aia_m_admin, user) },
	{ 6, AIA_U32, 0, UINT32_MAX, offsetof(struct aia_m_admin, ttl_s) },
};
static const struct aia_field unenroll_fields[] = {
	{ 1, AIA_NAME, 0, 0, offsetof(struct aia_m_admin, user) },
	{ 2, AIA_TEXT, 1, 32, offsetof(struct aia_m_admin, factor) },
	{ 3, AIA_TEXT, 0, 64, offsetof(struct aia_m_admin, id) },
};
static const struct aia_field rename_fields[] = {
	{ 1, AIA_NAME, 0, 0, offsetof(struct aia_m_admin, user) },
	{ 2, AIA_TEXT, 1, 32, offsetof(struct aia_m_admin, factor) },
	{ 3, AIA_TEXT, 1, 64, offsetof(struct aia_m_admin, id) },
	{ 7, AIA_TEXT, 1, 64, offsetof(struct aia_m_admin, label) },
};
static const struct aia_field unlock_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct aia_m_admin, user) },
};
static const struct aia_field group_show_fields[] = {
	{ 8, AIA_NAME, 1, 0, offsetof(struct aia_m_admin, group) },
};
static const struct aia_field audit_show_fields[] = {
	{ 1, AIA_NAME, 0, 0, offsetof(struct aia_m_admin, user) },
	{ 9, AIA_I64, 0, 0, offsetof(struct aia_m_admin, since_s) },
	{ 10, AIA_U32, 0, UINT32_MAX, offsetof(struct aia_m_admin, last) },
};
static const struct aia_field explain_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct aia_m_admin, user) },
	{ 11, AIA_TEXT, 1, 32, offsetof(struct aia_m_admin, action) },
	{ 12, AIA_TEXT, 0, AIA_RHOST_LEN_MAX,
	    offsetof(struct aia_m_admin, rhost) },
	{ 13, AIA_I64, 0, 0, offsetof(struct aia_m_admin, at_s) },
	{ 14, AIA_LIST, 0, 512, offsetof(struct aia_m_admin, factors) },
	{ 15, AIA_TEXT, 0, AIA_SERVICE_LEN_MAX,
	    offsetof(struct aia_m_admin, service) },
};
static const struct aia_field who_can_fields[] = {
	{ 11, AIA_TEXT, 1, 32, offsetof(struct aia_m_admin, action) },
	{ 12, AIA_TEXT, 0, AIA_RHOST_LEN_MAX,
	    offsetof(struct aia_m_admin, rhost) },
	{ 13, AIA_I64, 0, 0, offsetof(struct aia_m_admin, at_s) },
};
static const struct aia_field record_fields[] = {
	{ 1, AIA_TEXT, 1, 65000, offsetof(struct aia_m_record, json) },
};
static const struct aia_field result_fields[] = {
	{ 1, AIA_U32, 1, AIA_R_DAMAGED,
	    offsetof(struct aia_m_result, code) },
	{ 2, AIA_TEXT, 0, 1024, offsetof(struct aia_m_result, text) },
};

const struct aia_message aia_m_version = {
	.type = AIA_M_VERSION, .name = "VERSION",
	.size = sizeof(struct aia_m_version),
	.fields = version_fields, .n_fields = ARRAY_LEN(version_fields),
};
const struct aia_message aia_m_begin = {
	.type = AIA_M_BEGIN, .name = "BEGIN",
	.size = sizeof(struct aia_m_begin),
	.fields = begin_fields, .n_fields = ARRAY_LEN(begin_fields),
};
const struct aia_message aia_m_prompt = {
	.type = AIA_M_PROMPT, .name = "PROMPT",
	.size = sizeof(struct aia_m_prompt),
	.fields = prompt_fields, .n_fields = ARRAY_LEN(prompt_fields),
};
const struct aia_message aia_m_reply = {
	.type = AIA_M_REPLY, .name = "REPLY",
	.size = sizeof(struct aia_m_reply),
	.fields = reply_fields, .n_fields = ARRAY_LEN(reply_fields),
};
const struct aia_message aia_m_notice = {
	.type = AIA_M_NOTICE, .name = "NOTICE",
	.size = sizeof(struct aia_m_notice),
	.fields = notice_fields, .n_fields = ARRAY_LEN(notice_fields),
};
const struct aia_message aia_m_agent_sign = {
	.type = AIA_M_AGENT_SIGN, .name = "AGENT_SIGN",
	.size = sizeof(struct aia_m_agent_sign),
	.fields = agent_sign_fields, .n_fields = ARRAY_LEN(agent_sign_fields),
};
const struct aia_message aia_m_agent_reply = {
	.type = AIA_M_AGENT_REPLY, .name = "AGENT_REPLY",
	.size = sizeof(struct aia_m_agent_reply),
	.fields = agent_reply_fields, .n_fields = ARRAY_LEN(agent_reply_fields),
};
const struct aia_message aia_m_verdict = {
	.type = AIA_M_VERDICT, .name = "VERDICT",
	.size = sizeof(struct aia_m_verdict),
	.fields = verdict_fields, .n_fields = ARRAY_LEN(verdict_fields),
};
const struct aia_message aia_m_keys = {
	.type = AIA_M_KEYS, .name = "KEYS",
	.size = sizeof(struct aia_m_keys),
	.fields = keys_fields, .n_fields = ARRAY_LEN(keys_fields),
};
const struct aia_message aia_m_key_line = {
	.type = AIA_M_KEY_LINE, .name = "KEY_LINE",
	.size = sizeof(struct aia_m_key_line),
	.fields = key_line_fields, .n_fields = ARRAY_LEN(key_line_fields),
};
const struct aia_message aia_m_status = {
	.type = AIA_M_STATUS, .name = "STATUS",
	.size = sizeof(struct aia_m_admin),
};
const struct aia_message aia_m_user_show = {
	.type = AIA_M_USER_SHOW, .name = "USER_SHOW",
	.size = sizeof(struct aia_m_admin),
	.fields = user_show_fields, .n_fields = ARRAY_LEN(user_show_fields),
};
const struct aia_message aia_m_sync = {
	.type = AIA_M_SYNC, .name = "SYNC",
	.size = sizeof(struct aia_m_admin),
	.fields = sync_fields, .n_fields = ARRAY_LEN(sync_fields),
};
const struct aia_message aia_m_enroll = {
	.type = AIA_M_ENROLL, .name = "ENROLL",
	.size = sizeof(struct aia_m_admin),
	.fields = enroll_fields, .n_fields = ARRAY_LEN(enroll_fields),
};
const struct aia_message aia_m_enroll_code = {
	.type = AIA_M_ENROLL_CODE, .name = "ENROLL_CODE",
	.size = sizeof(struct aia_m_admin),
	.fields = enroll_code_fields, .n_fields = ARRAY_LEN(enroll_code_fields),
};
const struct aia_message aia_m_unenroll = {
	.type = AIA_M_UNENROLL, .name = "UNENROLL",
	.size = sizeof(struct aia_m_admin),
	.fields = unenroll_fields, .n_fields = ARRAY_LEN(unenroll_fields),
};
const struct aia_message aia_m_rename = {
	.type = AIA_M_RENAME, .name = "RENAME",
	.size = sizeof(struct aia_m_admin),
	.fields = rename_fields, .n_fields = ARRAY_LEN(rename_fields),
};
const struct aia_message aia_m_unlock = {
	.type = AIA_M_UNLOCK, .name = "UNLOCK",
	.size = sizeof(struct aia_m_admin),
	.fields = unlock_fields, .n_fields = ARRAY_LEN(unlock_fields),
};
const struct aia_message aia_m_user_list = {
	.type = AIA_M_USER_LIST, .name = "USER_LIST",
	.size = sizeof(struct aia_m_admin),
};
const struct aia_message aia_m_group_list = {
	.type = AIA_M_GROUP_LIST, .name = "GROUP_LIST",
	.size = sizeof(struct aia_m_admin),
};
const struct aia_message aia_m_group_show = {
	.type = AIA_M_GROUP_SHOW, .name = "GROUP_SHOW",
	.size = sizeof(struct aia_m_admin),
	.fields = group_show_fields, .n_fields = ARRAY_LEN(group_show_fields),
};
const struct aia_message aia_m_audit_show = {
	.type = AIA_M_AUDIT_SHOW, .name = "AUDIT_SHOW",
	.size = sizeof(struct aia_m_admin),
	.fields = audit_show_fields, .n_fields = ARRAY_LEN(audit_show_fields),
};
const struct aia_message aia_m_audit_verify = {
	.type = AIA_M_AUDIT_VERIFY, .name = "AUDIT_VERIFY",
	.size = sizeof(struct aia_m_admin),
};
const struct aia_message aia_m_explain = {
	.type = AIA_M_EXPLAIN, .name = "EXPLAIN",
	.size = sizeof(struct aia_m_admin),
	.fields = explain_fields, .n_fields = ARRAY_LEN(explain_fields),
};
const struct aia_message aia_m_who_can = {
	.type = AIA_M_WHO_CAN, .name = "WHO_CAN",
	.size = sizeof(struct aia_m_admin),
	.fields = who_can_fields, .n_fields = ARRAY_LEN(who_can_fields),
};
const struct aia_message aia_m_record = {
	.type = AIA_M_RECORD, .name = "RECORD",
	.size = sizeof(struct aia_m_record),
	.fields = record_fields, .n_fields = ARRAY_LEN(record_fields),
};
const struct aia_message aia_m_result = {
	.type = AIA_M_RESULT, .name = "RESULT",
	.size = sizeof(struct aia_m_result),
	.fields = result_fields, .n_fields = ARRAY_LEN(result_fields),
};
