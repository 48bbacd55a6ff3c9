/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim.c - a SCIM 2.0 server (RFC 7643, RFC 7644) over HTTPS.
 *
 * Always a full listing: filters by time do not see deletes, and few servers
 * have cursors.  One page at a time is in memory.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "netd/http.h"
#include "netd/idp/listing.h"
#include "netd/token.h"

#define URL_MAX 512		/* bytes: the base, and room for a query */
#define MEDIA_TYPE "application/scim+json"

struct scim {
	const struct idp_job	*job;
	struct http		*http;
	struct idp_end		*end;	/* filled by whoever fails first */
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

static void
end_status(struct scim *s, const struct http_answer *a)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;
	const char *what = "";

	if (a->status == 401 || a->status == 403) {
		outcome = NETCALL_REFUSED;
		what = ": the token is not accepted";
	} else if (a->status == 429 || a->status == 503) {
		outcome = NETCALL_THROTTLED;
		what = ": come back later";
	} else if (a->status >= 300 && a->status < 400) {
		what = ": redirects are not followed";
	}
	idp_end_set(s->end, outcome, "%s: HTTP status %ld%s",
	    s->job->source->url, a->status, what);
	if (a->retry_after_s > 0) {
		s->end->result.retry_after_s = a->retry_after_s;
		s->end->result.has |= AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER);
	}
}

static int
request(struct scim *s, const char *url, struct http_answer *ret)
{
	const struct conf_source *source = s->job->source;
	struct secret token = { 0 };
	int r = 0;

	if (source->token_file[0] != '\0')
		r = token_read(source->token_file, s->job->credentials_dir,
		    &token);
	if (r < 0) {
		idp_end_set(s->end, NETCALL_CONFIG, "token_file %s: %s",
		    source->token_file, aia_strerror(r));
		return r;
	}
	r = http_get(s->http, url, MEDIA_TYPE, token.len > 0 ? &token : NULL,
	    ret);
	secret_clear(&token);
	if (r < 0) {
		end_no_answer(s, r);
		return r;
	}
	if (ret->date_s >= 0) {
		s->end->result.server_date_s = ret->date_s;
		s->end->result.has |= AIA_BIT(NETCALL_RESULT_F_SERVER_DATE);
	}
	if (ret->status == 200)
		return 0;
	end_status(s, ret);
	return AIA_EOFFLINE;
}

static int
fetch(void *arg, enum scim_kind kind, uint64_t start, struct scim_page **ret)
{
	struct scim *s = arg;
	const struct conf_source *source = s->job->source;
	struct http_answer answer = { 0 };
	size_t len = strlen(source->url);
	char url[URL_MAX];
	int r;

	while (len > 0 && source->url[len - 1] == '/')
		len--;
	(void)snprintf(url, sizeof(url), "%.*s/%s?startIndex=%" PRIu64
	    "&count=%" PRIu32, (int)len, source->url, endpoints[kind], start,
	    source->page_size);
	r = request(s, url, &answer);
	if (r < 0)
		return r;
	r = scim_page_parse(answer.body.p, answer.body.len, ret);
	if (r < 0)
		idp_end_set(s->end, NETCALL_BROKEN, "%s: the answer is no SCIM "
		    "list: %s", url, aia_strerror(r));
	return r;
}

/* What listing_walk() found wrong by itself. */
static void
end_walk(struct scim *s, enum scim_kind kind, int r)
{
	if (r == -EFBIG)
		idp_end_set(s->end, NETCALL_BROKEN, "%s: more than %" PRIu32
		    " objects (objects_max)", s->job->source->url,
		    s->job->source->objects_max);
	else
		idp_end_set(s->end, NETCALL_BROKEN, "%s/%s: the answer is no "
		    "SCIM list: totalResults is missing", s->job->source->url,
		    endpoints[kind]);
}

static int
list_all(struct scim *s, struct listing *l)
{
	const struct listing_pages pages = { fetch, s };
	int r;

	for (int kind = SCIM_USER; kind <= SCIM_GROUP; kind++) {
		r = listing_walk(l, (enum scim_kind)kind, &pages);
		if (s->end->result.outcome == 0 &&
		    (r == -EFBIG || r == AIA_EPROTO))
			end_walk(s, (enum scim_kind)kind, r);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
scim_sync(const struct idp_job *job, struct idp_end *end)
{
	const struct http_conf conf = { .ca_file = job->source->ca_file,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms,
	    .body_max = SCIM_PAGE_MAX };
	const struct netcall_listing_begin begin = {
	    .source = job->source->name, .mode = NETCALL_FULL };
	struct netcall_listing_end last = { 0 };
	struct scim s = { .job = job, .end = end };
	struct listing *l = NULL;
	int r;

	r = http_new(&conf, &s.http);
	if (r < 0)
		return r;
	r = listing_new(job->source, job->sink, &l);
	if (r < 0)
		goto out;
	r = job->sink->put(job->sink->arg, &netcall_m_listing_begin, &begin);
	if (r < 0)
		goto out;
	r = list_all(&s, l);
	if (r < 0)
		goto out;
	last.complete = listing_partial(l) == NULL ? 1 : 0;
	r = job->sink->put(job->sink->arg, &netcall_m_listing_end, &last);
	if (r < 0)
		goto out;
	idp_end_set(end, NETCALL_OK, "%s", last.complete ? "complete" :
	    listing_partial(l));
out:
	listing_free(l);
	http_free(s.http);
	return end->result.outcome != 0 ? 0 : r;
}

const struct idp_ops idp_scim = {
	.name = "scim",
	.sync = scim_sync,
};
