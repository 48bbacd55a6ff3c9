/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * objset.h - a set of objects: a bit for each number that object.id may have.
 *
 * SQLite gives out small numbers first, so a million objects take 125 KB.
 */
#ifndef AIA_KEEPER_OBJSET_H
#define AIA_KEEPER_OBJSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

#define OBJSET_MAX INT64_C(0x100000000)	/* half a gigabyte of bits */

struct objset {			/* all zero: empty */
	uint8_t	*bits;
	size_t	 cap;		/* bytes */
};

void objset_clear(struct objset *set);
/* 0, -ENOMEM or -ERANGE (below 1, above OBJSET_MAX).  *ret_new: was not in. */
AIA_MUST_USE int objset_add(struct objset *set, int64_t object, bool *ret_new);
bool objset_has(const struct objset *set, int64_t object);

#endif
