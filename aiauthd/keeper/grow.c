/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grow.c - room for one more element of an array on the heap.
 */
#include "config.h"

#include "aiauthd/keeper/grow.h"

#include <stdlib.h>

#define FIRST 64

void *
grow_one(void *v, size_t n, size_t *cap, size_t size)
{
	/* By half: a million candidates are moved, not doubled. */
	size_t want = *cap == 0 ? FIRST : *cap + *cap / 2;
	void *p;

	if (n < *cap)
		return v;
	p = reallocarray(v, want, size);
	if (p != NULL)
		*cap = want;
	return p;
}
