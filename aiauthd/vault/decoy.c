/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decoy.c - what somebody is asked for whom nothing would let in.
 */
#include "config.h"

#include "aiauthd/vault/decoy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/facts/facts.h"

/* Where a name points on the ring. */
static int
place(const struct desk *desk, const struct aia_name *name,
    char ret[STATE_KEY_MAX + 1])
{
	const struct aia_span part = aia_span_str(name->s);
	uint8_t hash[SEAL_HASH_LEN];
	char hex[OWNER_LEN + 1];
	int r;

	r = seal_hash(&desk->keys, "decoy", &part, 1, hash);
	if (r < 0)
		return r;
	seal_hex(hash, OWNER_LEN / 2, hex);
	(void)snprintf(ret, STATE_KEY_MAX + 1, ENROLLED_PREFIX "%s", hex);
	return 0;
}

/* -ENOENT: nobody has enrolled anything. */
static int
neighbour(const struct desk *desk, const struct aia_name *name,
    struct owner *ret)
{
	char from[STATE_KEY_MAX + 1], found[STATE_KEY_MAX + 1];
	int r;

	r = place(desk, name, from);
	if (r < 0)
		return r;
	r = state_seek(desk->state, ENROLLED_PREFIX, from, found);
	if (r == -ENOENT)	/* round the ring */
		r = state_seek(desk->state, ENROLLED_PREFIX, ENROLLED_PREFIX,
		    found);
	return r < 0 ? r : enrolled_owner(found, ret);
}

static uint32_t
factors_of(const struct enrolled_set *set)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < set->n; i++) {
		const char *factor = set->v[i].pub.factor;
		enum fact_name name;

		if (fact_name_parse(factor, strlen(factor), &name) == 0)
			bits |= UINT32_C(1) << name;
	}
	return bits;
}

int
decoy_factors(const struct desk *desk, const struct aia_name *name,
    const struct enrolled_set *own, uint32_t *ret)
{
	struct enrolled_set other = { .n = 0 };
	struct owner owner;
	int r;

	r = neighbour(desk, name, &owner);
	if (r == 0)
		r = enrolled_load(desk, &owner, NULL, &other);
	/* Another's damaged row must not keep this one out. */
	if (r < 0 && r != -ENOENT && r != AIA_EDAMAGED)
		return r;
	*ret = factors_of(own->n > 0 ? own : &other);
	return 0;
}
