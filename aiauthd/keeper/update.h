/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * update.h - one change of the directory from beginning to end: what a listing
 * said or this machine's accounts have become, through the rules, committed,
 * published.
 */
#ifndef AIA_KEEPER_UPDATE_H
#define AIA_KEEPER_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/keeper/apply.h"
#include "aiauthd/keeper/hashid.h"
#include "aiauthd/keeper/publish.h"
#include "aiauthd/keeper/stage.h"
#include "aiauthd/keeper/store.h"
#include "base/conf.h"
#include "base/db.h"
#include "base/paths.h"
#include "common/err.h"

#define UPDATE_OWN_MAX 8

struct update {			/* borrows everything it points to */
	struct db		*db;
	const struct conf	*conf;
	const struct paths	*paths;
	const struct hashid	*hashid;
	uint32_t		 own[UPDATE_OWN_MAX];	/* our accounts' ids */
	size_t			 n_own;
	struct publish_result	 published;	/* the last one */
	bool			 behind;	/* committed or changed here,
						 * not published yet */
};

/*
 * A listing that ended well (its RESULT says OK): apply, derive, and write the
 * source row, which gets the new cursor, in one transaction; then publish if
 * anything changed.  A failure to publish is logged, leaves 'behind' set and is
 * no error here.
 *
 *   begun     when the listing began: what it says was so then
 *   ret_held  objects of the source held afterwards
 */
AIA_MUST_USE int update_listing(struct update *up, struct stage *sg,
    struct store_source *source, const struct fresh *begun, bool confirm,
    int64_t *ret_held);

/* A listing that broke off: only what it takes away.  Errors are logged. */
void update_withdrawals(struct update *up, struct stage *sg,
    struct store_source *source);

/*
 * The accounts of this machine or the configuration changed: the rules again,
 * then publish.  Errors are logged and leave 'behind' set: call it again later.
 */
void update_local(struct update *up);

#endif
