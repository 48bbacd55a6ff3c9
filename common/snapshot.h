/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.h - the directory snapshot: its format and how to read it.
 *
 * The layout is doc/snapshot.md and snapshot_format.h; the reader trusts no
 * byte of the file.  Libc only, no allocation while looking up, errno kept.
 */
#ifndef AIA_COMMON_SNAPSHOT_H
#define AIA_COMMON_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"
#include "common/id.h"
#include "common/name.h"

/* The number in the name is the major version of the format. */
#define AIA_SNAPSHOT_FILE "directory.1.snapshot"

struct aia_snapshot;

struct aia_snapshot_info {
	uint64_t generation;
	int64_t	 published_s;	/* Unix time */
	uint32_t n_users, n_groups;
	bool	 enumerate;	/* may be listed */
};

/* Strings point into the snapshot, which must outlive them. */
struct aia_snap_user {
	uint32_t	 index;		/* in the table, for _groups() */
	uint32_t	 uid, gid;
	const char	*name, *gecos, *home, *shell;	/* terminated */
};

struct aia_snap_group {
	uint32_t	 index;
	uint32_t	 gid;
	const char	*name;
	uint32_t	 n_members;
};

/*
 * Open relative to the checked folder of an absolute path, as design says:
 * every component of the path root-owned and not writable by others; the file
 * regular, owned by root or by its folder's owner, not writable by others.
 *
 * Returns 0, AIA_EUNTRUSTED, AIA_EDAMAGED or a negated errno.  Reads the header
 * only: the cost does not grow with the file.
 */
AIA_MUST_USE int aia_snapshot_open(const char *path,
    struct aia_snapshot **ret);
/* The same over memory that the caller keeps (tests, fuzzing, the keeper). */
AIA_MUST_USE int aia_snapshot_open_mem(const void *p, size_t len,
    struct aia_snapshot **ret);
void aia_snapshot_close(struct aia_snapshot *snap);

void aia_snapshot_info(const struct aia_snapshot *snap,
    struct aia_snapshot_info *ret);

/* Verify the checksum over the whole: 0 or AIA_EDAMAGED.  Reads all of it. */
AIA_MUST_USE int aia_snapshot_verify(const struct aia_snapshot *snap);

/* Return 0, AIA_ENOUSER (not there) or AIA_EDAMAGED. */
AIA_MUST_USE int aia_snap_user_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_user_by_uid(const struct aia_snapshot *snap,
    uint32_t uid, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_user_at(const struct aia_snapshot *snap,
    uint32_t index, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_group_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_group *ret);
AIA_MUST_USE int aia_snap_group_by_gid(const struct aia_snapshot *snap,
    uint32_t gid, struct aia_snap_group *ret);
AIA_MUST_USE int aia_snap_group_at(const struct aia_snapshot *snap,
    uint32_t index, struct aia_snap_group *ret);

/* The i-th member's name, i < n_members. */
AIA_MUST_USE int aia_snap_member(const struct aia_snapshot *snap,
    const struct aia_snap_group *group, uint32_t i, const char **ret);
/*
 * Supplementary gids of a user (the primary not among them), permitted local
 * gids included.  *ret_n may exceed cap; only cap gids are written.
 */
AIA_MUST_USE int aia_snap_groups(const struct aia_snapshot *snap,
    const struct aia_snap_user *user, uint32_t *gids, size_t cap,
    size_t *ret_n);

#endif
