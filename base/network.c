/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * network.c - ranges of IP addresses.
 */
#include "config.h"

#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

#define V4_BITS 32
#define BITS 128

/* The bits of an address of its kind, or 0: it is none. */
static unsigned
address_parse(const char *text, uint8_t ret[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET, text, ret + sizeof(mapped)) == 1) {
		memcpy(ret, mapped, sizeof(mapped));
		return V4_BITS;
	}
	return inet_pton(AF_INET6, text, ret) == 1 ? BITS : 0;
}

/* One or more digits, no leading zero, at most max. */
static bool
bits_parse(const char *text, unsigned max, unsigned *ret)
{
	unsigned n = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = 10 * n + (unsigned)(*text - '0');
		if (n > max)
			return false;
	}
	*ret = n;
	return true;
}

static bool
bit(const uint8_t addr[16], unsigned i)
{
	return (addr[i / 8] >> (7 - i % 8) & 1) != 0;
}

int
network_parse(const char *text, struct network *ret)
{
	struct network net = { 0 };
	const char *slash = strchr(text, '/');
	size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
	char address[INET6_ADDRSTRLEN];
	unsigned size, bits;

	if (len >= sizeof(address))
		return AIA_EPROTO;
	memcpy(address, text, len);
	address[len] = '\0';
	size = address_parse(address, net.addr);
	bits = size;
	if (size == 0 || (slash != NULL && !bits_parse(slash + 1, size, &bits)))
		return AIA_EPROTO;
	net.bits = BITS - size + bits;
	for (unsigned i = net.bits; i < BITS; i++)
		if (bit(net.addr, i))
			return AIA_EPROTO;
	*ret = net;
	return 0;
}

bool
network_has(const struct network *net, const char *address)
{
	uint8_t addr[16];

	if (address_parse(address, addr) == 0)
		return false;
	for (unsigned i = 0; i < net->bits; i++)
		if (bit(addr, i) != bit(net->addr, i))
			return false;
	return true;
}
