/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.c - addresses and what is not one.
 */
#include "config.h"

#include "aiauthd/login/source.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Only bounds the text.  Whoever can choose it (his own PTR record) gains no
 * more by a collision than by choosing the same text.
 */
static uint64_t
fnv1a(const uint8_t *p, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h;
}

static void
from_v4(const uint8_t a[4], struct source *ret)
{
	snprintf(ret->text, sizeof(ret->text), "%u.%u.%u.%u",
	    a[0], a[1], a[2], a[3]);
	snprintf(ret->peer, sizeof(ret->peer), "%u.%u.%u.%u",
	    a[0], a[1], a[2], a[3]);
	snprintf(ret->net, sizeof(ret->net), "%u.%u.%u.0/24",
	    a[0], a[1], a[2]);
	ret->is_address = true;
}

static void
from_v6(const struct in6_addr *a, struct source *ret)
{
	struct in6_addr net = *a;
	char text[INET6_ADDRSTRLEN] = "";

	if (IN6_IS_ADDR_V4MAPPED(a)) {
		from_v4(a->s6_addr + 12, ret);
		return;
	}
	memset(net.s6_addr + 8, 0, 8);
	(void)inet_ntop(AF_INET6, a, text, sizeof(text));
	snprintf(ret->text, sizeof(ret->text), "%s", text);
	(void)inet_ntop(AF_INET6, &net, text, sizeof(text));
	snprintf(ret->net, sizeof(ret->net), "%s/64", text);
	memcpy(ret->peer, ret->net, sizeof(ret->peer));
	ret->is_address = true;
}

void
source_parse(struct aia_span rhost, struct source *ret)
{
	struct source s = { 0 };
	struct in_addr v4;
	struct in6_addr v6;
	char *zone;

	if (rhost.len == 0) {
		snprintf(s.text, sizeof(s.text), "console");
		memcpy(s.net, s.text, sizeof(s.net));
		*ret = s;
		return;
	}
	s.remote = true;
	memcpy(s.text, rhost.p, rhost.len < sizeof(s.text) - 1 ?
	    rhost.len : sizeof(s.text) - 1);
	snprintf(s.net, sizeof(s.net), "text:%016" PRIx64,
	    fnv1a(rhost.p, rhost.len));
	memcpy(s.peer, s.net, sizeof(s.peer));
	if (rhost.len < sizeof(s.text) && strlen(s.text) == rhost.len) {
		char addr[sizeof(s.text)];

		memcpy(addr, s.text, sizeof(addr));
		zone = strchr(addr, '%');	/* of a link-local address */
		if (zone != NULL)
			*zone = '\0';
		if (inet_pton(AF_INET, addr, &v4) == 1 && zone == NULL)
			from_v4((const uint8_t *)&v4, &s);
		else if (inet_pton(AF_INET6, addr, &v6) == 1)
			from_v6(&v6, &s);
	}
	*ret = s;
}
