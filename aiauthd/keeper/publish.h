/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * publish.h - what the rules accepted, as the snapshot that NSS reads.
 */
#ifndef AIA_KEEPER_PUBLISH_H
#define AIA_KEEPER_PUBLISH_H

#include <stdint.h>

#include "base/conf.h"
#include "base/db.h"
#include "base/paths.h"
#include "common/err.h"

/*
 * Memberships of a snapshot, nested ones counted where they end up: 4 bytes
 * each, three times while it is built.  Groups after that, and the groups of a user after what the
 * kernel takes, are served without; directory.members_cut says so.
 */
#define PUBLISH_MEMBERS_MAX (16u << 20)

struct publish_result {
	uint64_t generation;
	int64_t	 published_s;	/* Unix time */
	int64_t	 n_users, n_groups;
};

/*
 * Build, verify, and put in place: the durable copy first (the one before it
 * is kept), then the mapped one.  Outside any transaction.  On error the
 * snapshots that were there stay.
 */
AIA_MUST_USE int publish_run(struct db *db, const struct conf *conf,
    const struct paths *paths, struct publish_result *ret);

#endif
