/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth.c - tokens of OAuth 2.0 by client credentials.
 */
#include "config.h"

#include "netd/oauth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/client.h"

#define AHEAD_S 60

struct oauth {
	const struct conf_client *conf;
	struct oauth_client *client;
	struct grant	 grant;
	int		 keep_fd;
	bool		 fresh;		/* and has opened nothing yet */
};

int
oauth_new(const struct oauth_conf *conf, const struct grant *grant,
    int keep_fd, struct oauth **ret)
{
	struct oauth *o = calloc(1, sizeof(*o));
	int r;

	if (o == NULL)
		return -ENOMEM;
	o->conf = conf->client;
	o->grant = *grant;
	o->keep_fd = keep_fd;
	r = oauth_client_new(conf, &o->client);
	if (r < 0)
		oauth_free(o);
	else
		*ret = o;
	return r;
}

void
oauth_free(struct oauth *o)
{
	if (o == NULL)
		return;
	oauth_client_free(o->client);
	explicit_bzero(o, sizeof(*o));
	free(o);
}

int64_t
oauth_use_s(int64_t life_s)
{
	return life_s > 2 * AHEAD_S ? life_s - AHEAD_S : life_s / 2;
}

static void
grant_fill(struct oauth *o, int64_t asked_ms, int64_t life_s)
{
	/* Good for this call, and for how much longer nobody knows. */
	if (life_s == OAUTH_LIFE_NONE) {
		o->grant.until_ms = INT64_MAX;
		return;
	}
	o->grant.until_ms = asked_ms + oauth_use_s(life_s) * 1000;
	grants_send(o->keep_fd, &o->grant);
}

void
oauth_ask(const struct conf_client *client, struct aia_wr *form)
{
	oauth_form_add(form, "grant_type", aia_span_str("client_credentials"));
	oauth_form_add(form, "scope", aia_span_str(client->scope));
	oauth_form_add(form, "resource", aia_span_str(client->resource));
	oauth_form_add(form, "audience", aia_span_str(client->audience));
}

static int
grant_new(struct oauth *o, struct idp_end *end)
{
	int64_t asked_ms = aia_now_ms(), life_s = OAUTH_LIFE_NONE;
	const struct oauth_metadata *at = NULL;
	struct http_answer answer = { 0 };
	struct aia_wr form;
	int r;

	r = oauth_client_endpoints(o->client, end, &at);
	if (r < 0)
		return r;
	oauth_client_form(o->client, &form);
	oauth_ask(o->conf, &form);
	r = oauth_client_post(o->client, at->token_url, &form, end, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200)
		return oauth_client_refused(end, at->token_url, "no token",
		    &answer);
	r = oauth_token_parse(answer.body, &o->grant.token, &life_s);
	if (r < 0) {
		idp_end_set(end, NETCALL_BROKEN, "%s: the answer is no bearer "
		    "token", at->token_url);
		return r;
	}
	o->fresh = true;
	grant_fill(o, asked_ms, life_s);
	return 0;
}

int
oauth_token(struct oauth *o, struct idp_end *end, struct secret *ret)
{
	int r = 0;

	if (o->grant.token.len == 0 || o->grant.until_ms <= aia_now_ms())
		r = grant_new(o, end);
	if (r == 0)
		*ret = o->grant.token;
	return r;
}

bool
oauth_again(struct oauth *o, long status)
{
	if (status == 200)
		o->fresh = false;
	if (status != 401 || o->fresh)
		return false;
	secret_clear(&o->grant.token);
	return true;
}
