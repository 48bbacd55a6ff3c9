/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth.c - a client of OAuth 2.0: tokens by client credentials.
 *
 * Speaks to the authorization server over a connection of its own, so that no
 * header for one server can reach the other.
 */
#include "config.h"

#include "netd/oauth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/client.h"
#include "netd/grants.h"
#include "netd/http.h"
#include "netd/oauth_answer.h"
#include "netd/oauth_assertion.h"
#include "netd/token.h"

#define FORM_MAX 8192		/* bytes: eight short texts, one long secret */
#define AHEAD_S 60

struct oauth {
	const struct idp_job *job;
	struct http	*http;
	struct grant	 grant;
	bool		 fresh;		/* and has opened nothing yet */
	char		 url[OAUTH_URL_MAX];	/* of the token endpoint */
	/* One request: */
	char		 form[FORM_MAX];
	char		 user[FORM_MAX], password[FORM_MAX];
};

int
oauth_new(const struct idp_job *job, struct oauth **ret)
{
	const struct http_conf conf = { .ca_file = job->source->ca_file,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms,
	    .body_max = OAUTH_ANSWER_MAX };
	struct oauth *o = calloc(1, sizeof(*o));
	int r;

	if (o == NULL)
		return -ENOMEM;
	o->job = job;
	o->grant = *job->grant;
	r = http_new(&conf, &o->http);
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
	http_free(o->http);
	explicit_bzero(o, sizeof(*o));
	free(o);
}

static void
form_byte(struct aia_wr *wr, uint8_t c)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789*-._";
	static const char hex[] = "0123456789ABCDEF";

	if (c == ' ') {
		aia_wr_u8(wr, '+');
	} else if (c != '\0' && strchr(plain, c) != NULL) {
		aia_wr_u8(wr, c);
	} else {
		aia_wr_u8(wr, '%');
		aia_wr_u8(wr, (uint8_t)hex[c >> 4]);
		aia_wr_u8(wr, (uint8_t)hex[c & 15]);
	}
}

void
oauth_form_add(struct aia_wr *wr, const char *name, struct aia_span value)
{
	if (value.len == 0)
		return;
	if (name != NULL) {
		if (wr->len > 0)
			aia_wr_u8(wr, '&');
		aia_wr_bytes(wr, name, strlen(name));
		aia_wr_u8(wr, '=');
	}
	for (size_t i = 0; i < value.len; i++)
		form_byte(wr, value.p[i]);
}

/* One text for a header: 0 or -ENOBUFS. */
static int
form_text(struct aia_span value, char room[FORM_MAX])
{
	struct aia_wr wr;
	size_t len;

	aia_wr_init(&wr, room, FORM_MAX);
	oauth_form_add(&wr, NULL, value);
	aia_wr_u8(&wr, '\0');
	return aia_wr_end(&wr, &len);
}

static int
form_make(struct oauth *o, const struct secret *secret,
    struct http_form *ret)
{
	const struct conf_source *source = o->job->source;
	struct aia_span id = aia_span_str(source->client_id);
	bool basic = strcmp(source->client_auth, "basic") == 0;
	bool by_key = strcmp(source->client_auth, "private_key_jwt") == 0;
	char assertion[OAUTH_ASSERTION_MAX];
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, o->form, sizeof(o->form));
	oauth_form_add(&wr, "grant_type", aia_span_str("client_credentials"));
	oauth_form_add(&wr, "scope", aia_span_str(source->scope));
	oauth_form_add(&wr, "resource", aia_span_str(source->resource));
	oauth_form_add(&wr, "audience", aia_span_str(source->audience));
	if (by_key) {
		r = oauth_assertion_make(secret_span(secret),
		    source->client_key_id, source->client_id,
		    source->issuer[0] != '\0' ? source->issuer :
		    source->token_url, time(NULL), assertion);
		if (r < 0)
			return r;
		oauth_form_add(&wr, "client_assertion_type",
		    aia_span_str(OAUTH_ASSERTION_TYPE));
		oauth_form_add(&wr, "client_assertion",
		    aia_span_str(assertion));
	} else if (!basic) {
		oauth_form_add(&wr, "client_id", id);
		oauth_form_add(&wr, "client_secret", secret_span(secret));
	}
	r = aia_wr_end(&wr, &len);
	if (r == 0 && basic)
		r = form_text(id, o->user);
	if (r == 0 && basic)
		r = form_text(secret_span(secret), o->password);
	*ret = (struct http_form){ .body = aia_span_of(o->form, len),
	    .user = basic ? o->user : NULL, .password = o->password };
	return r;
}

/* A request that brought no answer. */
static int
end_no_answer(struct oauth *o, struct idp_end *end, const char *url, int r)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;

	if (r == AIA_EOFFLINE || r == -ETIMEDOUT)
		outcome = NETCALL_UNREACHABLE;
	else if (r == -EINVAL)
		outcome = NETCALL_CONFIG;
	idp_end_set(end, outcome, "%s: %s", url, http_cause(o->http));
	return r;
}

/* An answer that is no token and no metadata. */
static int
end_status(struct idp_end *end, const char *url, const struct http_answer *a)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;
	char code[OAUTH_ERROR_MAX];

	oauth_error_parse(a->body, code);
	if (a->status == 429 || a->status == 503)
		outcome = NETCALL_THROTTLED;
	else if (a->status == 400 || a->status == 401 || a->status == 403)
		outcome = NETCALL_REFUSED;
	idp_end_set(end, outcome, "%s: no token: HTTP status %ld%s%s", url,
	    a->status, code[0] != '\0' ? ": " : "", code);
	if (a->retry_after_s > 0) {
		end->result.retry_after_s = a->retry_after_s;
		end->result.has |= AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER);
	}
	return AIA_EOFFLINE;
}

void
oauth_well_known(const char *issuer, bool openid, char *room, size_t cap)
{
	const char *path = strchr(issuer + sizeof("https://") - 1, '/');
	size_t len = strlen(issuer), host;

	while (len > 0 && issuer[len - 1] == '/')
		len--;
	host = path == NULL || (size_t)(path - issuer) > len ? len :
	    (size_t)(path - issuer);
	if (openid)
		(void)snprintf(room, cap, "%.*s/.well-known/"
		    "openid-configuration", (int)len, issuer);
	else
		(void)snprintf(room, cap, "%.*s/.well-known/"
		    "oauth-authorization-server%.*s", (int)host, issuer,
		    (int)(len - host), issuer + host);
}

/* 1: the endpoint is known; 0: the server has nothing there. */
static int
discover_at(struct oauth *o, const char *url, struct idp_end *end)
{
	struct http_answer answer = { 0 };
	int r = http_get(o->http, url, "application/json", NULL, &answer);

	if (r < 0)
		return end_no_answer(o, end, url, r);
	if (answer.status == 404)
		return 0;
	if (answer.status != 200)
		return end_status(end, url, &answer);
	r = oauth_metadata_parse(answer.body, o->job->source->issuer, o->url);
	if (r < 0) {
		idp_end_set(end, NETCALL_BROKEN, "%s: %s", url,
		    r == AIA_EDENIED ? "speaks for another issuer" :
		    "no metadata with a token_endpoint");
		return r;
	}
	return 1;
}

static int
endpoint_find(struct oauth *o, struct idp_end *end)
{
	const struct conf_source *source = o->job->source;
	char at[OAUTH_URL_MAX];
	int r = 0;

	if (source->token_url[0] != '\0') {
		(void)snprintf(o->url, sizeof(o->url), "%s",
		    source->token_url);
		return 0;
	}
	for (int openid = 0; openid < 2 && r == 0; openid++) {
		oauth_well_known(source->issuer, openid != 0, at, sizeof(at));
		r = discover_at(o, at, end);
	}
	if (r == 0) {
		idp_end_set(end, NETCALL_CONFIG, "issuer %s: has no metadata",
		    source->issuer);
		r = -ENOENT;
	}
	return r < 0 ? r : 0;
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
	grants_send(o->job->keep_fd, &o->grant);
}

static int
grant_ask(struct oauth *o, const struct http_form *form, struct idp_end *end)
{
	int64_t asked_ms = aia_now_ms(), life_s = OAUTH_LIFE_NONE;
	struct http_answer answer = { 0 };
	int r = http_post(o->http, o->url, form, &answer);

	if (r < 0)
		return end_no_answer(o, end, o->url, r);
	if (answer.status != 200)
		return end_status(end, o->url, &answer);
	r = oauth_token_parse(answer.body, &o->grant.token, &life_s);
	if (r < 0) {
		idp_end_set(end, NETCALL_BROKEN, "%s: the answer is no bearer "
		    "token", o->url);
		return r;
	}
	o->fresh = true;
	grant_fill(o, asked_ms, life_s);
	return 0;
}

static int
grant_new(struct oauth *o, struct idp_end *end)
{
	const struct conf_source *source = o->job->source;
	struct secret secret = { 0 };
	struct http_form form = { 0 };
	bool by_key = source->client_key_file[0] != '\0' &&
	    strcmp(source->client_auth, "private_key_jwt") == 0;
	const char *file = by_key ? source->client_key_file :
	    source->client_secret_file;
	int r = (by_key ? token_file_read : token_read)(file,
	    o->job->credentials_dir, &secret);

	if (r == 0)
		r = form_make(o, &secret, &form);
	secret_clear(&secret);
	if (r < 0) {
		idp_end_set(end, NETCALL_CONFIG, "%s %s: %s", by_key ?
		    "client_key_file" : "client_secret_file", file,
		    aia_strerror(r));
		return r;
	}
	r = endpoint_find(o, end);
	return r < 0 ? r : grant_ask(o, &form, end);
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
