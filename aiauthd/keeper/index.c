/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.c - an open-addressed table of (hash, number), at most half full.
 */
#include "config.h"

#include "aiauthd/keeper/index.h"

#include <errno.h>
#include <stdlib.h>

#define CAP_MIN 64		/* slots; a power of two, as all that follow */

void
index_clear(struct index *ix)
{
	free(ix->slot);
	*ix = (struct index){ 0 };
}

/* There is always a free slot. */
static void
put(struct index_slot *slot, size_t cap, struct index_slot s)
{
	size_t i = (size_t)s.hash & (cap - 1);

	while (slot[i].number != 0)
		i = (i + 1) & (cap - 1);
	slot[i] = s;
}

static int
grow(struct index *ix)
{
	size_t cap = ix->cap == 0 ? CAP_MIN : ix->cap * 2;
	struct index_slot *slot = calloc(cap, sizeof(*slot));

	if (slot == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < ix->cap; i++)
		if (ix->slot[i].number != 0)
			put(slot, cap, ix->slot[i]);
	free(ix->slot);
	ix->slot = slot;
	ix->cap = cap;
	return 0;
}

int
index_add(struct index *ix, uint64_t hash, uint32_t number)
{
	int r;

	if (ix->n >= ix->cap / 2) {
		r = grow(ix);
		if (r < 0)
			return r;
	}
	put(ix->slot, ix->cap,
	    (struct index_slot){ .hash = hash, .number = number + 1 });
	ix->n++;
	return 0;
}

bool
index_find(const struct index *ix, uint64_t hash,
    bool (*same)(const void *arg, uint32_t number), const void *arg,
    uint32_t *ret)
{
	if (ix->cap == 0)
		return false;
	for (size_t i = (size_t)hash & (ix->cap - 1); ix->slot[i].number != 0;
	    i = (i + 1) & (ix->cap - 1)) {
		if (ix->slot[i].hash != hash ||
		    !same(arg, ix->slot[i].number - 1))
			continue;
		*ret = ix->slot[i].number - 1;
		return true;
	}
	return false;
}
