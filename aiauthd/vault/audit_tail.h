/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_tail.h - where the chain ends, after whatever became of the last vault.
 *
 * Records are in the file before state.db vouches for them, so a vault that was
 * killed leaves some more than that, and perhaps half of one.  Only who holds
 * the key could have written those, so they count; half of one does not.  What
 * state.db vouches for and is not there was taken away.
 */
#ifndef AIA_VAULT_AUDIT_TAIL_H
#define AIA_VAULT_AUDIT_TAIL_H

#include <stdbool.h>

#include "aiauthd/vault/audit_head.h"

struct audit_tail {
	struct audit_link last;		/* as the files have it */
	uint64_t	  first;	/* the oldest record that is kept */
	uint64_t	  segment;	/* where to go on; 0: in a new one */
	uint64_t	  offset;	/* bytes of it that count */
	int64_t		  began_s;	/* Unix time it was begun */
	bool		  cut;		/* what head vouches for is not there */
};

/* 0 or a negated errno: nothing can be said. */
AIA_MUST_USE int audit_tail_find(int dir_fd, const struct crypto_key *key,
    const struct audit_head *head, struct audit_tail *ret);

/* What the first line of a segment says: 0 or AIA_EPROTO (it is none). */
struct audit_begin { uint64_t first; int64_t time_s; };
AIA_MUST_USE int audit_begin_read(struct aia_span line,
    struct audit_begin *ret);

#endif
