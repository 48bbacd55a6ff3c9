/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_entry.h - what the record of one decision says: everything that is
 * needed to take the same decision again, and what came of it.
 *
 * Workers fill one, the vault writes it down.  It crosses vault.sock as a
 * message inside a question, and stands in the log as JSON; one table says
 * both (aiauthctl(1) lists the members).
 */
#ifndef AIA_VAULT_AUDIT_ENTRY_H
#define AIA_VAULT_AUDIT_ENTRY_H

#include <stdint.h>

#include "common/wire.h"

struct json_out;

enum {				/* flags: who it was, and how it was asked */
	AUDIT_KNOWN = 0x01,	/* else nobody has that name */
	AUDIT_LOCAL = 0x02,	/* of /etc/passwd */
	AUDIT_ACTIVE = 0x04,
	AUDIT_AUTH_SKIPPED = 0x08,	/* sudo that asked for nothing */
	AUDIT_BREAK_GLASS = 0x10,
	AUDIT_UNKNOWN_FACTORS = 0x20,	/* not known yet when decided */
	AUDIT_UNKNOWN_SRC = 0x40,
	AUDIT_DEPENDS = 0x80,	/* the decision depends on these */
	AUDIT_CUT = 0x100,	/* too long: without attributes and roles */
	AUDIT_BY_POLICY = 0x200,	/* else they were not asked */
	AUDIT_FLAGS = 0x3ff,
};

struct audit_entry {
	uint32_t	has;
	struct aia_span	verdict;	/* 1: "permit", "deny", "unavailable" */
	struct aia_span	reason;		/* 2 */
	struct aia_span	policies;	/* 3: that decided, ", " between */
	struct aia_span	errors;		/* 4: that failed, the same way */
	struct aia_span	phase;		/* 5 */
	struct aia_span	service;	/* 6 */
	struct aia_span	action;		/* 7: as the policy spells it */
	struct aia_name	user;		/* 8: not of one whom nobody knows:
					 * people type passwords there */
	struct aia_name	source;		/* 9: of the identity */
	struct aia_span	object_id;	/* 10 */
	uint32_t	uid;		/* 11 */
	uint32_t	flags;		/* 12: AUDIT_* */
	struct aia_span	mail;		/* 13 */
	struct aia_span	attributes;	/* 14: LIST of "name=value" */
	struct aia_span	roles;		/* 15: LIST of LISTs: text, source,
					 * object id, "ambiguous" or "" */
	struct aia_span	origin;		/* 16: where from, as PAM says it */
	struct aia_span	src;		/* 17: the address, if it is one */
	struct aia_span	tty;		/* 18 */
	struct aia_name	target;		/* 19: su */
	uint32_t	caller_uid;	/* 20: as the caller says */
	uint32_t	peer_uid;	/* 21: of the caller's connection */
	uint32_t	audit_session;	/* 22 */
	uint32_t	loginuid;	/* 23 */
	struct aia_span	incident;	/* 24 */
	struct aia_span	approvals;	/* 25: LIST of names */
	int64_t		now_s;		/* 26: Unix time it was decided for */
	int64_t		directory_age_s; /* 27: below 0: not known */
	int64_t		generation;	/* 28: of the directory; 0: none */
	struct aia_span	facts;		/* 29: as facts_encode() gives them */
	struct aia_span	session_factors; /* 30: LIST of names; missing: no
					 * login that counts */
	int64_t		session_age_s;	/* 31: there with 30 */
};
#define AUDIT_F_USER 8
#define AUDIT_F_SOURCE 9
#define AUDIT_F_OBJECT_ID 10
#define AUDIT_F_UID 11
#define AUDIT_F_MAIL 13
#define AUDIT_F_ATTRIBUTES 14
#define AUDIT_F_ROLES 15
#define AUDIT_F_SRC 17
#define AUDIT_F_TTY 18
#define AUDIT_F_TARGET 19
#define AUDIT_F_AUDIT_SESSION 22
#define AUDIT_F_LOGINUID 23
#define AUDIT_F_INCIDENT 24
#define AUDIT_F_APPROVALS 25
#define AUDIT_F_SESSION_FACTORS 30
#define AUDIT_F_SESSION_AGE 31

#define AUDIT_ATTRIBUTES_MAX 12288	/* bytes; more are left out: CUT */
#define AUDIT_ROLES_MAX 20480
#define AUDIT_FACTORS_MAX 512	/* bytes of the names of all there are */
#define AUDIT_ENTRY_MAX 49152	/* bytes of one, encoded: fits beside a handle */

extern const struct aia_message audit_entry_message;

/*
 * What aia_encode() made of one, back; pkt is the room it points into.  0 or
 * AIA_EPROTO, also for facts and roles that are none.
 */
AIA_MUST_USE int audit_entry_decode(struct aia_span in,
    struct aia_packet *pkt, struct audit_entry *ret);

/* The members of one that was decoded, into the object that is open. */
void audit_entry_json(const struct audit_entry *e, struct json_out *o);

#endif
