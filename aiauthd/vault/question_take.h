/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question_take.h - a question as handlers see it, and how each type of them
 * becomes that.
 */
#ifndef AIA_VAULT_QUESTION_TAKE_H
#define AIA_VAULT_QUESTION_TAKE_H

#include "aiauthd/vault/audit_entry.h"
#include "aiauthd/vault/enrolkey.h"
#include "aiauthd/vault/handle.h"
#include "aiauthd/vault/link.h"
#include "aiauthd/vault/question.h"
#include "aiauthd/vault/totp.h"

/* What its type does not have is zero. */
struct question {
	struct identity	 who;
	struct attempt	 at;
	struct secret	 code;
	bool		 has_id;
	char		 id[ENROLMENT_ID_LEN + 1];
	const char	*factor;
	char		 label[65];
	struct totp_params totp;
	uint32_t	 ttl_s;
	char		 service[AIA_SERVICE_LEN_MAX + 1];
	char		 source[HANDLE_SOURCE_MAX + 1];
	struct aia_span	 facts;		/* checked; lives in the packet */
	uint8_t		 handle[AIA_HANDLE_LEN];
	enum aia_phase	 phase;
	struct link_at	 link;
	char		 tty[AIA_TTY_LEN_MAX + 1];
	struct audit_entry record;	/* its spans live as long as the next
					 * question */
	struct aia_span	 cursor;
	struct key_new	 key;		/* its data lives in the packet */
};

/* false: a value that cannot be. */
bool question_take_attempt(const struct vault_q *q,
    struct question *ret);
bool question_take_finish(const struct vault_q *q,
    struct question *ret);
bool question_take_person(const struct vault_q *q,
    struct question *ret);
bool question_take_enrolments(const struct vault_q *q,
    struct question *ret);
bool question_take_begin(const struct vault_q *q,
    struct question *ret);
bool question_take_unenrol(const struct vault_q *q,
    struct question *ret);
bool question_take_rename(const struct vault_q *q,
    struct question *ret);
bool question_take_key_factor(const struct vault_q *q,
    struct question *ret);
bool question_take_key_add(const struct vault_q *q,
    struct question *ret);
bool question_take_key_used(const struct vault_q *q,
    struct question *ret);
bool question_take_record(const struct vault_q *q,
    struct question *ret);
bool question_take_cursor(const struct vault_q *q,
    struct question *ret);
bool question_take_handle_new(const struct vault_q *q,
    struct question *ret);
bool question_take_handle_spend(const struct vault_q *q,
    struct question *ret);
bool question_take_link(const struct vault_q *q,
    struct question *ret);
bool question_take_link_get(const struct vault_q *q,
    struct question *ret);
bool question_take_link_put(const struct vault_q *q,
    struct question *ret);
bool question_take_nothing(const struct vault_q *q,
    struct question *ret);

#endif
