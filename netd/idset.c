/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idset.c - which object ids were seen, in eight bytes each.
 *
 * An open-addressing table of hashes.  0 marks a free place; the hash 0 is
 * kept as 1.
 */
#include "config.h"

#include "netd/idset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/identity.h"
#include "common/siphash.h"

#define CAP_FIRST 1024	/* places; always a power of two */

struct idset {
	uint8_t		 key[AIA_SIPHASH_KEY_LEN];
	uint64_t	*place;
	size_t		 cap;		/* places */
	size_t		 n;		/* in use */
};

int
idset_new(struct idset **ret)
{
	struct idset *set = calloc(1, sizeof(*set));
	int r;

	if (set == NULL)
		return -ENOMEM;
	if (getrandom(set->key, sizeof(set->key), 0) !=
	    (ssize_t)sizeof(set->key)) {
		r = -EIO;
		goto out;
	}
	set->place = calloc(CAP_FIRST, sizeof(*set->place));
	if (set->place == NULL) {
		r = -ENOMEM;
		goto out;
	}
	set->cap = CAP_FIRST;
	*ret = set;
	set = NULL;		/* the caller's now */
	r = 0;
out:
	idset_free(set);
	return r;
}

void
idset_free(struct idset *set)
{
	if (set == NULL)
		return;
	free(set->place);
	free(set);
}

/* Where hash stands, or the free place where it would. */
static uint64_t *
place_of(uint64_t *place, size_t cap, uint64_t hash)
{
	size_t i = (size_t)hash & (cap - 1);

	while (place[i] != 0 && place[i] != hash)
		i = (i + 1) & (cap - 1);
	return &place[i];
}

static int
grow(struct idset *set)
{
	size_t cap = set->cap * 2;
	uint64_t *place = calloc(cap, sizeof(*place));

	if (place == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < set->cap; i++)
		if (set->place[i] != 0)
			*place_of(place, cap, set->place[i]) = set->place[i];
	free(set->place);
	set->place = place;
	set->cap = cap;
	return 0;
}

int
idset_add(struct idset *set, uint8_t kind, struct aia_span id)
{
	uint8_t text[1 + OBJECT_ID_LEN_MAX];
	uint64_t hash, *at;
	int r;

	if (id.len > OBJECT_ID_LEN_MAX)
		return -EINVAL;
	text[0] = kind;
	memcpy(text + 1, id.p, id.len);
	hash = aia_siphash(set->key, text, 1 + id.len);
	if (hash == 0)
		hash = 1;
	/* At most seven of eight places are ever in use. */
	if (set->n >= set->cap / 8 * 7) {
		r = grow(set);
		if (r < 0)
			return r;
	}
	at = place_of(set->place, set->cap, hash);
	if (*at == hash)
		return -EEXIST;
	*at = hash;
	set->n++;
	return 0;
}
