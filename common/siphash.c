/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siphash.c - SipHash-2-4.
 */
#include "config.h"

#include "common/siphash.h"

static uint64_t
word_at(const uint8_t *p)
{
	uint64_t w = 0;

	for (unsigned i = 0; i < 8; i++)
		w |= (uint64_t)p[i] << 8 * i;
	return w;
}

static uint64_t
turn(uint64_t v, unsigned bits)
{
	return v << bits | v >> (64 - bits);
}

static void
rounds(uint64_t v[4], unsigned n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = turn(v[1], 13) ^ v[0];
		v[3] = turn(v[3], 16) ^ v[2];
		v[0] = turn(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = turn(v[1], 17) ^ v[2];
		v[3] = turn(v[3], 21) ^ v[0];
		v[2] = turn(v[2], 32);
	}
}

static void
take_word(struct aia_siphash *sh, uint64_t word)
{
	sh->v[3] ^= word;
	rounds(sh->v, 2);
	sh->v[0] ^= word;
}

void
aia_siphash_init(struct aia_siphash *sh,
    const uint8_t key[AIA_SIPHASH_KEY_LEN])
{
	uint64_t k0 = word_at(key), k1 = word_at(key + 8);

	*sh = (struct aia_siphash){ .v = {
		k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d,
		k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573,
	} };
}

void
aia_siphash_add(struct aia_siphash *sh, const void *p, size_t len)
{
	const uint8_t *b = p;

	while (len > 0) {
		if (sh->len % 8 == 0 && len >= 8) {
			take_word(sh, word_at(b));
			sh->len += 8;
			b += 8;
			len -= 8;
			continue;
		}
		sh->tail |= (uint64_t)*b << 8 * (sh->len % 8);
		sh->len++;
		b++;
		len--;
		if (sh->len % 8 == 0) {
			take_word(sh, sh->tail);
			sh->tail = 0;
		}
	}
}

uint64_t
aia_siphash_end(struct aia_siphash *sh)
{
	take_word(sh, sh->tail | sh->len << 56);
	sh->v[2] ^= 0xff;
	rounds(sh->v, 4);
	return sh->v[0] ^ sh->v[1] ^ sh->v[2] ^ sh->v[3];
}

uint64_t
aia_siphash(const uint8_t key[AIA_SIPHASH_KEY_LEN], const void *p, size_t len)
{
	struct aia_siphash sh;

	aia_siphash_init(&sh, key);
	aia_siphash_add(&sh, p, len);
	return aia_siphash_end(&sh);
}
