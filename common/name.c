/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * name.c - the one grammar for names of users and groups.
 */
#include "config.h"

#include "common/name.h"

#include <string.h>

/* Not isalpha(): that one depends on the locale of our host process. */
static bool
name_byte_ok(char c, size_t at)
{
	if ((c >= 'a' && c <= 'z') || c == '_')
		return true;
	return at > 0 && ((c >= '0' && c <= '9') || c == '.' || c == '-');
}

int
aia_name_parse(const char *in, size_t in_len, struct aia_name *ret)
{
	if (in_len == 0 || in_len > AIA_NAME_LEN_MAX)
		return AIA_ENAME;
	for (size_t i = 0; i < in_len; i++)
		if (!name_byte_ok(in[i], i))
			return AIA_ENAME;
	memmove(ret->s, in, in_len);
	memset(ret->s + in_len, 0, sizeof(ret->s) - in_len);
	return 0;
}

bool
aia_name_eq(const struct aia_name *a, const struct aia_name *b)
{
	return strcmp(a->s, b->s) == 0;
}
