/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.h - read the directory snapshot.
 *
 * The layout is doc/snapshot.md and snapshot_format.h.  The reader trusts no
 * byte of the file: whatever stands in it, a look-up ends, reads only the file,
 * and gives no id outside the header's ranges and aia_id_ok(), and no local
 * gid that the header does not list.  Libc only, no allocation at all.
 * errno is not kept.
 */
#ifndef AIA_COMMON_SNAPSHOT_H
#define AIA_COMMON_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/err.h"
#include "common/id.h"
#include "common/name.h"
#include "common/snapshot_format.h"

/* The number in the name is the major version of the format. */
#define AIA_SNAPSHOT_FILE "directory.1.snapshot"

struct aia_snapshot_info {
	uint64_t generation;
	int64_t	 published_s;	/* Unix time */
	uint32_t n_users, n_groups;
	bool	 enumerate;	/* may be listed */
};

/*
 * One open snapshot, in the caller's memory, so that a look-up inside somebody
 * else's process needs no heap.  Immutable once open: any number of threads may
 * read it.  An all-zero one is closed.  The fields below 'info' belong to
 * snapshot.c and snapshot_open.c.
 */
struct aia_snapshot {
	struct aia_snapshot_info info;
	const uint8_t	*map;	/* NULL: read from fd */
	int		 fd;	/* -1: mapped, or somebody else's memory */
	bool		 mapped;
	uint64_t	 len;	/* bytes */
	dev_t		 dev;
	ino_t		 ino;
	uint64_t	 body_sum;
	uint8_t		 key[AIA_SIPHASH_KEY_LEN];
	size_t		 n_ranges, n_local_gids;
	struct aia_id_range ranges[AIA_SNAP_RANGES_MAX];
	uint32_t	 local_gids[AIA_SNAP_LOCAL_GIDS_MAX];
	struct aia_snap_layout layout;
};

/* A string in the file; aia_snap_text_get() checks and copies it. */
struct aia_snap_text { uint32_t at, len; };

struct aia_snap_user {
	uint32_t	 uid, gid;
	struct aia_name	 name;
	struct aia_snap_text gecos, home, shell;
	uint32_t	 first_gid, n_gids;	/* for aia_snap_gid() */
};

struct aia_snap_group {
	uint32_t	 gid;
	struct aia_name	 name;
	uint32_t	 first_member, n_members; /* for aia_snap_member() */
};

/*
 * Open a snapshot that aia_trust_open() lets through; owner as there.
 *
 * It is mapped, or, where that is refused (RLIMIT_AS, mlockall), read through
 * a descriptor that stays open until close: see aia_snapshot_is_mapped().
 * Reads the header only: the cost does not grow with the file.
 *
 * Returns 0, AIA_EUNTRUSTED, AIA_EDAMAGED or a negated errno.
 */
AIA_MUST_USE int aia_snapshot_open(const char *path, uid_t owner,
    struct aia_snapshot *ret);
/* The same over memory that the caller keeps (tests, fuzzing, the keeper). */
AIA_MUST_USE int aia_snapshot_open_mem(const void *p, size_t len,
    struct aia_snapshot *ret);
void aia_snapshot_close(struct aia_snapshot *snap);

bool aia_snapshot_is_mapped(const struct aia_snapshot *snap);
/* Whether path (still) leads to the file that was opened. */
bool aia_snapshot_is_at(const struct aia_snapshot *snap, const char *path);

/*
 * Check the sum over the whole: 0 or AIA_EDAMAGED.  Reads all of it; for the
 * keeper and for tools, not for look-ups.
 */
AIA_MUST_USE int aia_snapshot_verify(const struct aia_snapshot *snap);

/* Return 0, AIA_ENOUSER (not there), AIA_EDAMAGED or a negated errno. */
AIA_MUST_USE int aia_snap_user_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_user_by_uid(const struct aia_snapshot *snap,
    uint32_t uid, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_group_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_group *ret);
AIA_MUST_USE int aia_snap_group_by_gid(const struct aia_snapshot *snap,
    uint32_t gid, struct aia_snap_group *ret);
/* By number, 0 <= row < n_users or n_groups; past the end AIA_ENOUSER. */
AIA_MUST_USE int aia_snap_user_at(const struct aia_snapshot *snap,
    uint32_t row, struct aia_snap_user *ret);
AIA_MUST_USE int aia_snap_group_at(const struct aia_snapshot *snap,
    uint32_t row, struct aia_snap_group *ret);

/*
 * What the parts of a record lead to.  Past the end AIA_ENOUSER, otherwise as
 * above.
 *
 *   text     written with its terminator into buf, which has text->len + 1
 *            bytes; holds no ':' and no control character
 *   member   name of the i-th member, i < n_members
 *   gid      i-th supplementary group, i < n_gids; the primary is not among
 *            them, permitted local groups are
 */
AIA_MUST_USE int aia_snap_text_get(const struct aia_snapshot *snap,
    const struct aia_snap_text *text, char *buf);
AIA_MUST_USE int aia_snap_member(const struct aia_snapshot *snap,
    const struct aia_snap_group *group, uint32_t i, struct aia_name *ret);
AIA_MUST_USE int aia_snap_gid(const struct aia_snapshot *snap,
    const struct aia_snap_user *user, uint32_t i, uint32_t *ret);

/* What a gecos, home or shell may hold; the writer asks the same. */
bool aia_snap_text_ok(const char *s, size_t len);

#endif
