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
#include <string.h>

#include "netd/http.h"
#include "netd/idp/listing.h"
#include "netd/idp/scim_cursor.h"
#include "netd/oauth.h"
#include "netd/token.h"

#define URL_MAX 512		/* bytes: the base, and room for a query */
#define MEDIA_TYPE "application/scim+json"
#define NEVER_S 7258118400	/* the year 2200: nothing changed after it */

struct scim {
	const struct idp_job	*job;
	struct http		*http;
	struct idp_end		*end;	/* filled by whoever fails first */
	struct oauth		*oauth;	/* NULL: token_file, or no token */
	enum netcall_mode	 mode;
	int64_t			 since_s;	/* NETCALL_DELTA */
	int64_t			 begun_s;	/* the server's clock at its
						 * first answer; -1: not said */
	bool			 has_answered;	/* at all */
	bool			 has_begun;	/* and well */
};

static const char *const endpoints[] = {
	[SCIM_USER] = "Users", [SCIM_GROUP] = "Groups",
};

/* A request that brought no answer. */
static void
end_no_answer(struct scim *s, int r)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;

	if (r == AIA_EOFFLINE || r == -ETIMEDOUT)
		outcome = NETCALL_UNREACHABLE;
	else if (r == -EINVAL)
		outcome = NETCALL_CONFIG;
	idp_end_set(s->end, outcome, "%s: %s", s->job->source->url,
	    http_cause(s->http));
}

static bool
is_throttled(const struct http_answer *a)
{
	return a->status == 429 || a->status == 503;
}

static void
end_status(struct scim *s, const struct http_answer *a)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;
	const char *what = "";

	if (a->status == 401 || a->status == 403) {
		outcome = NETCALL_REFUSED;
		what = ": the token is not accepted";
	} else if (is_throttled(a)) {
		outcome = NETCALL_THROTTLED;
		what = ": come back later";
	} else if (a->status >= 300 && a->status < 400) {
		what = ": redirects are not followed";
	} else if (a->status == 400 && s->mode == NETCALL_DELTA) {
		outcome = NETCALL_START_OVER;
		what = ": the filter by time is refused";
	}
	idp_end_set(s->end, outcome, "%s: HTTP status %ld%s",
	    s->job->source->url, a->status, what);
	if (a->retry_after_s > 0) {
		s->end->result.retry_after_s = a->retry_after_s;
		s->end->result.has |= AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER);
	}
}

static int
token_get(struct scim *s, struct secret *ret)
{
	const struct conf_source *source = s->job->source;
	int r = 0;

	if (s->oauth != NULL)
		return oauth_token(s->oauth, s->end, ret);
	if (source->token_file[0] != '\0')
		r = token_read(source->token_file, s->job->credentials_dir,
		    ret);
	if (r < 0)
		idp_end_set(s->end, NETCALL_CONFIG, "token_file %s: %s",
		    source->token_file, aia_strerror(r));
	return r;
}

static int
ask_once(struct scim *s, const char *url, struct http_answer *ret)
{
	struct secret token = { 0 };
	int r = token_get(s, &token);

	if (r < 0)
		return r;
	r = http_get(s->http, url, MEDIA_TYPE, token.len > 0 ? &token : NULL,
	    ret);
	secret_clear(&token);
	if (r < 0)
		end_no_answer(s, r);
	return r;
}

/* An answer of any status; without one *end says why. */
static int
ask(struct scim *s, const char *url, struct http_answer *ret)
{
	int r = ask_once(s, url, ret);

	if (r == 0 && s->oauth != NULL && oauth_again(s->oauth, ret->status))
		r = ask_once(s, url, ret);
	if (r < 0)
		return r;
	if (!s->has_answered)
		s->begun_s = ret->date_s;
	s->has_answered = true;
	s->has_begun |= ret->status == 200;
	if (ret->date_s >= 0) {
		s->end->result.server_date_s = ret->date_s;
		s->end->result.has |= AIA_BIT(NETCALL_RESULT_F_SERVER_DATE);
	}
	return 0;
}

/* since_s: only what changed after it; -1: all. */
static void
url_make(const struct scim *s, enum scim_kind kind, int64_t since_s,
    uint64_t start, uint32_t count, char ret[URL_MAX])
{
	const struct conf_source *source = s->job->source;
	char filter[sizeof("filter=meta.lastModified%20gt%20%22%22&") +
	    SCIM_TIME_MAX] = "";
	char since[SCIM_TIME_MAX];
	size_t len = strlen(source->url);

	while (len > 0 && source->url[len - 1] == '/')
		len--;
	if (since_s >= 0) {
		scim_time_format(since_s, since);
		(void)snprintf(filter, sizeof(filter),
		    "filter=meta.lastModified%%20gt%%20%%22%s%%22&", since);
	}
	(void)snprintf(ret, URL_MAX, "%.*s/%s?%sstartIndex=%" PRIu64
	    "&count=%" PRIu32, (int)len, source->url, endpoints[kind], filter,
	    start, count);
}

/* In the middle of a listing a pause costs less than to begin again. */
static int
ask_patiently(struct scim *s, const char *url, struct http_answer *ret)
{
	int r;

	for (;;) {
		r = ask(s, url, ret);
		if (r < 0 || !s->has_begun || !is_throttled(ret) ||
		    ret->retry_after_s == 0)
			return r;
		r = http_pause(s->http, ret->retry_after_s);
		if (r < 0)
			return r == -ETIMEDOUT ? 0 : r;
	}
}

static int
fetch(void *arg, enum scim_kind kind, uint64_t start, uint32_t count,
    struct scim_page **ret)
{
	struct scim *s = arg;
	struct http_answer answer = { 0 };
	char url[URL_MAX];
	int r;

	url_make(s, kind, s->since_s, start, count, url);
	r = ask_patiently(s, url, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200) {
		end_status(s, &answer);
		return AIA_EOFFLINE;
	}
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
	struct http_answer answer = { 0 };
	struct scim_page *page = NULL;
	struct scim_resource any;
	char url[URL_MAX];
	int r;

	url_make(s, kind, NEVER_S, 1, 1, url);
	r = ask(s, url, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200 ||
	    scim_page_parse(answer.body.p, answer.body.len, &page) < 0)
		return 0;
	r = scim_page_total(page) == 0 && scim_page_next(page, &any) == 0;
	scim_page_free(page);
	return r;
}

static int
filters(struct scim *s)
{
	int r = filters_kind(s, SCIM_USER);

	return r <= 0 ? r : filters_kind(s, SCIM_GROUP);
}

/* What listing_walk() found wrong by itself. */
static void
end_walk(struct scim *s, enum scim_kind kind, int r)
{
	if (r == -EFBIG)
		idp_end_set(s->end, NETCALL_BROKEN, "%s: more than %" PRIu32
		    " objects (objects_max)", s->job->source->url,
		    s->job->source->objects_max);
	else if (r == AIA_EPROTO || r == -EBADMSG)
		idp_end_set(s->end, NETCALL_BROKEN, "%s/%s: the answer is no "
		    "SCIM list: %s", s->job->source->url, endpoints[kind],
		    r == AIA_EPROTO ? "totalResults is missing" :
		    "an object in it cannot be read");
}

static int
list_all(struct scim *s, struct listing *l)
{
	const struct listing_pages pages = { fetch, s };
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
put_begin(struct scim *s)
{
	const struct idp_sink *sink = s->job->sink;
	const struct netcall_listing_begin begin = {
	    .has = s->mode == NETCALL_DELTA ?
		AIA_BIT(NETCALL_BEGIN_F_SINCE) : 0,
	    .source = s->job->source->name, .mode = s->mode,
	    .since_s = s->since_s };

	return sink->put(sink->arg, &netcall_m_listing_begin, &begin);
}

static int
put_end(struct scim *s, const char *partial, bool has_deltas)
{
	const struct idp_sink *sink = s->job->sink;
	struct netcall_listing_end last = { .complete = partial == NULL };
	char cursor[SCIM_CURSOR_MAX];
	int r;

	/* Without the server's clock nobody knows since when to ask. */
	if (has_deltas && s->begun_s >= 0) {
		scim_cursor_format(s->job, s->begun_s, cursor);
		last.cursor = aia_span_str(cursor);
		last.has |= AIA_BIT(NETCALL_END_F_CURSOR);
	}
	r = sink->put(sink->arg, &netcall_m_listing_end, &last);
	if (r == 0)
		idp_end_set(s->end, NETCALL_OK, "%s", partial == NULL ?
		    "complete" : partial);
	return r;
}

static int
listing_run(struct scim *s)
{
	struct listing *l = NULL;
	int r, has_deltas = 1;

	r = listing_new(s->job, s->mode, &l);
	if (r < 0)
		return r;
	r = put_begin(s);
	if (r == 0 && s->mode == NETCALL_FULL)
		r = has_deltas = filters(s);
	if (r >= 0)
		r = list_all(s, l);
	if (r == 0)
		r = put_end(s, listing_partial(l), has_deltas > 0);
	listing_free(l);
	return r;
}

static int
scim_sync(const struct idp_job *job, struct idp_end *end)
{
	const struct http_conf conf = { .tls = &job->source->tls,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms,
	    .body_max = SCIM_PAGE_MAX };
	struct scim s = { .job = job, .end = end, .mode = job->mode,
	    .since_s = -1, .begun_s = -1 };
	const struct oauth_conf oauth = { .client = &job->source->client,
	    .tls = &job->source->tls, .credentials_dir = job->credentials_dir,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms };
	int r;

	if (job->mode == NETCALL_DELTA &&
	    scim_cursor_parse(job, job->cursor, &s.since_s) < 0) {
		idp_end_set(end, NETCALL_START_OVER, "the configuration of "
		    "this source is another one now");
		return 0;
	}
	r = http_new(&conf, &s.http);
	if (r == 0 && job->source->client.id[0] != '\0')
		r = oauth_new(&oauth, job->grant, job->keep_fd, &s.oauth);
	if (r == 0)
		r = listing_run(&s);
	oauth_free(s.oauth);
	http_free(s.http);
	return end->result.outcome != 0 ? 0 : r;
}

const struct idp_ops idp_scim = {
	.name = "scim",
	.sync = scim_sync,
};
