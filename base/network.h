/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * network.h - ranges of IP addresses, as configurations write them.
 */
#ifndef AIA_BASE_NETWORK_H
#define AIA_BASE_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct network {
	uint8_t	 addr[16];	/* IPv4 as ::ffff:a.b.c.d */
	unsigned bits;		/* of them that count */
};

/*
 * "192.0.2.0/24", "2001:db8::/32" or one address.  Bits that do not count must
 * be zero: who wrote 10.1.2.3/8 meant something else.  0 or AIA_EPROTO.
 */
AIA_MUST_USE int network_parse(const char *text, struct network *ret);
/* Is this an address, and in there? */
bool network_has(const struct network *net, const char *address);

#endif
