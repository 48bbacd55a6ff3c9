/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.c - the fields of every message on keeper.sock.
 */
#include "config.h"

#include "aiauthd/keeper/question.h"

static const struct aia_field sync_fields[] = {
	{ 1, AIA_U32, 1, 1, offsetof(struct question_sync, confirm) },
	{ 2, AIA_NAME, 0, 0, offsetof(struct question_sync, source) },
};
static const struct aia_field hint_fields[] = {
	{ 1, AIA_NAME, 1, 0, offsetof(struct question_hint, source) },
};
static const struct aia_field record_fields[] = {
	{ 1, AIA_TEXT, 1, QUESTION_JSON_MAX,
	    offsetof(struct question_record, json) },
};
static const struct aia_field result_fields[] = {
	{ 1, AIA_U32, 1, QUESTION_FAILED,
	    offsetof(struct question_result, code) },
	{ 2, AIA_TEXT, 0, QUESTION_TEXT_MAX,
	    offsetof(struct question_result, text) },
};

const struct aia_message question_m_status = {
	.type = QUESTION_STATUS, .name = "STATUS",
	.size = sizeof(struct question_status),
};
const struct aia_message question_m_sync = {
	.type = QUESTION_SYNC, .name = "SYNC",
	.size = sizeof(struct question_sync),
	.fields = sync_fields, .n_fields = ARRAY_LEN(sync_fields),
};
const struct aia_message question_m_hint = {
	.type = QUESTION_HINT, .name = "HINT",
	.size = sizeof(struct question_hint),
	.fields = hint_fields, .n_fields = ARRAY_LEN(hint_fields),
};
const struct aia_message question_m_record = {
	.type = QUESTION_RECORD, .name = "RECORD",
	.size = sizeof(struct question_record),
	.fields = record_fields, .n_fields = ARRAY_LEN(record_fields),
};
const struct aia_message question_m_result = {
	.type = QUESTION_RESULT, .name = "RESULT",
	.size = sizeof(struct question_result),
	.fields = result_fields, .n_fields = ARRAY_LEN(result_fields),
};
