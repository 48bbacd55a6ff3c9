/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netcall.c - the fields of every message on netd.sock.
 */
#include "config.h"

#include "base/netcall.h"

static const struct aia_field call_fields[] = {
	{ 1, AIA_U32, 1, 255, offsetof(struct netcall_call, job) },
	{ 2, AIA_NAME, 1, 0, offsetof(struct netcall_call, source) },
	{ 3, AIA_U32, 1, 3600000, offsetof(struct netcall_call, timeout_ms) },
	{ 4, AIA_U32, 0, NETCALL_DELTA, offsetof(struct netcall_call, mode) },
	{ 5, AIA_BYTES, 0, NETCALL_CURSOR_MAX,
	    offsetof(struct netcall_call, cursor) },
	{ 6, AIA_TEXT, 0, OBJECT_ID_LEN_MAX,
	    offsetof(struct netcall_call, object_id) },
	{ 7, AIA_TEXT, 0, NETCALL_NONCE_MAX,
	    offsetof(struct netcall_call, nonce) },
};
static const struct aia_field progress_fields[] = {
	{ 1, AIA_TEXT, 1, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_progress, text) },
};
static const struct aia_field result_fields[] = {
	{ 1, AIA_U32, 1, NETCALL_EXPIRED,
	    offsetof(struct netcall_result, outcome) },
	{ 2, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_result, text) },
	{ 3, AIA_U32, 0, 86400,
	    offsetof(struct netcall_result, retry_after_s) },
	{ 4, AIA_I64, 0, 0, offsetof(struct netcall_result, server_date_s) },
	{ 5, AIA_U32, 0, NETCALL_NOBODY,
	    offsetof(struct netcall_result, standing) },
};
static const struct aia_field listing_begin_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct netcall_listing_begin, source) },
	{ 2, AIA_U32, 1, NETCALL_DELTA,
	    offsetof(struct netcall_listing_begin, mode) },
	{ 3, AIA_I64, 0, 0, offsetof(struct netcall_listing_begin, since_s) },
	{ 4, AIA_U32, 0, 1, offsetof(struct netcall_listing_begin, merges) },
};
static const struct aia_field user_fields[] = {
	{ 1, AIA_TEXT, 1, OBJECT_ID_LEN_MAX,
	    offsetof(struct netcall_user, object_id) },
	{ 2, AIA_TEXT, 1, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, name) },
	{ 3, AIA_U32, 1, 1, offsetof(struct netcall_user, active) },
	{ 4, AIA_I64, 0, 0, offsetof(struct netcall_user, created_s) },
	{ 5, AIA_I64, 0, 0, offsetof(struct netcall_user, uid) },
	{ 6, AIA_I64, 0, 0, offsetof(struct netcall_user, gid) },
	{ 7, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, gecos) },
	{ 8, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, home) },
	{ 9, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, shell) },
	{ 10, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, mail) },
	{ 11, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, phone) },
	{ 12, AIA_LIST, 0, 32768, offsetof(struct netcall_user, keys) },
	{ 13, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, external_id) },
	{ 14, AIA_LIST, 0, 16384, offsetof(struct netcall_user, attributes) },
	{ 15, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_user, defect) },
};
static const struct aia_field group_fields[] = {
	{ 1, AIA_TEXT, 1, OBJECT_ID_LEN_MAX,
	    offsetof(struct netcall_group, object_id) },
	{ 2, AIA_TEXT, 1, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_group, name) },
	{ 3, AIA_I64, 0, 0, offsetof(struct netcall_group, created_s) },
	{ 4, AIA_I64, 0, 0, offsetof(struct netcall_group, gid) },
	{ 5, AIA_TEXT, 0, NETCALL_TEXT_MAX,
	    offsetof(struct netcall_group, defect) },
	{ 6, AIA_U32, 0, 1, offsetof(struct netcall_group, members_replaced) },
};
static const struct aia_field gone_fields[] = {
	{ 1, AIA_TEXT, 1, OBJECT_ID_LEN_MAX,
	    offsetof(struct netcall_gone, object_id) },
};
static const struct aia_field listing_end_fields[] = {
	{ 1, AIA_U32, 1, 1, offsetof(struct netcall_listing_end, complete) },
	{ 2, AIA_BYTES, 0, NETCALL_CURSOR_MAX,
	    offsetof(struct netcall_listing_end, cursor) },
};
static const struct aia_field members_fields[] = {
	{ 1, AIA_TEXT, 1, OBJECT_ID_LEN_MAX,
	    offsetof(struct netcall_members, group) },
	{ 2, AIA_LIST, 1, 60000, offsetof(struct netcall_members, members) },
};
static const struct aia_field device_fields[] = {
	{ 1, AIA_TEXT, 1, NETCALL_CODE_MAX,
	    offsetof(struct netcall_device, user_code) },
	{ 2, AIA_TEXT, 1, NETCALL_URL_MAX,
	    offsetof(struct netcall_device, url) },
	{ 3, AIA_TEXT, 0, NETCALL_URL_MAX,
	    offsetof(struct netcall_device, url_complete) },
	{ 4, AIA_U32, 1, 86400, offsetof(struct netcall_device, life_s) },
	{ 5, AIA_I64, 0, 0, offsetof(struct netcall_device, server_date_s) },
};
static const struct aia_field token_fields[] = {
	{ 1, AIA_BYTES, 1, NETCALL_TOKEN_MAX,
	    offsetof(struct netcall_token, id_token) },
};
static const struct aia_field keys_fields[] = {
	{ 1, AIA_BYTES, 1, NETCALL_KEYS_MAX,
	    offsetof(struct netcall_keys, jwks) },
};

const struct aia_message netcall_m_call = {
	.type = NETCALL_CALL, .name = "CALL",
	.size = sizeof(struct netcall_call),
	.fields = call_fields, .n_fields = ARRAY_LEN(call_fields),
};
const struct aia_message netcall_m_progress = {
	.type = NETCALL_PROGRESS, .name = "PROGRESS",
	.size = sizeof(struct netcall_progress),
	.fields = progress_fields, .n_fields = ARRAY_LEN(progress_fields),
};
const struct aia_message netcall_m_result = {
	.type = NETCALL_RESULT, .name = "RESULT",
	.size = sizeof(struct netcall_result),
	.fields = result_fields, .n_fields = ARRAY_LEN(result_fields),
};
const struct aia_message netcall_m_listing_begin = {
	.type = NETCALL_LISTING_BEGIN, .name = "LISTING_BEGIN",
	.size = sizeof(struct netcall_listing_begin),
	.fields = listing_begin_fields, .n_fields = ARRAY_LEN(listing_begin_fields),
};
const struct aia_message netcall_m_user = {
	.type = NETCALL_USER, .name = "USER",
	.size = sizeof(struct netcall_user),
	.fields = user_fields, .n_fields = ARRAY_LEN(user_fields),
};
const struct aia_message netcall_m_group = {
	.type = NETCALL_GROUP, .name = "GROUP",
	.size = sizeof(struct netcall_group),
	.fields = group_fields, .n_fields = ARRAY_LEN(group_fields),
};
const struct aia_message netcall_m_member_add = {
	.type = NETCALL_MEMBER_ADD, .name = "MEMBER_ADD",
	.size = sizeof(struct netcall_members),
	.fields = members_fields, .n_fields = ARRAY_LEN(members_fields),
};
const struct aia_message netcall_m_member_del = {
	.type = NETCALL_MEMBER_DEL, .name = "MEMBER_DEL",
	.size = sizeof(struct netcall_members),
	.fields = members_fields, .n_fields = ARRAY_LEN(members_fields),
};
const struct aia_message netcall_m_gone = {
	.type = NETCALL_GONE, .name = "GONE",
	.size = sizeof(struct netcall_gone),
	.fields = gone_fields, .n_fields = ARRAY_LEN(gone_fields),
};
const struct aia_message netcall_m_listing_end = {
	.type = NETCALL_LISTING_END, .name = "LISTING_END",
	.size = sizeof(struct netcall_listing_end),
	.fields = listing_end_fields, .n_fields = ARRAY_LEN(listing_end_fields),
};
const struct aia_message netcall_m_device = {
	.type = NETCALL_DEVICE, .name = "DEVICE",
	.size = sizeof(struct netcall_device),
	.fields = device_fields, .n_fields = ARRAY_LEN(device_fields),
};
const struct aia_message netcall_m_token = {
	.type = NETCALL_TOKEN, .name = "TOKEN",
	.size = sizeof(struct netcall_token),
	.fields = token_fields, .n_fields = ARRAY_LEN(token_fields),
};
const struct aia_message netcall_m_keys = {
	.type = NETCALL_KEYS, .name = "KEYS",
	.size = sizeof(struct netcall_keys),
	.fields = keys_fields, .n_fields = ARRAY_LEN(keys_fields),
};
