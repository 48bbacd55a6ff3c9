/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idset.c - which object ids were seen, in some ten bytes each.
 *
 * Open-addressing tables of hashes.  0 marks a free place; the hash 0 is kept
 * as 1.  There are several, each for its part of all hashes, and they grow by a
 * quarter: a table that grows is there twice for a moment, and one of twice the
 * size would be half empty.  They are mapped, because what malloc() keeps of
 * tables that were too small is of no use to larger ones.
 */
#include "config.h"

#include "netd/idset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "base/identity.h"
#include "common/siphash.h"

#define PARTS 32
#define PART_SHIFT 59		/* the hash's upper five bits */
#define CAP_STEP 512		/* places: a page of memory */

struct part {
	uint64_t	*place;
	size_t		 cap;		/* places; below 2^32 */
	size_t		 n;		/* in use */
};

struct idset {
	uint8_t		 key[AIA_SIPHASH_KEY_LEN];
	struct part	 parts[PARTS];
};

int
idset_new(struct idset **ret)
{
	struct idset *set = calloc(1, sizeof(*set));

	if (set == NULL)
		return -ENOMEM;
	if (getrandom(set->key, sizeof(set->key), 0) !=
	    (ssize_t)sizeof(set->key)) {
		free(set);
		return -EIO;
	}
	*ret = set;
	return 0;
}

static void
place_free(struct part *part)
{
	if (part->place != NULL)
		(void)munmap(part->place, part->cap * sizeof(*part->place));
}

void
idset_free(struct idset *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < PARTS; i++)
		place_free(&set->parts[i]);
	free(set);
}

/* Where hash stands, or the free place where it would. */
static uint64_t *
place_of(uint64_t *place, size_t cap, uint64_t hash)
{
	/* Its lower half, as a fraction of the table. */
	size_t i = (size_t)((hash & UINT32_MAX) * cap >> 32);

	while (place[i] != 0 && place[i] != hash)
		i = i + 1 == cap ? 0 : i + 1;
	return &place[i];
}

static int
grow(struct part *part)
{
	size_t cap = (part->cap + part->cap / 4 + CAP_STEP) / CAP_STEP *
	    CAP_STEP;
	uint64_t *place = mmap(NULL, cap * sizeof(*place),
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (place == MAP_FAILED)
		return -ENOMEM;
	for (size_t i = 0; i < part->cap; i++)
		if (part->place[i] != 0)
			*place_of(place, cap, part->place[i]) =
			    part->place[i];
	place_free(part);
	part->place = place;
	part->cap = cap;
	return 0;
}

/* Never 0: that is a free place. */
static uint64_t
hash_of(const struct idset *set, uint8_t kind, struct aia_span id)
{
	uint8_t text[1 + OBJECT_ID_LEN_MAX];
	uint64_t hash;

	text[0] = kind;
	memcpy(text + 1, id.p, id.len);
	hash = aia_siphash(set->key, text, 1 + id.len);
	return hash == 0 ? 1 : hash;
}

bool
idset_has(const struct idset *set, uint8_t kind, struct aia_span id)
{
	const struct part *part;
	uint64_t hash;

	if (id.len > OBJECT_ID_LEN_MAX)
		return false;
	hash = hash_of(set, kind, id);
	part = &set->parts[hash >> PART_SHIFT];
	return part->n > 0 && *place_of(part->place, part->cap, hash) == hash;
}

int
idset_add(struct idset *set, uint8_t kind, struct aia_span id)
{
	struct part *part;
	uint64_t hash, *at;
	int r;

	if (id.len > OBJECT_ID_LEN_MAX)
		return -EINVAL;
	hash = hash_of(set, kind, id);
	part = &set->parts[hash >> PART_SHIFT];
	/* At most seven of eight places are ever in use. */
	if (part->n == part->cap / 8 * 7) {
		r = grow(part);
		if (r < 0)
			return r;
	}
	at = place_of(part->place, part->cap, hash);
	if (*at == hash)
		return -EEXIST;
	*at = hash;
	part->n++;
	return 0;
}
