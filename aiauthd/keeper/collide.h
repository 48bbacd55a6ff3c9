/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * collide.h - derived ids that meet: who has the id.
 */
#ifndef AIA_KEEPER_COLLIDE_H
#define AIA_KEEPER_COLLIDE_H

#include "aiauthd/keeper/model.h"
#include "base/db.h"
#include "common/err.h"

/*
 * Of the objects with one derived id the one that was given it before keeps it,
 * else the earliest by (order of the sources, created, object id) does; the others are
 * refused.  One that is refused for another reason counts as well: a name that
 * is mended later must not find its id with somebody else, on some hosts only.
 */
AIA_MUST_USE int collide_settle(struct db *db, struct model *m);

#endif
