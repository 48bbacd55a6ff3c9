/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * objset.c - a set of objects.
 */
#include "config.h"

#include "aiauthd/keeper/objset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CAP_MIN 4096		/* bytes */

void
objset_clear(struct objset *set)
{
	free(set->bits);
	*set = (struct objset){ 0 };
}

static int
grow(struct objset *set, size_t byte)
{
	size_t cap = set->cap < CAP_MIN ? CAP_MIN : set->cap;
	uint8_t *bits;

	while (cap <= byte)
		cap *= 2;
	if (cap == set->cap)
		return 0;
	bits = realloc(set->bits, cap);
	if (bits == NULL)
		return -ENOMEM;
	memset(bits + set->cap, 0, cap - set->cap);
	set->bits = bits;
	set->cap = cap;
	return 0;
}

int
objset_add(struct objset *set, int64_t object, bool *ret_new)
{
	size_t byte;
	uint8_t bit;
	int r;

	if (object < 1 || object > OBJSET_MAX)
		return -ERANGE;
	byte = (size_t)object / 8;
	bit = (uint8_t)(1u << (object % 8));
	r = grow(set, byte);
	if (r < 0)
		return r;
	*ret_new = (set->bits[byte] & bit) == 0;
	set->bits[byte] |= bit;
	return 0;
}

bool
objset_has(const struct objset *set, int64_t object)
{
	size_t byte = (size_t)object / 8;

	return object >= 1 && byte < set->cap &&
	    (set->bits[byte] >> (object % 8) & 1) != 0;
}
