/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_limit.h - how many records one who asks may cause.
 *
 * The log is bounded, so whoever could fill it would push out what it is kept
 * for.  Counted is what needs no right: denials, and whatever comes from a peer
 * that is not root.  What root's programs are permitted is written always.
 *
 * Counted together are those of one uid (the peer's, else of who called sudo or
 * su) or else of one origin; by a keyed hash, so that nobody can choose with
 * whom to share.
 */
#ifndef AIA_VAULT_AUDIT_LIMIT_H
#define AIA_VAULT_AUDIT_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/vault/audit_entry.h"
#include "aiauthd/vault/seal.h"

#define AUDIT_LIMIT_BURST 1000	/* a bad day; a megabyte or two */
#define AUDIT_LIMIT_MS 10000	/* for each more: three megabytes a day */
#define AUDIT_LIMIT_ROWS 1024

/* Zeroed: nobody has caused any. */
struct audit_limit { int64_t free_ms[AUDIT_LIMIT_ROWS]; };

/*
 * Count this one, at now_ms of a clock that only rises.  Returns 0, -EBUSY (it
 * is one too many, and was not counted) or an error of seal_hash().
 */
AIA_MUST_USE int audit_limit_take(struct audit_limit *l,
    const struct seal_keys *keys, const struct audit_entry *e, int64_t now_ms);

#endif
