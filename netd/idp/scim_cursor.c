/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_cursor.c - up to when we know a SCIM server.
 *
 * In the text: a version, a hash over what the configuration says of the
 * source, the server's time, and how it has its pages.
 */
#include "config.h"

#include "netd/idp/scim_cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define OVERLAP_S 300
#define TIME_MAX_S 253402300799	/* the year 9999 ends */

void
scim_cursor_format(const struct idp_job *job, int64_t date_s,
    uint32_t by_cursor, char ret[SCIM_CURSOR_MAX])
{
	(void)snprintf(ret, SCIM_CURSOR_MAX, "2 %016" PRIx64 " %012" PRId64
	    " %04" PRIu32, idp_job_hash(job), date_s, by_cursor);
}

/* What formatting it again would give, and nothing else. */
int
scim_cursor_parse(const struct idp_job *job, struct aia_span cursor,
    int64_t *ret_since_s, uint32_t *ret_by_cursor)
{
	uint32_t by_cursor;
	char text[SCIM_CURSOR_MAX], again[SCIM_CURSOR_MAX];
	uint64_t hash;
	int64_t date_s;

	if (cursor.len == 0 || cursor.len >= sizeof(text))
		return AIA_EPROTO;
	memcpy(text, cursor.p, cursor.len);
	text[cursor.len] = '\0';
	if (sscanf(text, "2 %16" SCNx64 " %12" SCNd64 " %4" SCNu32, &hash,
	    &date_s, &by_cursor) != 3 || date_s < 0 || date_s > TIME_MAX_S)
		return AIA_EPROTO;
	scim_cursor_format(job, date_s, by_cursor, again);
	if (!aia_span_eq(cursor, aia_span_str(again)))
		return AIA_EPROTO;
	*ret_by_cursor = by_cursor;
	*ret_since_s = date_s < OVERLAP_S ? 0 : date_s - OVERLAP_S;
	return 0;
}

void
scim_time_format(int64_t time_s, char ret[SCIM_TIME_MAX])
{
	time_t t = time_s;
	struct tm tm = { 0 };

	(void)gmtime_r(&t, &tm);
	if (strftime(ret, SCIM_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		ret[0] = '\0';
}
