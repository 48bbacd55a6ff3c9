/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_wire.c - packets of both directions: what a stranger sends to aiauthd,
 * and what a false aiauthd sends to a plugin or a tool.
 *
 * What decodes must encode to the very same bytes, so that two readers never
 * take one packet for different messages.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/every_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct aia_packet pkt, again;
	union any_message said;

	if (size > sizeof(pkt.buf))
		return 0;
	memcpy(pkt.buf, data, size);
	pkt.len = size;
	if (aia_packet_head(&pkt) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(every_message); i++) {
		const struct aia_message *m = every_message[i];

		if (aia_decode(m, &pkt, &said) < 0)
			continue;
		if (m->type != pkt.type)
			abort();
		if (aia_encode(m, pkt.version, &said, &again) < 0 ||
		    again.len != pkt.len ||
		    memcmp(again.buf, pkt.buf, pkt.len) != 0)
			abort();
	}
	return 0;
}
