/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * growth.h - the alarm when a role that gives a local group grows suddenly.
 *
 * Members come with the listing that says so: to hold what the identity
 * provider says explicitly would keep people from their work, and whoever can
 * add many can add one at a time.  But somebody should look.
 */
#ifndef AIA_KEEPER_GROWTH_H
#define AIA_KEEPER_GROWTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/db.h"
#include "common/err.h"

/* The alarm: to more than twice as many, by more than five, within a day. */
#define GROWTH_FACTOR 2
#define GROWTH_MEMBERS 5
#define GROWTH_WITHIN_S 86400

struct growth_count {
	char	label[CONF_VALUE_MAX + 1];	/* of the [role] section */
	int64_t	members;			/* active people */
};

/*
 * What was just published, at now_s (Unix time).  A section counted for the
 * first time begins without an alarm; one that is no longer counted has nobody.
 * Returns 0 or a database error; then nothing is noted.
 */
AIA_MUST_USE int growth_note(struct db *db, const struct growth_count *counts,
    size_t n, int64_t now_s);

struct growth {
	int64_t	members;
	int64_t	base, base_s;		/* what they are compared with */
	int64_t	grew_s, grew_from;	/* the last alarm; 0: none */
};
/* 0, AIA_ENOUSER (never counted) or a database error. */
AIA_MUST_USE int growth_get(struct db *db, const char *label,
    struct growth *ret);

#endif
