/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * like.c - patterns: a beginning, parts in this order, an end.
 *
 * Bytes will do: a literal part begins with a lead byte wherever it matches.
 * The first place of each part is as good as any later one.
 */
#define _GNU_SOURCE	/* memmem(3), which is linear in the worst case, too */

#include "cedar/like.h"

#include <string.h>

#include "cedar/lex.h"

static bool
same(const char *a, const char *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

bool
like_matches(struct str s, struct str pattern)
{
	const char *at = s.p, *end = s.p + s.len, *found;
	const char *part = pattern.p, *pattern_end = part + pattern.len, *star;
	size_t len;

	for (bool first = true;; first = false) {
		star = part == pattern_end ? NULL : memchr(part,
		    (unsigned char)PATTERN_ANY, (size_t)(pattern_end - part));
		len = (size_t)((star == NULL ? pattern_end : star) - part);
		if (len > (size_t)(end - at))
			return false;
		if (star == NULL)
			break;
		found = first || len == 0 ? at :
		    memmem(at, (size_t)(end - at), part, len);
		if (found == NULL || !same(found, part, len))
			return false;
		at = found + len;
		part = star + 1;
	}
	if (part == pattern.p)		/* no star at all */
		return len == s.len && same(at, part, len);
	return same(end - len, part, len);
}
