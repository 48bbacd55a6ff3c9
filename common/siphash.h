/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siphash.h - a short keyed hash, so that nobody who chooses names can choose
 * where they collide.
 *
 * SipHash-2-4.  Source: Aumasson, Bernstein, "SipHash: a fast short-input
 * PRF" (2012); its appendix A is our test vector.
 */
#ifndef AIA_COMMON_SIPHASH_H
#define AIA_COMMON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define AIA_SIPHASH_KEY_LEN 16	/* bytes */

struct aia_siphash {		/* fields belong to siphash.c */
	uint64_t v[4];
	uint64_t tail;		/* bytes that fill no word yet */
	uint64_t len;		/* bytes so far */
};

uint64_t aia_siphash(const uint8_t key[AIA_SIPHASH_KEY_LEN], const void *p,
    size_t len);

/* The same in pieces; the pieces' borders do not change the result. */
void aia_siphash_init(struct aia_siphash *sh,
    const uint8_t key[AIA_SIPHASH_KEY_LEN]);
void aia_siphash_add(struct aia_siphash *sh, const void *p, size_t len);
uint64_t aia_siphash_end(struct aia_siphash *sh);

#endif
