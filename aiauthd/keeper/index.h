/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.h - numbers found again by a hash of what they stand for.
 *
 * The caller keeps the things themselves in an array and compares them; the
 * index holds only (hash, number).
 */
#ifndef AIA_KEEPER_INDEX_H
#define AIA_KEEPER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct index_slot {
	uint64_t hash;
	uint32_t number;	/* plus one; 0: free */
};

struct index {			/* all zero: empty */
	struct index_slot *slot;
	size_t		 cap, n;
};

void index_clear(struct index *ix);

/* 0 or -ENOMEM.  number < UINT32_MAX; the same may be added again. */
AIA_MUST_USE int index_add(struct index *ix, uint64_t hash, uint32_t number);

/*
 * The first number under this hash for which 'same' says yes.
 */
bool index_find(const struct index *ix, uint64_t hash,
    bool (*same)(const void *arg, uint32_t number), const void *arg,
    uint32_t *ret);

#endif
