/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim.c - a SCIM 2.0 server (RFC 7643, RFC 7644) over HTTPS.
 *
 * Between full listings only what changed is asked for, by meta.lastModified:
 * that sees no deletes, and not every server can do it.  So a full listing asks
 * first whether this one can, and leaves a cursor only if it does.  The text of
 * one page at a time is in memory.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/ask.h"
#include "netd/idp/listing.h"
#include "netd/idp/scim_config.h"
#include "netd/idp/scim_cursor.h"
#include "netd/idp/standing.h"
#include "netd/oauth_form.h"

/* Bytes: the base, room for a query, and a cursor of which each byte has
 * become three. */
#define URL_MAX (512 + 3 * SCIM_NEXT_MAX)
#define MEDIA_TYPE "application/scim+json"
#define NEVER_S 7258118400	/* the year 2200: nothing changed after it */

struct scim {
	const struct idp_job	*job;
	struct ask		*ask;
	struct idp_end		*end;	/* filled by whoever fails first */
	enum netcall_mode	 mode;
	int64_t			 since_s;	/* NETCALL_DELTA */
	uint32_t		 by_cursor;	/* listing.h */
};

static const char *const endpoints[] = {
	[SCIM_USER] = "Users", [SCIM_GROUP] = "Groups",
};

static void
end_status(struct scim *s, const struct http_answer *answer)
{
	ask_end_status(s->ask, answer);
	if (answer->status == 400 && s->mode == NETCALL_DELTA)
		idp_end_set(s->end, NETCALL_START_OVER, "%s: HTTP status 400: "
		    "the filter by time is refused", s->job->source->url);
}

/* "startIndex=1", or "cursor=" and what the server called the next page. */
static void
place_make(const struct listing_at *at, char *room, size_t cap)
{
	struct aia_wr wr;
	size_t len;

	if (at->cursor == NULL) {
		(void)snprintf(room, cap, "startIndex=%" PRIu64, at->start);
		return;
	}
	aia_wr_init(&wr, room, cap);
	aia_wr_bytes(&wr, "cursor=", 7);
	oauth_form_add(&wr, NULL, aia_span_str(at->cursor));
	aia_wr_u8(&wr, '\0');
	if (aia_wr_end(&wr, &len) < 0)
		room[0] = '\0';	/* cannot be: cap is for the longest */
}

/* since_s: only what changed after it; -1: all. */
static void
url_make(const struct scim *s, enum scim_kind kind, int64_t since_s,
    const struct listing_at *at, char ret[URL_MAX])
{
	char place[3 * SCIM_NEXT_MAX + sizeof("cursor=")];
	const struct conf_source *source = s->job->source;
	char filter[sizeof("filter=meta.lastModified%20gt%20%22%22&") +
	    SCIM_TIME_MAX] = "";
	char since[SCIM_TIME_MAX];

	if (since_s >= 0) {
		scim_time_format(since_s, since);
		(void)snprintf(filter, sizeof(filter),
		    "filter=meta.lastModified%%20gt%%20%%22%s%%22&", since);
	}
	place_make(at, place, sizeof(place));
	(void)snprintf(ret, URL_MAX, "%.*s/%s?%s%s&count=%" PRIu32,
	    (int)idp_base_len(s->job), source->url, endpoints[kind], filter, place,
	    at->count);
}

/* An answer that is no page. */
static int
fetch_refused(struct scim *s, const struct listing_at *at,
    const struct http_answer *answer)
{
	bool goes_on = at->cursor != NULL && at->cursor[0] != '\0';
	char type[SCIM_ERROR_MAX] = "";

	if (answer->status == 400)
		scim_error_parse(answer->body, type);
	/* RFC 9865 section 2.1. */
	if (goes_on && (strcmp(type, "expiredCursor") == 0 ||
	    strcmp(type, "invalidCursor") == 0))
		return -ESTALE;
	if (type[0] != '\0' && s->mode == NETCALL_FULL)
		idp_end_set(s->end, NETCALL_BROKEN, "%s: HTTP status 400: %s",
		    s->job->source->url, type);
	else
		end_status(s, answer);
	return AIA_EOFFLINE;
}

static int
fetch(void *arg, enum scim_kind kind, const struct listing_at *at,
    struct scim_page **ret)
{
	struct scim *s = arg;
	struct http_answer answer = { 0 };
	char url[URL_MAX];
	int r;

	url_make(s, kind, s->since_s, at, url);
	r = ask_patiently(s->ask, url, MEDIA_TYPE, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200)
		return fetch_refused(s, at, &answer);
	r = scim_page_parse(answer.body.p, answer.body.len, ret);
	if (r < 0)
		idp_end_set(s->end, NETCALL_BROKEN, "%s: the answer is no SCIM "
		    "list: %s", url, aia_strerror(r));
	return r;
}

/*
 * Does the server filter by time?  Asked for what changes in the far future, it
 * must find nothing: one that does not know filters sends everything.  Returns
 * 1, 0 or why there was no answer.
 */
static int
filters_kind(struct scim *s, enum scim_kind kind)
{
	const struct listing_at first = { .start = 1, .count = 1,
	    .cursor = s->by_cursor > 0 ? "" : NULL };
	struct http_answer answer = { 0 };
	struct scim_page *page = NULL;
	struct scim_resource any;
	char url[URL_MAX];
	int r;

	url_make(s, kind, NEVER_S, &first, url);
	r = ask_get(s->ask, url, MEDIA_TYPE, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200 ||
	    scim_page_parse(answer.body.p, answer.body.len, &page) < 0)
		return 0;
	r = (scim_page_total(page) == 0 || (s->by_cursor > 0 &&
	    scim_page_total(page) == SCIM_TOTAL_NONE)) &&
	    scim_page_next(page, &any) == 0;
	scim_page_free(page);
	return r;
}

static int
filters(struct scim *s)
{
	int r = filters_kind(s, SCIM_USER);

	return r <= 0 ? r : filters_kind(s, SCIM_GROUP);
}

/* Are there pages by cursor?  Returns 0, or why there was no answer. */
static int
paging(struct scim *s)
{
	uint32_t wanted = s->job->source->page_size < LISTING_FIRST_MAX ?
	    s->job->source->page_size : LISTING_FIRST_MAX;
	struct http_answer answer = { 0 };
	char url[URL_MAX];
	int r;

	(void)snprintf(url, sizeof(url), "%.*s/ServiceProviderConfig",
	    (int)idp_base_len(s->job), s->job->source->url);
	r = ask_get(s->ask, url, MEDIA_TYPE, &answer);
	if (r == 0 && answer.status == 200)
		s->by_cursor = scim_config_by_cursor(answer.body, wanted);
	return r;
}

/* What listing_walk() found wrong by itself. */
static void
end_walk(struct scim *s, enum scim_kind kind, int r)
{
	if (r == -EFBIG)
		idp_end_too_many(s->end, s->job->source);
	else if (r == AIA_EPROTO || r == -EBADMSG)
		idp_end_set(s->end, NETCALL_BROKEN, "%s/%s: the answer is no "
		    "SCIM list: %s", s->job->source->url, endpoints[kind],
		    r == AIA_EPROTO ? "totalResults or nextCursor is "
		    "missing, or no use" :
		    "an object in it cannot be read");
}

static int
list_all(struct scim *s, struct listing *l)
{
	const struct listing_pages pages = { fetch, s, s->by_cursor };
	int r;

	for (int kind = SCIM_USER; kind <= SCIM_GROUP; kind++) {
		r = listing_walk(l, (enum scim_kind)kind, &pages);
		if (s->end->result.outcome == 0)
			end_walk(s, (enum scim_kind)kind, r);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
put_end(struct scim *s, struct feed *feed, bool has_deltas)
{
	char cursor[SCIM_CURSOR_MAX] = "";

	/* Without the server's clock nobody knows since when to ask. */
	if (has_deltas && ask_begun_s(s->ask) >= 0)
		scim_cursor_format(s->job, ask_begun_s(s->ask), s->by_cursor,
		    cursor);
	return feed_end(feed, aia_span_str(cursor), s->end);
}

static int
listing_run(struct scim *s)
{
	const struct netcall_listing_begin begin = {
	    .has = s->mode == NETCALL_DELTA ?
		AIA_BIT(NETCALL_BEGIN_F_SINCE) : 0, .since_s = s->since_s };
	struct listing *l = NULL;
	int r, has_deltas = 1;

	r = listing_new(s->job, s->mode, &l);
	if (r < 0)
		return r;
	r = feed_begin(listing_feed(l), &begin);
	if (r == 0 && s->mode == NETCALL_FULL)
		r = paging(s);
	if (r == 0 && s->mode == NETCALL_FULL)
		r = has_deltas = filters(s);
	if (r >= 0)
		r = list_all(s, l);
	if (r == 0)
		r = put_end(s, listing_feed(l), has_deltas > 0);
	listing_free(l);
	return r;
}

static int
scim_check(const struct idp_job *job, struct idp_end *end)
{
	return standing_ask(job, end, endpoints[SCIM_USER], "", MEDIA_TYPE,
	    scim_user_read);
}

static int
scim_sync(const struct idp_job *job, struct idp_end *end)
{
	struct scim s = { .job = job, .end = end, .mode = job->mode,
	    .since_s = -1 };
	int r;

	if (job->mode == NETCALL_DELTA &&
	    scim_cursor_parse(job, job->cursor, &s.since_s, &s.by_cursor) < 0) {
		idp_end_set(end, NETCALL_START_OVER, "the configuration of "
		    "this source is another one now");
		return 0;
	}
	r = ask_new(job, end, SCIM_PAGE_MAX, &s.ask);
	if (r == 0)
		r = listing_run(&s);
	ask_free(s.ask);
	return end->result.outcome != 0 ? 0 : r;
}

const struct idp_ops idp_scim = {
	.name = "scim", .has_deltas = true,
	.sync = scim_sync,
	.check = scim_check,
};
