/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * derive.h - what the sources said, put through the rules: users, groups,
 * roles, refused records and the owners of ids.
 *
 * Everything is made again from 'raw' each time; only rows that differ are
 * written.  The outcome depends on what the sources say, the configuration,
 * this machine's accounts and the ids given before, never on the order in
 * which records came.
 */
#ifndef AIA_KEEPER_DERIVE_H
#define AIA_KEEPER_DERIVE_H

#include <stdint.h>

#include "aiauthd/keeper/rules.h"
#include "base/db.h"
#include "common/err.h"

/* Stays resolvable, so that files keep an owner's name; no way in. */
#define DERIVE_NOLOGIN "/usr/sbin/nologin"

/*
 * Inside the caller's transaction.
 *
 *   confirm   a source whose changed ids, as reported before, are accepted now;
 *             0: none
 *
 * A record refused for a reason not seen before is logged once:
 * directory.refused.
 */
AIA_MUST_USE int derive_run(struct db *db, const struct rules *rules,
    int64_t confirm);

#endif
