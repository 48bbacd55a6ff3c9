/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * retry.c - when a server wants to be asked again.
 */
#include "config.h"

#include "netd/retry.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "common/err.h"
#include "common/id.h"

/* A count of seconds as large as this is a point in time. */
#define UNIX_TIME_MIN 1000000000
#define DIGITS_MAX 10		/* of a number of 32 bits */

/* RFC 9110 section 5.6.7; the second and third are obsolete and in use. */
static const char *const formats[] = {
	"%a, %d %b %Y %H:%M:%S GMT",
	"%A, %d-%b-%y %H:%M:%S GMT",
	"%a %b %e %H:%M:%S %Y",
};

static bool
date_parse(const char *text, int64_t *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, formats[i], &tm);

		if (end != NULL && *end == '\0') {
			*ret = timegm(&tm);
			return true;
		}
	}
	return false;
}

/* One too large for us is as large as can be: the server wants to be left
 * alone. */
static bool
number_parse(const char *text, int64_t *ret)
{
	size_t len = strlen(text);
	uint32_t n = UINT32_MAX;

	if (aia_id_parse(text, len, &n) < 0 && (len < DIGITS_MAX ||
	    text[0] == '0' || strspn(text, "0123456789") != len))
		return false;
	*ret = n;
	return true;
}

uint32_t
retry_wait_s(const char *retry_after, const char *reset, int64_t now_s)
{
	int64_t s = 0, at;

	if (retry_after != NULL && !number_parse(retry_after, &s) &&
	    date_parse(retry_after, &at))
		s = at - now_s;
	if (s <= 0 && reset != NULL && number_parse(reset, &s) &&
	    s >= UNIX_TIME_MIN)
		s -= now_s;
	if (s <= 0)
		return 0;
	return s > RETRY_MAX_S ? RETRY_MAX_S : (uint32_t)s;
}
