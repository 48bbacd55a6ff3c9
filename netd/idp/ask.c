/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.c - the requests of one job to an identity provider.
 */
#include "config.h"

#include "netd/idp/ask.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "netd/oauth.h"
#include "netd/token.h"

struct ask {
	const struct idp_job	*job;
	struct idp_end		*end;
	struct http		*http;
	struct oauth		*oauth;	/* NULL: token_file, or no token */
	int64_t			 begun_s;
	bool			 has_answered;	/* at all */
	bool			 has_begun;	/* and well */
};

int
ask_new(const struct idp_job *job, struct idp_end *end, size_t body_max,
    struct ask **ret)
{
	const struct http_conf conf = { .tls = &job->source->tls,
	    .credentials_dir = job->credentials_dir,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms,
	    .body_max = body_max };
	const struct oauth_conf oauth = { .client = &job->source->client,
	    .tls = &job->source->tls, .credentials_dir = job->credentials_dir,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms };
	struct ask *a = calloc(1, sizeof(*a));
	int r;

	if (a == NULL)
		return -ENOMEM;
	a->job = job;
	a->end = end;
	a->begun_s = -1;
	r = http_new(&conf, &a->http);
	if (r == 0 && job->source->client.id[0] != '\0')
		r = oauth_new(&oauth, job->grant, job->keep_fd, &a->oauth);
	if (r < 0) {
		ask_free(a);
		return r;
	}
	*ret = a;
	return 0;
}

void
ask_free(struct ask *a)
{
	if (a == NULL)
		return;
	oauth_free(a->oauth);
	http_free(a->http);
	free(a);
}

int64_t
ask_begun_s(const struct ask *a)
{
	return a->begun_s;
}

static bool
is_throttled(const struct http_answer *answer)
{
	return answer->status == 429 || answer->status == 503;
}

void
ask_end_wait(struct ask *a, const struct http_answer *answer)
{
	if (answer->retry_after_s == 0)
		return;
	a->end->result.retry_after_s = answer->retry_after_s;
	a->end->result.has |= AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER);
}

void
ask_end_status(struct ask *a, const struct http_answer *answer)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;
	const char *what = "";

	if (answer->status == 401 || answer->status == 403) {
		outcome = NETCALL_REFUSED;
		what = ": the token is not accepted";
	} else if (is_throttled(answer)) {
		outcome = NETCALL_THROTTLED;
		what = ": come back later";
	} else if (answer->status >= 300 && answer->status < 400) {
		what = ": redirects are not followed";
	}
	idp_end_set(a->end, outcome, "%s: HTTP status %ld%s",
	    a->job->source->url, answer->status, what);
	ask_end_wait(a, answer);
}

static int
token_get(struct ask *a, struct secret *ret)
{
	const struct conf_source *source = a->job->source;
	int r = 0;

	if (a->oauth != NULL)
		return oauth_token(a->oauth, a->end, ret);
	if (source->token_file[0] != '\0')
		r = token_read(source->token_file, a->job->credentials_dir,
		    ret);
	if (r < 0)
		idp_end_set(a->end, NETCALL_CONFIG, "token_file %s: %s",
		    source->token_file, token_strerror(r));
	return r;
}

static int
get_once(struct ask *a, const char *url, const char *accept,
    struct http_answer *ret)
{
	struct secret token = { 0 };
	int r = token_get(a, &token);

	if (r < 0)
		return r;
	r = http_get(a->http, url, accept, token.len > 0 ? &token : NULL, ret);
	secret_clear(&token);
	if (r < 0)
		idp_end_http(a->end, a->job->source->url, a->http, r);
	return r;
}

int
ask_get(struct ask *a, const char *url, const char *accept,
    struct http_answer *ret)
{
	int r = get_once(a, url, accept, ret);

	if (r == 0 && a->oauth != NULL && oauth_again(a->oauth, ret->status))
		r = get_once(a, url, accept, ret);
	if (r < 0)
		return r;
	if (!a->has_answered)
		a->begun_s = ret->date_s;
	a->has_answered = true;
	a->has_begun |= ret->status == 200;
	idp_end_date(a->end, ret->date_s);
	return 0;
}

int
ask_patiently(struct ask *a, const char *url, const char *accept,
    struct http_answer *ret)
{
	int r;

	for (;;) {
		r = ask_get(a, url, accept, ret);
		if (r < 0 || !a->has_begun || !is_throttled(ret) ||
		    ret->retry_after_s == 0)
			return r;
		r = http_pause(a->http, ret->retry_after_s);
		if (r < 0)
			return r == -ETIMEDOUT ? 0 : r;
	}
}
