/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * when.c - a moment as people write it.
 */
#include "config.h"

#include "base/when.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "common/id.h"

static int
date_parse(const char *s, int64_t *ret)
{
	static const char *const formats[] = {
		"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S",
	};

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct tm tm = { .tm_isdst = -1 };
		const char *end = strptime(s, formats[i], &tm);
		const int day = tm.tm_mday;
		time_t t;

		if (end == NULL || *end != '\0')
			continue;
		t = mktime(&tm);	/* 31 February would be 3 March */
		if (t == (time_t)-1 || tm.tm_mday != day)
			return -EINVAL;
		*ret = t;
		return 0;
	}
	return -EINVAL;
}

/* "12h": how many seconds. */
static int
span_parse(const char *s, int64_t *ret)
{
	static const struct { char unit; int64_t s; } units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
	};
	size_t len = strlen(s);
	uint32_t n;

	if (len < 2 || aia_id_parse(s, len - 1, &n) < 0)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (units[i].unit != s[len - 1])
			continue;
		*ret = n * units[i].s;
		return 0;
	}
	return -EINVAL;
}

int
when_parse(const char *s, int64_t now_s, int64_t *ret)
{
	int64_t ago = 0;
	uint32_t unix_s;

	if (span_parse(s, &ago) == 0) {
		*ret = now_s - ago;
		return 0;
	}
	if (s[0] != '@')
		return date_parse(s, ret);
	if (aia_id_parse(s + 1, strlen(s + 1), &unix_s) < 0)
		return -EINVAL;
	*ret = unix_s;
	return 0;
}
