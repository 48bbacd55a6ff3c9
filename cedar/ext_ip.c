/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext_ip.c - the ipaddr type: addresses with a prefix.
 *
 * The text forms are the language's: no zone, no brackets, no IPv4 inside
 * IPv6, no leading zeros in decimal parts.  inet_pton(3) differs in all three.
 */
#include "cedar/ext.h"

#include <string.h>

#define IP_TEXT_MAX 43	/* bytes; longer text is refused unread */

struct text { const char *p, *end; };

/* 1..max_digits decimal digits, no leading zero, at most max. */
static bool
take_decimal(struct text *t, size_t max_digits, unsigned max, unsigned *ret)
{
	const char *start = t->p;
	unsigned v = 0;

	while (t->p < t->end && *t->p >= '0' && *t->p <= '9') {
		if ((size_t)(t->p - start) == max_digits)
			return false;
		v = v * 10 + (unsigned)(*t->p++ - '0');
	}
	if (t->p == start || (*start == '0' && t->p - start > 1) || v > max)
		return false;
	*ret = v;
	return true;
}

static bool
take_ipv4(struct text *t, uint8_t *addr)
{
	for (size_t i = 0; i < 4; i++) {
		unsigned v;

		if (i > 0 && (t->p == t->end || *t->p++ != '.'))
			return false;
		if (!take_decimal(t, 3, 255, &v))
			return false;
		addr[i] = (uint8_t)v;
	}
	return true;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
take_group(struct text *t, uint8_t *at)
{
	unsigned v = 0, n = 0;

	for (; t->p < t->end && hex(*t->p) >= 0; t->p++) {
		if (++n > 4)
			return false;
		v = v * 16 + (unsigned)hex(*t->p);
	}
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
	return n > 0;
}

static bool
take_gap(struct text *t)
{
	if (t->end - t->p < 2 || t->p[0] != ':' || t->p[1] != ':')
		return false;
	t->p += 2;
	return true;
}

static bool
address_ends(const struct text *t)
{
	return t->p == t->end || *t->p == '/';
}

static bool
take_ipv6(struct text *t, uint8_t *addr)
{
	uint8_t out[16] = { 0 };
	size_t n = 0, gap = SIZE_MAX;	/* groups so far; before the "::" */

	if (take_gap(t))
		gap = 0;
	while (!address_ends(t)) {
		if (n == 8 || !take_group(t, out + 2 * n))
			return false;
		n++;
		if (address_ends(t))
			break;
		if (take_gap(t)) {
			if (gap != SIZE_MAX)
				return false;
			gap = n;
		} else if (*t->p++ != ':' || address_ends(t)) {
			return false;
		}
	}
	if (gap == SIZE_MAX ? n != 8 : n == 8)
		return false;
	memset(addr, 0, 16);
	if (gap == SIZE_MAX)
		gap = n;
	memcpy(addr, out, 2 * gap);
	memcpy(addr + 16 - 2 * (n - gap), out + 2 * gap, 2 * (n - gap));
	return true;
}

static bool
ip_parse(struct str s, struct ip *ret)
{
	struct text t = { s.p, s.p + s.len };
	unsigned prefix;

	*ret = (struct ip){ 0 };
	if (s.len == 0 || s.len > IP_TEXT_MAX)
		return false;
	ret->is_v4 = memchr(s.p, ':', s.len) == NULL;
	prefix = ret->is_v4 ? 32 : 128;
	if (!(ret->is_v4 ? take_ipv4 : take_ipv6)(&t, ret->addr))
		return false;
	if (t.p < t.end && (*t.p++ != '/' ||
	    !take_decimal(&t, 3, prefix, &prefix)))
		return false;
	ret->prefix = (uint8_t)prefix;
	return t.p == t.end;
}

const char *
ext_ip(struct mem *m, const struct value *a, struct value *ret)
{
	struct ip *ip;

	if (a[0].type != V_STRING)
		return "ip() takes a string";
	ip = mem_get(m, 1, sizeof(*ip));
	if (ip == NULL)
		return ext_no_memory;
	if (!ip_parse(a[0].u.s, ip))
		return "not an IP address";
	*ret = (struct value){ .type = V_IP, .u.ip = ip };
	return NULL;
}

/* Are the first n bits those of the network? */
static bool
bits_match(const uint8_t *addr, const uint8_t *net, unsigned n)
{
	unsigned rest = n % 8;

	if (memcmp(addr, net, n / 8) != 0)
		return false;
	return rest == 0 ||
	    ((addr[n / 8] ^ net[n / 8]) >> (8 - rest)) == 0;
}

static const char *
receiver(const struct value *a)
{
	return a[0].type == V_IP ? NULL : "this method is for IP addresses";
}

const char *
ext_is_ipv4(struct mem *m, const struct value *a, struct value *ret)
{
	const char *why = receiver(a);

	(void)m;
	if (why == NULL)
		*ret = value_bool(a[0].u.ip->is_v4);
	return why;
}

const char *
ext_is_ipv6(struct mem *m, const struct value *a, struct value *ret)
{
	const char *why = receiver(a);

	(void)m;
	if (why == NULL)
		*ret = value_bool(!a[0].u.ip->is_v4);
	return why;
}

static const char *
inside(const struct value *a, const struct ip *v4, const struct ip *v6,
    struct value *ret)
{
	const struct ip *net, *ip = a[0].u.ip;
	const char *why = receiver(a);

	if (why != NULL)
		return why;
	net = ip->is_v4 ? v4 : v6;
	*ret = value_bool(ip->prefix >= net->prefix &&
	    bits_match(ip->addr, net->addr, net->prefix));
	return NULL;
}

const char *
ext_is_loopback(struct mem *m, const struct value *a, struct value *ret)
{
	static const struct ip v4 = { { 127 }, 8, true };
	static const struct ip v6 = { { [15] = 1 }, 128, false };

	(void)m;
	return inside(a, &v4, &v6, ret);
}

const char *
ext_is_multicast(struct mem *m, const struct value *a, struct value *ret)
{
	static const struct ip v4 = { { 224 }, 4, true };
	static const struct ip v6 = { { 0xff }, 8, false };

	(void)m;
	return inside(a, &v4, &v6, ret);
}

const char *
ext_is_in_range(struct mem *m, const struct value *a, struct value *ret)
{
	(void)m;
	if (a[0].type != V_IP || a[1].type != V_IP)
		return "isInRange() is for IP addresses";
	*ret = value_bool(a[0].u.ip->is_v4 == a[1].u.ip->is_v4 &&
	    a[0].u.ip->prefix >= a[1].u.ip->prefix &&
	    bits_match(a[0].u.ip->addr, a[1].u.ip->addr,
	    a[1].u.ip->prefix));
	return NULL;
}
