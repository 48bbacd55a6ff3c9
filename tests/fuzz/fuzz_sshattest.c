/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_sshattest.c - attestations of security keys: whatever they say, nobody
 * vouches for them.
 */
#include "config.h"

#include <stdlib.h>

#include "base/sshattest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct crypto_roots *roots;
	struct sshattest at;

	if (roots == NULL && crypto_roots_new(&roots) < 0)
		return 0;
	if (sshattest_parse(aia_span_of(data, size), &at) < 0)
		return 0;
	if (crypto_attestation_verify(roots, at.cert, at.sig, at.auth_data,
	    at.aaguid) == 0)
		abort();
	return 0;
}
