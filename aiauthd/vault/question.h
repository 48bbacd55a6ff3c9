/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h - what crosses vault.sock: one question, one answer, the end.
 *
 * vault_client.c writes questions and reads answers, question.c the other way
 * round; both by the tables of fields that stand in question_fields.c.
 */
#ifndef AIA_VAULT_QUESTION_H
#define AIA_VAULT_QUESTION_H

#include <stdint.h>

#include "aiauthd/vault/desk.h"
#include "common/wire.h"

enum vault_message_type {
	VAULT_Q_TOTP_VERIFY = 96,
	VAULT_Q_ENROL_CODE_VERIFY = 97,
	VAULT_Q_ENROL_CODE_NEW = 98,
	VAULT_Q_TOTP_BEGIN = 99,
	VAULT_Q_TOTP_FINISH = 100,
	VAULT_Q_ENROLMENTS = 101,
	VAULT_Q_UNENROL = 102,
	VAULT_Q_UNLOCK = 103,
	VAULT_Q_HANDLE_NEW = 104,
	VAULT_Q_HANDLE_SPEND = 105,
	VAULT_Q_STATUS = 106,
	VAULT_Q_AUDIT_APPEND = 107,
	VAULT_Q_AUDIT_READ = 108,
	VAULT_Q_KEY_ADD = 109,
	VAULT_Q_KEYS = 110,
	VAULT_Q_KEY_USED = 111,
	VAULT_A = 112,
	VAULT_Q_RENAME = 113,
	VAULT_Q_LINK_PUT = 114,
	VAULT_Q_LINK_GET = 115,
	VAULT_Q_LINK_DROP = 116,
};

/* No code that could be right is longer; the client cuts what is. */
#define VAULT_CODE_MAX 64	/* bytes */
/* All keys of a person, with what stands around the data of each. */
#define VAULT_KEYS_MAX (KEYS_DATA_MAX + ENROLMENTS_MAX * 256)
/* A page of the audit log: at least one line of any length. */
#define VAULT_LINES_MAX 61000
#define VAULT_FINDINGS_MAX 2048
#define VAULT_CURSOR_MAX AUDIT_CURSOR_MAX

/* One struct serves all questions, each type has a table of its own. */
struct vault_q {
	uint32_t	has;
	struct aia_name	source;		/* 1: of an identity, with 2 */
	struct aia_span	object_id;	/* 2 */
	struct aia_name	name;		/* 3: the name as typed */
	struct aia_span	source_net;	/* 4: attempts */
	uint32_t	key_proved;	/* 5: attempts: 0 or 1 */
	struct aia_span	code;		/* 6: secret */
	struct aia_span	id;		/* 7: of an enrolment */
	struct aia_span	factor;		/* 8 */
	struct aia_span	label;		/* 9 */
	struct aia_span	algorithm;	/* 10 */
	uint32_t	digits;		/* 11 */
	uint32_t	ttl_s;		/* 12 */
	struct aia_span	service;	/* 13 */
	struct aia_span	login_source;	/* 14: of a handle */
	struct aia_span	facts;		/* 15 */
	struct aia_span	handle;		/* 16 */
	uint32_t	phase;		/* 17: enum aia_phase */
	struct aia_span	record;		/* 18: a struct audit_entry */
	struct aia_span	cursor;		/* 19: empty: from the beginning */
	struct aia_span	data;		/* 20: of a public key */
	uint32_t	flags;		/* 21: KEY_* */
	uint32_t	counter;	/* 22 */
	uint32_t	session;	/* 23: links */
	uint32_t	loginuid;	/* 24 */
	struct aia_span	tty;		/* 25 */
	uint32_t	tty_known;	/* 26: 0 or 1 */
};
#define VAULT_Q_F_SOURCE 1	/* missing with 2: a name nobody has */
#define VAULT_Q_F_OBJECT_ID 2
#define VAULT_Q_F_ID 7

struct vault_a {
	uint32_t	has;
	uint32_t	error;		/* 1: 0, or an error code negated */
	struct aia_span	id;		/* 2: of an enrolment */
	struct aia_span	secret;		/* 3: enrolment code or TOTP key */
	struct aia_span	handle;		/* 4 */
	struct aia_span	facts;		/* 5 */
	struct aia_span	enrolments;	/* 6: LIST of LISTs: factor, id, label,
					 * created and used in decimal */
	uint32_t	enrol_code;	/* 7: 0 or 1 */
	uint32_t	misses;		/* 8 */
	uint32_t	delay_s;	/* 9 */
	int64_t		commits;	/* 10 */
	int64_t		questions;	/* 11 */
	int64_t		enrolled;	/* 12 */
	int64_t		started_s;	/* 13 */
	struct aia_span	lines;		/* 14: LIST of records, as written */
	struct aia_span	findings;	/* 15: LIST: audit_finding.h */
	struct aia_span	cursor;		/* 16: missing: that was the end */
	uint32_t	decoy;		/* 17: bits of factors */
	struct aia_span	keys;		/* 18: LIST of LISTs: as 6, flags and
					 * counter in decimal, data */
	uint32_t	regressed;	/* 19: 0 or 1 */
	int64_t		age_s;		/* 20: of a link */
	/* Numbers up to 26 are left to what proves something. */
	uint32_t	delayed;	/* 27: of the status, as all below */
	int64_t		audit_bytes;	/* 28 */
	struct aia_span	factors;	/* 29: LIST of LISTs: name, number */
	struct aia_span	tally;		/* 30: LIST of LISTs: action, verdict,
					 * reason, number */
};
#define VAULT_A_F_ID 2
#define VAULT_A_F_SECRET 3
#define VAULT_A_F_HANDLE 4
#define VAULT_A_F_FACTS 5
#define VAULT_A_F_ENROLMENTS 6
#define VAULT_A_F_ENROL_CODE 7
#define VAULT_A_F_MISSES 8
#define VAULT_A_F_DELAY 9
#define VAULT_A_F_COMMITS 10
#define VAULT_A_F_QUESTIONS 11
#define VAULT_A_F_ENROLLED 12
#define VAULT_A_F_STARTED 13
#define VAULT_A_F_LINES 14
#define VAULT_A_F_FINDINGS 15
#define VAULT_A_F_CURSOR 16
#define VAULT_A_F_DECOY 17
#define VAULT_A_F_KEYS 18
#define VAULT_A_F_REGRESSED 19
#define VAULT_A_F_AGE 20
#define VAULT_A_F_DELAYED 27
#define VAULT_A_F_AUDIT_BYTES 28
#define VAULT_A_F_FACTORS 29
#define VAULT_A_F_TALLY 30
/* All that the answer to STATUS has. */
#define VAULT_A_STATUS (AIA_BIT(VAULT_A_F_COMMITS) | \
	AIA_BIT(VAULT_A_F_QUESTIONS) | AIA_BIT(VAULT_A_F_ENROLLED) | \
	AIA_BIT(VAULT_A_F_STARTED) | AIA_BIT(VAULT_A_F_DELAYED) | \
	AIA_BIT(VAULT_A_F_AUDIT_BYTES) | AIA_BIT(VAULT_A_F_FACTORS) | \
	AIA_BIT(VAULT_A_F_TALLY))

extern const struct aia_message vault_q_totp_verify, vault_q_enrol_code_verify,
    vault_q_enrol_code_new, vault_q_totp_begin, vault_q_totp_finish,
    vault_q_enrolments, vault_q_unenrol, vault_q_unlock, vault_q_handle_new,
    vault_q_handle_spend, vault_q_status, vault_q_audit_append,
    vault_q_audit_read, vault_q_key_add, vault_q_keys, vault_q_key_used,
    vault_q_rename, vault_q_link_put, vault_q_link_get, vault_q_link_drop,
    vault_a;

#define VAULT_ERROR_MAX 5999	/* -AIA_EPROTO and the like are below */

/*
 * Answer one packet as it came: size, parse and run, by the table of questions.
 * *ret is the answer, encoded, whatever it says; it must not be sent before the
 * batch is committed, and be wiped after.  Returns AIA_EPROTO for a packet that
 * is no question (nothing was run; it deserves no answer), else 0.
 */
AIA_MUST_USE int question_answer(const struct desk *desk,
    const struct aia_packet *pkt, struct aia_packet *ret);
/* The answer that says only this error. */
AIA_MUST_USE int question_refuse(int error, struct aia_packet *ret);

#endif
