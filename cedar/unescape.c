/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unescape.c - what string literals and patterns mean; UTF-8.
 */
#include "cedar/lex.h"

#include <string.h>

uint32_t
utf8_get(const char *p, size_t *i)
{
	const unsigned char *s = (const unsigned char *)p + *i;
	unsigned n = s[0] < 0x80 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : 3;
	uint32_t c = n == 0 ? s[0] : s[0] & (0x3fu >> n);

	for (unsigned k = 1; k <= n; k++)
		c = c << 6 | (s[k] & 0x3fu);
	*i += n + 1;
	return c;
}

size_t
utf8_put(uint32_t c, char room[4])
{
	if (c < 0x80) {
		room[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		room[0] = (char)(0xc0 | c >> 6);
		room[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		room[0] = (char)(0xe0 | c >> 12);
		room[1] = (char)(0x80 | (c >> 6 & 0x3f));
		room[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	room[0] = (char)(0xf0 | c >> 18);
	room[1] = (char)(0x80 | (c >> 12 & 0x3f));
	room[2] = (char)(0x80 | (c >> 6 & 0x3f));
	room[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Bytes that must follow a lead byte, or -1. */
static int
utf8_more(unsigned char lead)
{
	if (lead < 0x80)
		return 0;
	if (lead >= 0xc2 && lead < 0xe0)
		return 1;
	if (lead >= 0xe0 && lead < 0xf0)
		return 2;
	return lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
}

bool
utf8_ok(const char *p, size_t len)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };

	for (size_t i = 0; i < len; ) {
		int more = utf8_more((unsigned char)p[i]);
		uint32_t c;

		if (more < 0 || (size_t)more >= len - i)
			return false;
		for (int k = 1; k <= more; k++)
			if ((p[i + (size_t)k] & 0xc0) != 0x80)
				return false;
		c = utf8_get(p, &i);
		if (c < least[more] || c > 0x10ffff ||
		    (c >= 0xd800 && c < 0xe000))
			return false;
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

/* After "\x": exactly two digits, at most 7f. */
static bool
escape_x(struct str raw, size_t *i, uint32_t *ret)
{
	int a = *i < raw.len ? hex(raw.p[*i]) : -1;
	int b = *i + 1 < raw.len ? hex(raw.p[*i + 1]) : -1;

	if (a < 0 || a > 7 || b < 0)
		return false;
	*i += 2;
	*ret = (uint32_t)(a * 16 + b);
	return true;
}

/* After "\u": {1 to 6 digits}, '_' anywhere but in front. */
static bool
escape_u(struct str raw, size_t *i, uint32_t *ret)
{
	uint32_t c = 0;
	unsigned n = 0;

	if (*i >= raw.len || raw.p[(*i)++] != '{')
		return false;
	for (; *i < raw.len && raw.p[*i] != '}'; ++*i) {
		int d = hex(raw.p[*i]);

		if (raw.p[*i] == '_' && n > 0)
			continue;
		if (d < 0 || ++n > 6)
			return false;
		c = c * 16 + (uint32_t)d;
	}
	if (*i >= raw.len || n == 0 || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return false;
	++*i;		/* the brace */
	*ret = c;
	return true;
}

/* After the backslash.  *literal: not a wildcard whatever it is. */
static bool
escape(struct str raw, size_t *i, bool pattern, uint32_t *ret, bool *literal)
{
	static const char from[] = "\"\\'nrt0", to[] = "\"\\'\n\r\t";
	const char *at;
	char c;

	if (*i >= raw.len)
		return false;
	c = raw.p[(*i)++];
	*literal = false;
	if (c == '*' && pattern) {
		*literal = true;
		*ret = '*';
		return true;
	}
	if (c == 'x')
		return escape_x(raw, i, ret);
	if (c == 'u')
		return escape_u(raw, i, ret);
	at = c == '\0' ? NULL : strchr(from, c);
	if (at == NULL)
		return false;
	*ret = (unsigned char)to[at - from];	/* "\0": to's own end */
	return true;
}

static bool
undo(struct mem *m, struct str raw, bool pattern, struct str *ret,
    const char **why)
{
	char *out = mem_get(m, raw.len + (size_t)1, 1);
	size_t n = 0;

	*why = NULL;
	if (out == NULL)
		return false;
	for (size_t i = 0; i < raw.len; ) {
		bool literal = false;
		uint32_t c;

		if (raw.p[i] == '\r') {
			*why = "a carriage return inside a string";
			return false;
		}
		if (raw.p[i] == '\\') {
			i++;
			if (!escape(raw, &i, pattern, &c, &literal)) {
				*why = "an escape that does not exist";
				return false;
			}
		} else {
			c = utf8_get(raw.p, &i);
		}
		if (pattern && c == '*' && !literal)
			out[n++] = PATTERN_ANY;
		else
			n += utf8_put(c, out + n);
	}
	*ret = str_make(out, n);
	return true;
}

bool
unescape(struct mem *m, struct str raw, struct str *ret, const char **why)
{
	return undo(m, raw, false, ret, why);
}

bool
unescape_pattern(struct mem *m, struct str raw, struct str *ret,
    const char **why)
{
	return undo(m, raw, true, ret, why);
}
