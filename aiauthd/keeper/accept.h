/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * accept.h - the outcome of the rules, written: user, grp, refused, owner and
 * change.
 */
#ifndef AIA_KEEPER_ACCEPT_H
#define AIA_KEEPER_ACCEPT_H

#include "aiauthd/keeper/model.h"
#include "aiauthd/keeper/rules.h"
#include "base/db.h"
#include "common/err.h"

/* Inside the caller's transaction.  m holds every object of 'raw', settled. */
AIA_MUST_USE int accept_model(struct db *db, const struct rules *rules,
    struct model *m);

#endif
