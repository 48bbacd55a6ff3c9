/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vault.h - the questions that workers ask the vault.
 *
 * Each call is one connection to vault.sock (0660, group aiauth-login), bounded
 * by deadline_ms (aia_now_ms()).  The vault commits before it answers, so what
 * these functions report has happened durably.  Common errors: AIA_EOFFLINE,
 * -ETIMEDOUT, AIA_EPROTO (also for arguments no question can hold), -ENOSPC,
 * -EIO, AIA_EDAMAGED (the store, or a sealed record that does not open).
 */
#ifndef AIA_VAULT_VAULT_H
#define AIA_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/identity.h"
#include "base/paths.h"
#include "base/secret.h"
#include "common/messages.h"
#include "aiauthd/facts/facts.h"
#include "aiauthd/vault/audit_entry.h"

struct vault_client {
	char		path[AIA_PATH_MAX];	/* of vault.sock */
	uid_t		owner;			/* who must listen there */
};

/*
 * Who is guessing, from where.  For a name nobody has, 'known' is false and
 * only name and source_net count: the cost is the same.
 */
struct attempt {
	bool		known;
	struct identity	who;
	struct aia_name	name;
	char		source_net[64];	/* "10.1.2.0/24", "2001:db8::/64",
					 * "console" or a hash: see source.h */
	bool		key_proved;	/* the total per user does not apply */
};

/*
 * Compare a code against every TOTP enrolment of the person, in the same
 * transaction use up the step or count the miss.  Returns 0 (proved; *ret_id
 * is the enrolment), AIA_EDENIED, AIA_EDELAYED (not compared) or
 * AIA_ENOENROLMENT - which costs the same and counts as a miss.
 */
#define ENROLMENT_ID_LEN 16	/* hexadecimal digits */
AIA_MUST_USE int vault_totp_verify(const struct vault_client *vc,
    const struct attempt *at, const struct secret *code, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1]);

/*
 * The same for a one-time enrolment code, which a success uses up.
 */
AIA_MUST_USE int vault_enrol_code_verify(const struct vault_client *vc,
    const struct attempt *at, const struct secret *code,
    int64_t deadline_ms);

/* Make one; older ones of this person end.  The text is returned once only.
 * ttl_s: 1 second .. 30 days, or -EINVAL. */
#define ENROL_CODE_LEN 23	/* "XXXXX-XXXXX-XXXXX-XXXXX": 100 bits */
AIA_MUST_USE int vault_enrol_code_new(const struct vault_client *vc,
    const struct identity *who, uint32_t ttl_s, int64_t deadline_ms,
    struct secret *ret_code);

/*
 * Begin a TOTP enrolment: a fresh secret, kept as pending for 10 minutes or
 * until the next begin() of this person.  -EINVAL: parameters; -ENOSPC:
 * ENROLMENTS_MAX are enrolled.  finish() takes the first code; wrong ones count
 * as misses of 'at'.  AIA_ENOENROLMENT: that one is no longer pending.
 */
struct totp_params {
	char		algorithm[8];	/* "SHA1", "SHA256", "SHA512" */
	uint32_t	digits;		/* 6..8 */
};
AIA_MUST_USE int vault_totp_begin(const struct vault_client *vc,
    const struct identity *who, const struct totp_params *params,
    const char *label, int64_t deadline_ms,
    char ret_id[ENROLMENT_ID_LEN + 1], struct secret *ret_key);
AIA_MUST_USE int vault_totp_finish(const struct vault_client *vc,
    const struct attempt *at, const char *id, const struct secret *code,
    int64_t deadline_ms);

/* What somebody has enrolled; no secrets. */
#define ENROLMENTS_MAX 16
struct enrolment {
	char		factor[32];
	char		id[ENROLMENT_ID_LEN + 1];
	char		label[65];
	int64_t		created_s;
	int64_t		used_s;		/* 0: never */
};
struct enrolments {
	struct enrolment v[ENROLMENTS_MAX];
	size_t		n;
	bool		enrol_code;	/* one is waiting */
	uint32_t	misses;		/* counted against the total */
	uint32_t	delay_s;	/* longest delay running now */
	uint32_t	decoy;		/* factors to ask this name for when
					 * nothing would do: bits 1 << enum
					 * fact_name; 0: any */
};
AIA_MUST_USE int vault_enrolments(const struct vault_client *vc,
    const struct identity *who, const struct aia_name *name,
    int64_t deadline_ms, struct enrolments *ret);

/*
 * Public keys: SSH keys, plain or of security keys, and credentials of security
 * keys on this host.  What is in the data is the factor's affair.
 */
#define KEY_FACTOR_SSH "ssh-key"	/* data: the blob, sshkey.h */
#define KEY_FACTOR_FIDO2 "fido2"
#define KEY_DATA_MAX 4096	/* bytes of one */
#define KEYS_DATA_MAX 49152	/* bytes of all of one person and factor */

#define KEY_UV 0x01u	/* only with the person verified by the key itself */
#define KEY_FLAGS 0x01u

struct key_new {
	struct aia_span	data;		/* 1..KEY_DATA_MAX bytes */
	const char	*label;
	uint32_t	flags;		/* KEY_* */
	uint32_t	counter;	/* 0: none known */
};
struct key_enrolled {
	struct enrolment pub;
	uint32_t	flags;
	uint32_t	counter;	/* the highest seen; 0: none */
	size_t		data_len;
	uint8_t		data[KEY_DATA_MAX];
};
struct key_list { struct key_enrolled v[ENROLMENTS_MAX]; size_t n; };

/* -EEXIST: this person has this very data enrolled; -ENOSPC: there is no room
 * for one more. */
AIA_MUST_USE int vault_key_add(const struct vault_client *vc,
    const struct identity *who, const char *factor, const struct key_new *key,
    int64_t deadline_ms, char ret_id[ENROLMENT_ID_LEN + 1]);
/* None is an empty list.  *ret is large: keep it on the heap; after an error
 * it holds nothing of use. */
AIA_MUST_USE int vault_keys(const struct vault_client *vc,
    const struct identity *who, const char *factor, int64_t deadline_ms,
    struct key_list *ret);
/*
 * One was used just now, counter 0: it has none, or sshd has not told; then
 * *ret_regressed means nothing.  *ret_regressed: the counter is not above the
 * highest seen, so there may be a copy of the key; the highest is kept.
 * AIA_ENOENROLMENT: it is no longer enrolled.
 */
AIA_MUST_USE int vault_key_used(const struct vault_client *vc,
    const struct identity *who, const char *factor, const char *id,
    uint32_t counter, int64_t deadline_ms, bool *ret_regressed);

/* Another label for one enrolment of any factor.  AIA_ENOENROLMENT. */
AIA_MUST_USE int vault_rename(const struct vault_client *vc,
    const struct identity *who, const char *factor, const char *id,
    const char *label, int64_t deadline_ms);
/* id NULL: all of this factor.  AIA_ENOENROLMENT if there was none. */
AIA_MUST_USE int vault_unenrol(const struct vault_client *vc,
    const struct identity *who, const char *factor, const char *id,
    int64_t deadline_ms);
/* Forget misses and delays of this person, from everywhere. */
AIA_MUST_USE int vault_unlock(const struct vault_client *vc,
    const struct identity *who, int64_t deadline_ms);

/*
 * Handles: what auth proved, for the later phases of the same login.
 * A handle is spent once for each phase; spend() returns AIA_EDENIED for one
 * that is unknown, expired, spent for that phase, of another user or service,
 * or of a proof whose enrolment is gone.  ttl_s: 1 second .. 1 day of this boot,
 * or -EINVAL.
 *
 * record: of the permit that goes with the handle; written in the same commit,
 * so there is not the one without the other.
 */
AIA_MUST_USE int vault_handle_new(const struct vault_client *vc,
    const struct identity *who, const char *service, const char *source,
    const struct facts *facts, const struct audit_entry *record,
    uint32_t ttl_s, int64_t deadline_ms, uint8_t ret[AIA_HANDLE_LEN]);
AIA_MUST_USE int vault_handle_spend(const struct vault_client *vc,
    const uint8_t handle[AIA_HANDLE_LEN], const struct identity *who,
    const char *service, enum aia_phase phase, int64_t deadline_ms,
    struct facts *ret);

/*
 * Links: what the login of a kernel's audit session proved, for sudo and su in
 * it.  One lasts a day of this boot; that is all that is kept of a session.
 *
 *	put	-EEXIST: the session is known already; -ENOSPC: as many as there
 *		may be, in all or of this person
 *	get	AIA_EDENIED: none that counts for exactly these; *ret_age_s is
 *		since put()
 *	drop	0 also if there is none; AIA_EDENIED: of another login
 */
#define LINKS_MAX 4096
#define LINKS_OWNER_MAX 64
#define LINK_TTL_S 86400
struct link_at {
	uint32_t	session;	/* /proc/self/sessionid */
	uint32_t	loginuid;
	bool		tty_known;	/* put: false binds it to the one that
					 * is first asked from */
	const char	*tty;		/* "": none */
};
AIA_MUST_USE int vault_link_put(const struct vault_client *vc,
    const struct identity *who, const struct link_at *at,
    const struct facts *facts, int64_t deadline_ms);
AIA_MUST_USE int vault_link_get(const struct vault_client *vc,
    const struct identity *who, const struct link_at *at, int64_t deadline_ms,
    struct facts *ret, int64_t *ret_age_s);
AIA_MUST_USE int vault_link_drop(const struct vault_client *vc,
    const struct link_at *at, int64_t deadline_ms);

/*
 * The audit log.  append() returns 0 when the record is in the file; without
 * that there must be no answer.  -EAGAIN, -EBUSY: not just now.
 */
AIA_MUST_USE int vault_audit_append(const struct vault_client *vc,
    const struct audit_entry *record, int64_t deadline_ms);

enum audit_what {
	AUDIT_MISSING = 1,	/* records from .. to */
	AUDIT_CHANGED,		/* it is not as it was written */
	AUDIT_OUT_OF_PLACE,	/* a second time, or behind a later one */
	AUDIT_NOT_FOLLOWING,	/* of ours, but another came before it */
	AUDIT_NOT_A_RECORD,	/* something else stands there */
};
struct audit_finding { enum audit_what what; uint64_t from, to; };

#define AUDIT_CURSOR_MAX 64
struct audit_cursor { uint8_t p[AUDIT_CURSOR_MAX]; size_t len; };
struct audit_reader {	/* a negative return ends it and is returned */
	int	(*line)(struct aia_span json, void *arg);
	int	(*finding)(const struct audit_finding *f, void *arg);
	void	*arg;
};
/*
 * One page from *cursor on (zeroed: the oldest record), as verified: each line
 * that is a record of ours, a JSON object, then what was found to be wrong.
 * *ret_more: the next page begins at *cursor.
 */
AIA_MUST_USE int vault_audit_read(const struct vault_client *vc,
    struct audit_cursor *cursor, const struct audit_reader *reader,
    int64_t deadline_ms, bool *ret_more);

struct vault_tally {		/* decisions since the vault began */
	char	 action[16];	/* as the policy spells it; or empty */
	char	 verdict[16];
	char	 reason[64];
	int64_t	 n;
};
#define VAULT_TALLY_MAX 48	/* fit into one answer */
#define VAULT_FACTORS_MAX 8

struct vault_status {
	uint64_t	commits, questions;
	uint64_t	enrolled;	/* identities with any enrolment */
	int64_t		started_s;
	uint32_t	delayed;	/* pairs of identity and network */
	int64_t		audit_bytes;	/* of all files; 0: not open yet */
	struct vault_factor { char name[16]; int64_t n; }
			factors[VAULT_FACTORS_MAX];	/* enrolments */
	size_t		n_factors;
	struct vault_tally tally[VAULT_TALLY_MAX];
	size_t		n_tally;
};
AIA_MUST_USE int vault_status(const struct vault_client *vc,
    int64_t deadline_ms, struct vault_status *ret);

#endif
