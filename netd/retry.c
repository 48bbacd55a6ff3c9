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

static bool
number_parse(const char *text, int64_t *ret)
{
	uint32_t n;

	if (aia_id_parse(text, strlen(text), &n) < 0)
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
