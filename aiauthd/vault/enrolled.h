/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolled.h - the rows of what people have enrolled, of whatever factor.
 *
 * Kept under enrol/OWNER/FACTOR/ID.  What only the factor understands is its
 * body; secrets in it are sealed (seal.h).
 */
#ifndef AIA_VAULT_ENROLLED_H
#define AIA_VAULT_ENROLLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

#define ENROLLED_BODY_MAX 128	/* bytes */
#define ENROLLED_BYTES_MAX 256	/* bytes of a row: body, label, times */

struct enrolled {
	char		key[STATE_KEY_MAX + 1];
	int64_t		revision;		/* 0: not stored yet */
	struct enrolment pub;			/* what may be shown */
	size_t		body_len;
	uint8_t		body[ENROLLED_BODY_MAX];
	uint8_t		bytes[ENROLLED_BYTES_MAX]; /* as they are written */
};

struct enrolled_set { struct enrolled v[ENROLMENTS_MAX]; size_t n; };

#define ENROLLED_PREFIX "enrol/"	/* of all rows, of anybody */
/* Whose row a key with that prefix is: 0 or AIA_EDAMAGED. */
AIA_MUST_USE int enrolled_owner(const char *key, struct owner *ret);

/* A new one with a random id: 0, -ENOBUFS or the errors of getrandom(2). */
AIA_MUST_USE int enrolled_new(const struct desk *desk,
    const struct owner *owner, const char *factor, const char *label,
    struct enrolled *ret);

/* As struct enrolment spells them: "totp", "ssh-key", "fido2"; NULL for what
 * nobody can enrol. */
const char *enrolled_factor(struct aia_span name);
/* One whose enrolments are public keys: enrolkey.h. */
bool enrolled_is_key(const char *factor);

/* factor NULL: all.  0, AIA_EDAMAGED or an error of the store. */
AIA_MUST_USE int enrolled_load(const struct desk *desk,
    const struct owner *owner, const char *factor, struct enrolled_set *ret);
/* By its id; AIA_ENOENROLMENT if there is none. */
AIA_MUST_USE int enrolled_one(const struct desk *desk,
    const struct owner *owner, const char *factor, const char *id,
    struct enrolled *ret);

/*
 * One that is not finished yet, kept under pending/OWNER/FACTOR: a new one
 * takes the place of the last.  AIA_ENOENROLMENT if there is none.
 */
AIA_MUST_USE int enrolled_pending_load(const struct desk *desk,
    const struct owner *owner, const char *factor, struct enrolled *ret);

/* Add to the transaction, which borrows *e; expires_s 0: kept for good.  On
 * condition that the row has not changed. */
void enrolled_put(struct enrolled *e, int64_t expires_s,
    struct state_txn *txn);
/* Move the key of one made by enrolled_new() to its pending place, or back. */
void enrolled_key(struct enrolled *e, const struct owner *owner);
void enrolled_pending_key(const struct owner *owner, const char *factor,
    char ret[STATE_KEY_MAX + 1]);

#endif
