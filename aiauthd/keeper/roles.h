/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roles.h - which objects are roles, which of them are ambiguous, and which
 * local group root's configuration gives to whom has one.
 */
#ifndef AIA_KEEPER_ROLES_H
#define AIA_KEEPER_ROLES_H

#include "aiauthd/keeper/rules.h"
#include "base/db.h"
#include "common/err.h"

/*
 * Write the table role anew, inside the caller's transaction.
 *
 * A text carried by two objects grants nothing, whichever of them somebody is
 * in; a [role] section with the text and an object id makes that one object
 * the role, and every other carrier stays without effect even if it is alone.
 */
AIA_MUST_USE int roles_write(struct db *db, const struct rules *rules);

#endif
