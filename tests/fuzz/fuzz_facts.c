/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_facts.c - facts as bytes: what decodes encodes to the same bytes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "aiauthd/facts/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct facts facts;
	static uint8_t room[131072];
	size_t len = 0;

	if (facts_decode(aia_span_of(data, size), &facts) < 0)
		return 0;
	if (facts_encode(&facts, room, sizeof(room), &len) < 0 ||
	    len != size || memcmp(room, data, size) != 0)
		abort();
	return 0;
}
