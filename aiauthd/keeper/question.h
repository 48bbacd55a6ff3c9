/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h - the messages of keeper.sock.
 *
 * One connection is one question: STATUS, SYNC or HINT, then any number of
 * RECORDs, then RESULT.  Workers and root may ask.
 */
#ifndef AIA_KEEPER_QUESTION_H
#define AIA_KEEPER_QUESTION_H

#include "common/wire.h"

enum question_type {
	QUESTION_STATUS = 96,
	QUESTION_SYNC = 97,
	QUESTION_RECORD = 98,
	QUESTION_RESULT = 99,
	QUESTION_HINT = 100,
};

enum question_code {
	QUESTION_OK = 1,
	QUESTION_HELD = 2,	/* done, but part of it needs confirming */
	QUESTION_NO_SOURCE = 3,
	QUESTION_OFFLINE = 4,	/* the source could not be asked */
	QUESTION_FAILED = 5,	/* our side */
};

#define QUESTION_JSON_MAX 65000	/* bytes */
#define QUESTION_TEXT_MAX 1024

struct question_status { uint32_t has; };

struct question_sync {
	uint32_t	has;
	uint32_t	confirm;	/* 1: 0 or 1 */
	struct aia_name	source;		/* 2: only this one */
};
#define QUESTION_SYNC_F_SOURCE 2

/* A source has news, seen elsewhere: it may be worth a listing. */
struct question_hint {
	uint32_t	has;
	struct aia_name	source;		/* 1 */
};

struct question_record {
	uint32_t	has;
	struct aia_span	json;		/* 1: one object */
};

struct question_result {
	uint32_t	has;
	uint32_t	code;		/* 1: enum question_code */
	struct aia_span	text;		/* 2: why, for a person */
};
#define QUESTION_RESULT_F_TEXT 2

extern const struct aia_message question_m_status, question_m_sync,
    question_m_hint, question_m_record, question_m_result;

#endif
