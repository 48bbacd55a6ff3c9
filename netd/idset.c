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

#define CAP_FIRST 1024	/* places; always a power of two */

struct idset {
	uint8_t		 key[16];
	uint64_t	*place;
	size_t		 cap;		/* places */
	size_t		 n;		/* in use */
};

static uint64_t
rotate(uint64_t v, unsigned bits)
{
	return v << bits | v >> (64 - bits);
}

static uint64_t
load_le(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

static void
sip_rounds(uint64_t v[4], unsigned rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

uint64_t
idset_hash(const uint8_t key[16], const void *p, size_t len)
{
	const uint8_t *b = p;
	uint64_t k0 = load_le(key, 8), k1 = load_le(key + 8, 8);
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
	    k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573 };
	uint64_t last = (uint64_t)len << 56;

	for (; len >= 8; b += 8, len -= 8) {
		uint64_t m = load_le(b, 8);

		v[3] ^= m;
		sip_rounds(v, 2);
		v[0] ^= m;
	}
	last |= load_le(b, len);
	v[3] ^= last;
	sip_rounds(v, 2);
	v[0] ^= last;
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

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
	hash = idset_hash(set->key, text, 1 + id.len);
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
