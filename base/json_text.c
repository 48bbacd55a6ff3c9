/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json_text.c - JSON as the text that it is, before any library has read it.
 */
#include "config.h"

#include "base/json_text.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"

#define NUMBER_LEN_MAX 18	/* characters; always fits 63 bits: JSON_I64_* */

static size_t
digits(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && p[n] >= '0' && p[n] <= '9')
		n++;
	return n;
}

/* RFC 8259 section 6, for the characters that can stand in a number. */
static bool
number_ok(const char *p, size_t len)
{
	size_t at = len > 0 && p[0] == '-' ? 1 : 0;
	size_t n = digits(p + at, len - at);

	if (n == 0 || (n > 1 && p[at] == '0'))
		return false;
	at += n;
	if (at < len && p[at] == '.') {
		n = digits(p + at + 1, len - at - 1);
		if (n == 0)
			return false;
		at += 1 + n;
	}
	if (at < len && (p[at] == 'e' || p[at] == 'E')) {
		at++;
		if (at < len && (p[at] == '+' || p[at] == '-'))
			at++;
		n = digits(p + at, len - at);
		if (n == 0)
			return false;
		at += n;
	}
	return at == len;
}

static size_t
number_len(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && memchr("+-.eE0123456789", p[n], 15) != NULL)
		n++;
	return n;
}

/* The library gives up on the whole text for such a number. */
static bool
number_is_mad(const char *p, size_t len)
{
	return (len > NUMBER_LEN_MAX || memchr(p, 'e', len) != NULL ||
	    memchr(p, 'E', len) != NULL) && number_ok(p, len);
}

/* Most of a text is strings: not byte by byte. */
static size_t
string_len(const char *p, size_t len)
{
	const char *quote = p, *at;

	do {
		quote = memchr(quote + 1, '"', len - (size_t)(quote + 1 - p));
		if (quote == NULL)
			return len;
		for (at = quote; at[-1] == '\\'; at--)
			;
	} while ((quote - at) % 2 != 0);	/* it is escaped itself */
	return (size_t)(quote + 1 - p);
}

int
json_text_scan(const char *p, size_t len, char *fix, bool *ret_mad)
{
	unsigned depth = 0;
	bool mad = false;

	for (size_t i = 0, n; i < len; i += n) {
		n = 1;
		if (p[i] == '"') {
			n = string_len(p + i, len - i);
		} else if (p[i] == '{' || p[i] == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return AIA_EPROTO;
		} else if ((p[i] == '}' || p[i] == ']') && depth > 0) {
			depth--;
		} else if (p[i] == '-' || (p[i] >= '0' && p[i] <= '9')) {
			n = number_len(p + i, len - i);
			if (!number_is_mad(p + i, n))
				continue;
			mad = true;
			if (fix != NULL) {
				memset(fix + i, ' ', n);
				fix[i] = '{';
				fix[i + 1] = '}';
			}
		}
	}
	*ret_mad = mad;
	return 0;
}

static size_t
blank_len(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && memchr(" \t\n\r", p[n], 4) != NULL)
		n++;
	return n;
}

/*
 * Up to the comma or bracket behind a value.  Brackets are counted, not
 * matched: what is wrong in between the library will say.
 */
static size_t
value_len(const char *p, size_t len)
{
	size_t depth = 0;

	for (size_t i = 0, n; i < len; i += n) {
		n = 1;
		if (p[i] == '"')
			n = string_len(p + i, len - i);
		else if (p[i] == '{' || p[i] == '[')
			depth++;
		else if (depth == 0 && memchr(",}]", p[i], 3) != NULL)
			return i;
		else if (p[i] == '}' || p[i] == ']')
			depth--;
	}
	return len;
}

/* Of the member at the beginning of p: 0 if there is none. */
static size_t
key_len(const char *p, size_t len, bool *ret_same, const char *key)
{
	size_t n, at;

	if (len == 0 || p[0] != '"')
		return 0;
	n = string_len(p, len);
	*ret_same = n == strlen(key) + 2 && memcmp(p + 1, key, n - 2) == 0;
	at = n + blank_len(p + n, len - n);
	if (at == len || p[at] != ':')
		return 0;
	at++;
	return at + blank_len(p + at, len - at);
}

/* What stands between the brackets of an array. */
static int
array_items(const char *p, size_t len, struct aia_span *ret)
{
	while (len > 0 && blank_len(p + len - 1, 1) > 0)
		len--;
	if (len < 2 || p[len - 1] != ']')
		return AIA_EPROTO;
	*ret = aia_span_of(p + 1, len - 2);
	return 0;
}

int
json_text_array(const char *p, size_t len, const char *key,
    struct aia_span *ret)
{
	size_t at = blank_len(p, len), n;
	bool same = false;

	if (at == len || p[at] != '{')
		return -ENOENT;
	while (at < len && p[at] != '}') {
		at++;		/* the bracket, or a comma */
		at += blank_len(p + at, len - at);
		n = key_len(p + at, len - at, &same, key);
		if (n == 0)
			break;
		at += n;
		n = value_len(p + at, len - at);
		if (same && n > 0 && p[at] == '[')
			return array_items(p + at, n, ret);
		at += n;
	}
	return -ENOENT;
}

int
json_items_next(struct aia_span *items, struct aia_span *ret)
{
	const char *p = (const char *)items->p;
	size_t len = items->len, at = blank_len(p, len), n;

	if (at == len)
		return 0;
	n = value_len(p + at, len - at);
	*ret = aia_span_of(p + at, n);
	at += n;
	if (at < len) {
		if (p[at++] != ',' ||
		    blank_len(p + at, len - at) == len - at)
			return AIA_EPROTO;
	}
	*items = aia_span_of(p + at, len - at);
	return 1;
}
