/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.c - a login in the browser.
 *
 * The device code and the access token stay here; the access token is not even
 * looked at.  One flow is one process, which ends when its caller goes.
 */
#include "config.h"

#include "netd/device.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/conf_client.h"
#include "common/client.h"
#include "netd/device_answer.h"
#include "netd/oauth_client.h"

#define GRANT "urn:ietf:params:oauth:grant-type:device_code"
#define SLOWER_S 5		/* RFC 8628 section 3.5 */

struct flow {
	const struct device_job	*job;
	struct idp_end		*end;
	struct oauth_client	*client;
	const struct oauth_metadata *at;
	struct device_answer	 device;
	int64_t			 until_ms;	/* the code's own end */
	uint8_t			 token[NETCALL_TOKEN_MAX];
	size_t			 token_len;
};

static void
add(struct aia_wr *form, const char *name, const char *value)
{
	oauth_form_add(form, name, aia_span_str(value));
}

static int
broken(struct flow *f, const char *url, const char *what)
{
	idp_end_set(f->end, NETCALL_BROKEN, "%s: %s", url, what);
	return AIA_EPROTO;
}

static int
endpoints(struct flow *f)
{
	int r = oauth_client_endpoints(f->client, f->end, &f->at);

	if (r < 0)
		return r;
	if (f->at->device_url[0] == '\0' || f->at->jwks_url[0] == '\0') {
		idp_end_set(f->end, NETCALL_CONFIG, "issuer %s: has no %s",
		    f->job->oidc->client.issuer, f->at->jwks_url[0] == '\0' ?
		    "jwks_uri" : "device_authorization_endpoint");
		return -ENOENT;
	}
	return 0;
}

/* Providers want it whatever the proof, some of which bring it. */
static void
add_client(const struct flow *f, struct aia_wr *form)
{
	const struct conf_client *client = &f->job->oidc->client;
	enum conf_proof proof = conf_client_proof(client);

	if (proof == CONF_PROOF_BASIC || proof == CONF_PROOF_KEY)
		add(form, "client_id", client->id);
}

/* A provider that does not know nonce and max_age passes over them. */
static void
begin_form(struct flow *f, struct aia_wr *form)
{
	const struct conf_oidc *oidc = f->job->oidc;

	oauth_client_form(f->client, form);
	add_client(f, form);
	add(form, "scope", oidc->client.scope[0] != '\0' ?
	    oidc->client.scope : "openid");
	add(form, "resource", oidc->client.resource);
	add(form, "audience", oidc->client.audience);
	add(form, "acr_values", oidc->acr_values);
	add(form, "max_age", oidc->require_fresh_login ? "0" : "");
	oauth_form_add(form, "nonce", f->job->nonce);
}

static int
tell(struct flow *f, const struct http_answer *answer)
{
	const struct device_answer *d = &f->device;
	struct netcall_device m = { .user_code = aia_span_str(d->user_code),
	    .url = aia_span_str(d->url), .life_s = d->life_s };

	if (d->url_complete[0] != '\0') {
		m.has |= AIA_BIT(NETCALL_DEVICE_F_URL_COMPLETE);
		m.url_complete = aia_span_str(d->url_complete);
	}
	if (answer->date_s >= 0) {
		m.has |= AIA_BIT(NETCALL_DEVICE_F_SERVER_DATE);
		m.server_date_s = answer->date_s;
	}
	return f->job->sink->put(f->job->sink->arg, &netcall_m_device, &m);
}

static int
begin(struct flow *f)
{
	struct http_answer answer = { 0 };
	struct aia_wr form;
	int64_t asked_ms;
	int r;

	begin_form(f, &form);
	asked_ms = aia_now_ms();
	r = oauth_client_post(f->client, f->at->device_url, &form, f->end,
	    &answer);
	if (r < 0)
		return r;
	if (answer.status != 200)
		return oauth_client_refused(f->end, f->at->device_url,
		    "no device flow", &answer);
	r = device_answer_parse(answer.body, &f->device);
	if (r < 0)
		return broken(f, f->at->device_url,
		    "the answer begins no device flow");
	f->until_ms = asked_ms + (int64_t)f->device.life_s * 1000;
	return tell(f, &answer);
}

/* Sleep, unless the caller goes away or the time is over. */
static int
pause_for(struct flow *f)
{
	int64_t wake_ms = aia_now_ms() +
	    (int64_t)f->device.interval_s * 1000;

	if (wake_ms >= f->job->deadline_ms || wake_ms >= f->until_ms) {
		idp_end_set(f->end, NETCALL_EXPIRED, "not approved in time");
		return -ETIMEDOUT;
	}
	return oauth_client_pause(f->client, f->device.interval_s);
}

static void
slower(struct flow *f)
{
	f->device.interval_s += SLOWER_S;
	if (f->device.interval_s > DEVICE_INTERVAL_MAX_S)
		f->device.interval_s = DEVICE_INTERVAL_MAX_S;
}

/* RFC 8628 section 3.5: 0 to ask again, or it is over. */
static int
not_yet(struct flow *f, const struct http_answer *answer)
{
	char code[OAUTH_ERROR_MAX];

	if (answer->status == 429 || answer->status >= 500) {
		slower(f);
		return 0;
	}
	oauth_error_parse(answer->body, code);
	if (strcmp(code, "authorization_pending") == 0)
		return 0;
	if (strcmp(code, "slow_down") == 0) {
		slower(f);
		return 0;
	}
	if (strcmp(code, "access_denied") == 0)
		idp_end_set(f->end, NETCALL_DENIED, "%s", code);
	else if (strcmp(code, "expired_token") == 0)
		idp_end_set(f->end, NETCALL_EXPIRED, "%s", code);
	else
		(void)oauth_client_refused(f->end, f->at->token_url,
		    "no token", answer);
	return AIA_EDENIED;
}

/* 1: approved, and there is a token; 0: not yet. */
static int
poll_once(struct flow *f)
{
	struct http_answer answer = { 0 };
	struct aia_wr form;
	int r;

	oauth_client_form(f->client, &form);
	add_client(f, &form);
	add(&form, "grant_type", GRANT);
	oauth_form_add(&form, "device_code",
	    secret_span(&f->device.device_code));
	r = oauth_client_post(f->client, f->at->token_url, &form, f->end,
	    &answer);
	/* A server that does not answer for once is asked again, slower. */
	if (r == AIA_EOFFLINE || r == -ETIMEDOUT) {
		slower(f);
		return 0;
	}
	if (r < 0)
		return r;
	if (answer.status != 200)
		return not_yet(f, &answer);
	r = device_token_parse(answer.body, f->token, &f->token_len);
	if (r < 0)
		return broken(f, f->at->token_url,
		    "the answer holds no ID token");
	return 1;
}

static int
wait_approved(struct flow *f)
{
	int r;

	do {
		r = pause_for(f);
		if (r == 0)
			r = poll_once(f);
	} while (r == 0);
	return r < 0 ? r : 0;
}

/* The keys are those of this moment: architecture.md says why none are kept. */
static int
hand_over(struct flow *f)
{
	const struct netcall_token token = { .id_token =
	    aia_span_of(f->token, f->token_len) };
	struct netcall_keys keys = { 0 };
	struct http_answer answer = { 0 };
	int r;

	r = oauth_client_get(f->client, f->at->jwks_url, f->end, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200)
		return oauth_client_refused(f->end, f->at->jwks_url,
		    "no keys", &answer);
	if (answer.body.len == 0 || answer.body.len > NETCALL_KEYS_MAX)
		return broken(f, f->at->jwks_url, "not a set of keys");
	keys.jwks = answer.body;
	r = f->job->sink->put(f->job->sink->arg, &netcall_m_token, &token);
	if (r == 0)
		r = f->job->sink->put(f->job->sink->arg, &netcall_m_keys,
		    &keys);
	return r;
}

void
device_run(const struct device_job *job, struct idp_end *end)
{
	const struct oauth_conf conf = { .client = &job->oidc->client,
	    .tls = &job->oidc->tls, .credentials_dir = job->credentials_dir,
	    .cancel_fd = job->cancel_fd, .deadline_ms = job->deadline_ms };
	static struct flow f;
	int r;

	f = (struct flow){ .job = job, .end = end };
	idp_end_set(end, NETCALL_BROKEN, "cannot go on");
	r = oauth_client_new(&conf, &f.client);
	if (r == 0)
		r = endpoints(&f);
	if (r == 0)
		r = begin(&f);
	if (r == 0)
		r = wait_approved(&f);
	if (r == 0)
		r = hand_over(&f);
	if (r == 0)
		idp_end_set(end, NETCALL_OK, "%s", "");
	oauth_client_free(f.client);
	explicit_bzero(&f, sizeof(f));
}
