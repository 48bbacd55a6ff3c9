/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_client.c - a client of OAuth 2.0 before its authorization server.
 *
 * Speaks to that server over a connection of its own, so that no header for
 * another server can reach it, and none of it another one.
 */
#include "config.h"

#include "netd/oauth_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/conf_client.h"
#include "netd/oauth_assertion.h"
#include "netd/token.h"

#define FORM_MAX 8192		/* bytes: eight short texts, one long secret */

struct oauth_client {
	struct oauth_conf conf;
	struct http	*http;
	struct oauth_metadata endpoints;
	bool		 has_endpoints;
	/* One request: */
	char		 form[FORM_MAX];
	char		 user[FORM_MAX], password[FORM_MAX];
};

int
oauth_client_new(const struct oauth_conf *conf, struct oauth_client **ret)
{
	const struct http_conf http = { .tls = conf->tls,
	    .credentials_dir = conf->credentials_dir,
	    .cancel_fd = conf->cancel_fd, .deadline_ms = conf->deadline_ms,
	    .body_max = OAUTH_ANSWER_MAX };
	struct oauth_client *c = calloc(1, sizeof(*c));
	int r;

	if (c == NULL)
		return -ENOMEM;
	c->conf = *conf;
	r = http_new(&http, &c->http);
	if (r < 0)
		oauth_client_free(c);
	else
		*ret = c;
	return r;
}

void
oauth_client_free(struct oauth_client *c)
{
	if (c == NULL)
		return;
	http_free(c->http);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

int
oauth_client_refused(struct idp_end *end, const char *url, const char *what,
    const struct http_answer *a)
{
	enum netcall_outcome outcome = NETCALL_BROKEN;
	char code[OAUTH_ERROR_MAX];

	oauth_error_parse(a->body, code);
	if (a->status == 429 || a->status == 503)
		outcome = NETCALL_THROTTLED;
	else if (a->status == 400 || a->status == 401 || a->status == 403)
		outcome = NETCALL_REFUSED;
	idp_end_set(end, outcome, "%s: %s: HTTP status %ld%s%s", url, what,
	    a->status, code[0] != '\0' ? ": " : "", code);
	if (a->retry_after_s > 0) {
		end->result.retry_after_s = a->retry_after_s;
		end->result.has |= AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER);
	}
	return AIA_EOFFLINE;
}

int
oauth_client_get(struct oauth_client *c, const char *url,
    struct idp_end *end, struct http_answer *ret)
{
	int r = http_get(c->http, url, "application/json", NULL, ret);

	if (r < 0)
		idp_end_http(end, url, c->http, r);
	else
		idp_end_date(end, ret->date_s);
	return r;
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

/* 1: the endpoints are known; 0: the server has nothing there. */
static int
discover_at(struct oauth_client *c, const char *url, struct idp_end *end)
{
	struct http_answer answer = { 0 };
	int r = oauth_client_get(c, url, end, &answer);

	if (r < 0)
		return r;
	/* Some servers say so of an address that they do not know. */
	if (answer.status == 404 || answer.status == 400 ||
	    answer.status == 410)
		return 0;
	if (answer.status != 200)
		return oauth_client_refused(end, url, "no metadata", &answer);
	r = oauth_metadata_parse(answer.body, c->conf.client->issuer,
	    c->conf.tls->certificate_file[0] != '\0', &c->endpoints);
	if (r < 0) {
		idp_end_set(end, NETCALL_BROKEN, "%s: %s", url,
		    r == AIA_EDENIED ? "speaks for another issuer" :
		    "no metadata with a token_endpoint");
		return r;
	}
	return 1;
}

static int
discover(struct oauth_client *c, struct idp_end *end)
{
	const char *issuer = c->conf.client->issuer;
	char at[OAUTH_URL_MAX];
	int r = 0;

	for (int openid = 0; openid < 2 && r == 0; openid++) {
		oauth_well_known(issuer, openid != 0, at, sizeof(at));
		r = discover_at(c, at, end);
	}
	if (r == 0) {
		idp_end_set(end, NETCALL_CONFIG, "issuer %s: has no metadata",
		    issuer);
		r = -ENOENT;
	}
	return r < 0 ? r : 0;
}

int
oauth_client_endpoints(struct oauth_client *c, struct idp_end *end,
    const struct oauth_metadata **ret)
{
	const char *token_url = c->conf.client->token_url;
	int r = 0;

	if (token_url[0] != '\0')
		(void)snprintf(c->endpoints.token_url, OAUTH_URL_MAX, "%s",
		    token_url);
	else if (!c->has_endpoints)
		r = discover(c, end);
	if (r < 0)
		return r;
	c->has_endpoints = true;
	*ret = &c->endpoints;
	return 0;
}

void
oauth_client_form(struct oauth_client *c, struct aia_wr *form)
{
	aia_wr_init(form, c->form, sizeof(c->form));
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

/* Named by its issuer, no metadata can have an assertion made for another
 * server: RFC 7523 allows the address that is asked, too, which url is. */
static int
prove_by_key(const struct conf_client *client, const struct secret *pem,
    const char *url, struct aia_wr *form)
{
	bool by_issuer = client->issuer[0] != '\0' &&
	    strcmp(client->assertion_audience, "endpoint") != 0;
	char assertion[OAUTH_ASSERTION_MAX];
	int r = oauth_assertion_make(secret_span(pem), client->key_id,
	    client->id, by_issuer ? client->issuer : url, time(NULL),
	    assertion);

	if (r < 0)
		return r;
	oauth_form_add(form, "client_assertion_type",
	    aia_span_str(OAUTH_ASSERTION_TYPE));
	oauth_form_add(form, "client_assertion", aia_span_str(assertion));
	return 0;
}

static int
prove(struct oauth_client *c, const struct secret *secret, const char *url,
    struct aia_wr *form, struct http_form *ret)
{
	const struct conf_client *client = c->conf.client;
	struct aia_span id = aia_span_str(client->id);
	int r = 0;

	switch (conf_client_proof(client)) {
	case CONF_PROOF_BASIC:
		r = form_text(id, c->user);
		if (r == 0)
			r = form_text(secret_span(secret), c->password);
		ret->user = c->user;
		ret->password = c->password;
		break;
	case CONF_PROOF_POST:
		oauth_form_add(form, "client_id", id);
		oauth_form_add(form, "client_secret", secret_span(secret));
		break;
	case CONF_PROOF_KEY:
		r = prove_by_key(client, secret, url, form);
		break;
	case CONF_PROOF_CERTIFICATE:	/* RFC 8705 section 2 */
		oauth_form_add(form, "client_id", id);
		break;
	}
	return r;
}

/* With what the client proves itself, as it is now. */
static int
form_finish(struct oauth_client *c, const char *url, struct aia_wr *form,
    struct idp_end *end, struct http_form *ret)
{
	const struct conf_client *client = c->conf.client;
	const char *key = "client_secret_file", *file = client->secret_file;
	struct secret secret = { 0 };
	const char *why;
	size_t len = 0;
	int r = 0;

	if (conf_client_proof(client) == CONF_PROOF_KEY) {
		key = "client_key_file";
		file = client->key_file;
		r = token_file_read(file, c->conf.credentials_dir, &secret);
	} else if (conf_client_proof(client) != CONF_PROOF_CERTIFICATE) {
		r = token_read(file, c->conf.credentials_dir, &secret);
	}
	why = token_strerror(r);
	if (r == 0) {
		r = prove(c, &secret, url, form, ret);
		why = r == AIA_EPROTO ? "it holds no private key that can "
		    "sign (RSA, or EC on P-256), or a certificate of "
		    "another" : aia_strerror(r);
	}
	if (r == 0)
		r = aia_wr_end(form, &len);
	secret_clear(&secret);
	if (r < 0)
		idp_end_set(end, NETCALL_CONFIG, "%s %s: %s", key, file, why);
	ret->body = aia_span_of(c->form, len);
	return r;
}

int
oauth_client_post(struct oauth_client *c, const char *url,
    struct aia_wr *form, struct idp_end *end, struct http_answer *ret)
{
	struct http_form whole = { 0 };
	int r = form_finish(c, url, form, end, &whole);

	if (r == 0) {
		r = http_post(c->http, url, &whole, ret);
		if (r < 0)
			idp_end_http(end, url, c->http, r);
		else
			idp_end_date(end, ret->date_s);
	}
	explicit_bzero(c->form, sizeof(c->form));
	explicit_bzero(c->password, sizeof(c->password));
	return r;
}

int
oauth_client_pause(struct oauth_client *c, uint32_t s)
{
	return http_pause(c->http, s);
}
