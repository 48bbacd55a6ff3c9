/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nest.h - groups inside groups: which objects' members count as a group's.
 *
 * Loops end where they began, and nesting counts to NEST_DEPTH_MAX levels;
 * workers follow it upwards to the same depth (directory.c).
 */
#ifndef AIA_KEEPER_NEST_H
#define AIA_KEEPER_NEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/db.h"
#include "common/err.h"

#define NEST_DEPTH_MAX 16	/* more is a mistake, or meant to cost us */

struct nest;

/* The groups of all sources and the edges between them. */
AIA_MUST_USE int nest_load(struct db *db, struct nest **ret);
void nest_free(struct nest *ne);

/*
 * The group itself and every group in it; *ret is the nest's, until the next
 * call.  Nothing for an object that is no group.
 */
void nest_reach(struct nest *ne, int64_t group, const int64_t **ret,
    size_t *ret_n);

#endif
