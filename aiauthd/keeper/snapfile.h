/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile.h - build and publish a directory snapshot.
 *
 * The caller (publish.c) has checked every rule of the directory; what is
 * built here is only refused where the format itself cannot hold it.
 */
#ifndef AIA_KEEPER_SNAPFILE_H
#define AIA_KEEPER_SNAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/id.h"
#include "common/name.h"
#include "common/snapshot_format.h"

struct snapfile;		/* a snapshot being built; heap */

struct snapfile_head {
	uint64_t generation;
	int64_t	 published_s;
	bool	 enumerate;
	struct aia_id_range ranges[AIA_SNAP_RANGES_MAX]; /* of ids given out */
	size_t	 n_ranges;
	uint32_t local_gids[AIA_SNAP_LOCAL_GIDS_MAX];	/* permitted ones */
	size_t	 n_local_gids;
	/* Of the hash indexes.  Random, so that nobody who chooses names or
	 * ids aims at one bucket before the file is there. */
	uint8_t	 key[AIA_SIPHASH_KEY_LEN];
};

/* Returns 0, -ENOMEM or AIA_EDAMAGED (a count above its table, a local gid
 * that is 0 or above 2^31 - 1). */
AIA_MUST_USE int snapfile_new(const struct snapfile_head *head,
    struct snapfile **ret);
void snapfile_free(struct snapfile *sf);

/*
 * Add a user, who is number 0, 1, 2 ... of the users, or a group.  Strings are
 * copied.  Returns 0, -ENOMEM or AIA_EDAMAGED (id or string the reader would
 * refuse).
 */
AIA_MUST_USE int snapfile_user(struct snapfile *sf,
    const struct aia_name *name, uint32_t uid, uint32_t gid,
    const char *gecos, const char *home, const char *shell);
AIA_MUST_USE int snapfile_group(struct snapfile *sf,
    const struct aia_name *name, uint32_t gid);
/*
 * The members that follow get this local group (in head.local_gids): it shows
 * in the users' lists only.  The same may come again.  Returns 0, -ENOMEM or
 * AIA_EDAMAGED (a gid that the head does not list).
 */
AIA_MUST_USE int snapfile_local(struct snapfile *sf, uint32_t gid);
/*
 * A member of the group, or of the local group, that was added last: shows in
 * the group and, but for the primary one, in the user's list.  Twice is once.
 * Returns 0, -ENOMEM or AIA_EDAMAGED (no such user, no group yet).
 */
AIA_MUST_USE int snapfile_member(struct snapfile *sf, uint32_t user);

/*
 * Lay out the whole file in memory (*ret, heap, caller frees).  Equal input in
 * equal order gives equal bytes.  Returns 0, -ENOMEM, -EEXIST (a name or an id
 * twice), -E2BIG (a user in too many groups), -EFBIG or AIA_EDAMAGED (no key
 * spreads the names).  Only snapfile_free() may follow.
 */
AIA_MUST_USE int snapfile_finish(struct snapfile *sf, uint8_t **ret,
    size_t *ret_len);

/*
 * Put the bytes under dir/AIA_SNAPSHOT_FILE: new file, all blocks allocated,
 * fsync, rename, fsync of the folder.  keep_previous keeps the old one beside
 * it as AIA_SNAPSHOT_FILE ".previous".  On error the old one stays in place
 * and nothing is left behind.
 */
AIA_MUST_USE int snapfile_publish(const char *dir, const uint8_t *p,
    size_t len, bool keep_previous);

#endif
