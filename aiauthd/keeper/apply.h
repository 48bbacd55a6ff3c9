/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apply.h - a staged listing becomes what we know of its source.
 *
 * Explicit statements (active=false, GONE, a membership withdrawn) apply at
 * once.  Absence means something only in a full and complete listing, and above
 * both limits it is held: the objects stay, marked, until they come back or
 * somebody confirms.  Everything else of the same listing is applied.
 */
#ifndef AIA_KEEPER_APPLY_H
#define AIA_KEEPER_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/keeper/stage.h"
#include "base/db.h"
#include "common/err.h"

struct apply_rules {
	uint32_t shrink_percent, shrink_users;	/* held above both */
	/* Remove what an earlier listing left held and this one has not
	 * either; what vanished only now is still held. */
	bool	 confirm;
};

struct apply_result {
	bool	 changed;	/* anything at all */
	int64_t	 held;		/* objects of the source, afterwards */
};

/*
 * Inside the caller's transaction; the stage has ended.  Returns 0 or an error
 * after which the caller rolls back.
 */
AIA_MUST_USE int apply_listing(struct db *db, int64_t source,
    struct stage *sg, const struct apply_rules *rules,
    struct apply_result *ret);

/*
 * Of a listing that broke off (network, throttling): only what takes away.
 * Somebody disabled stays disabled even if no listing ever gets to its end.
 */
AIA_MUST_USE int apply_withdrawals(struct db *db, int64_t source,
    struct stage *sg, struct apply_result *ret);

/* Forget identities that nothing refers to any more.  After derive_run(). */
AIA_MUST_USE int apply_purge(struct db *db);

#endif
