/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapwalk.h - do everything that can be done to a snapshot, and see whether
 * the reader kept its promises.
 */
#ifndef AIA_TESTS_SNAPWALK_H
#define AIA_TESTS_SNAPWALK_H

#include "common/snapshot.h"

/*
 * Every look-up by the given name and ids and by every row, with all texts,
 * members and groups of what is found.  NULL, or what was wrong: an id that
 * must never come out, a name that is none, a record other than asked for.
 */
const char *snapwalk(const struct aia_snapshot *snap, const char *user,
    uint32_t uid, const char *group, uint32_t gid);

#endif
