/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.h - the state of the directory as JSON objects, one a line of
 * 'aiauthctl status --json'.
 */
#ifndef AIA_KEEPER_STATUS_H
#define AIA_KEEPER_STATUS_H

#include "aiauthd/keeper/hashid.h"
#include "aiauthd/keeper/publish.h"
#include "base/conf.h"
#include "base/db.h"
#include "base/paths.h"
#include "common/err.h"

#define STATUS_REFUSED_MAX 1000	/* records shown */

struct status {			/* everything borrowed */
	struct db			*db;
	const struct conf		*conf;
	const struct paths		*paths;
	const struct hashid		*hashid;
	const struct publish_result	*published;
};

/*
 * The objects in the order of keeper.h, one call each; the text is the
 * callee's (heap).  0 or the first error.
 */
AIA_MUST_USE int status_write(const struct status *status,
    int (*each)(char *json, void *arg), void *arg);

#endif
