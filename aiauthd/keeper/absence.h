/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * absence.h - what a full and complete listing did not show.
 */
#ifndef AIA_KEEPER_ABSENCE_H
#define AIA_KEEPER_ABSENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/keeper/apply.h"
#include "aiauthd/keeper/objset.h"
#include "base/db.h"
#include "common/err.h"

/*
 * Users and groups of the source before the listing is applied, so that new
 * ones in it do not make room for others to vanish.
 */
struct absence_before { int64_t users, groups; };
AIA_MUST_USE int absence_before(struct db *db, int64_t source,
    struct absence_before *ret);

/*
 * Remove or hold each object of the source that is not in 'seen'.
 * *ret_changed: whether anything was written.
 */
AIA_MUST_USE int absence_run(struct db *db, int64_t source,
    const struct absence_before *before, const struct objset *seen,
    const struct apply_rules *rules, bool *ret_changed);

/* How many are held. */
AIA_MUST_USE int absence_held(struct db *db, int64_t source, int64_t *ret);

#endif
