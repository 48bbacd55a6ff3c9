/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oidc.c - a login in the browser, at the provider of the person's source.
 *
 * aiauth-netd runs the flow (netd/device.c); here the person is told what to
 * do, and the ID token is checked, of which nobody is believed to have read a
 * word.  A flow may be begun in anybody's name, so it comes after another
 * factor, or from networks that the configuration names.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthd/caps.h"
#include "aiauthd/factors/factor.h"
#include "aiauthd/factors/oidc_text.h"
#include "base/idtoken.h"
#include "base/lang.h"
#include "base/log.h"
#include "base/netcall.h"
#include "base/network.h"
#include "common/client.h"

#define AFTER_MS 3000		/* of the dialogue, to say how it ended */
#define FLOW_MIN_MS 5000	/* nobody logs in faster */
#define NONCE_BYTES 16
#define DATE_SLACK_S 2		/* the provider's servers among themselves */

struct flow {
	const struct login	*lg;
	struct dialogue		*dlg;
	const struct conf_oidc	*oidc;
	char			 nonce[2 * NONCE_BYTES + 1];
	int64_t			 begun_s;	/* by the provider's clock, as
						 * far as it may be believed */
	struct oidc_told	 told;
	char			 text[AIA_TEXT_MAX + 1];
	uint8_t			 token[NETCALL_TOKEN_MAX];
	size_t			 token_len;
	struct jwk_set		 keys;
	bool			 has_told, has_keys;
	struct netcall_ended	 end;
};

/* Who the provider must say it was; empty: nobody that we could tell. */
static struct aia_span
subject_of(const struct login *lg, const struct conf_oidc *oidc)
{
	if (strcmp(oidc->subject_attribute, "external_id") != 0)
		return aia_span_str(lg->person.who.object_id);
	return lg->details == NULL ? aia_span_str("") :
	    aia_span_str(lg->details->external_id);
}

static const struct conf_oidc *
provider_of(const struct login *lg)
{
	return !lg->person.known || lg->person.local ? NULL :
	    conf_oidc_find(&lg->worker->conf, &lg->person.who.source);
}

static bool
oidc_available(const struct login *lg)
{
	const struct conf_oidc *oidc = provider_of(lg);

	return oidc != NULL && subject_of(lg, oidc).len > 0;
}

/* A stranger could have the person approve the stranger's own login. */
static bool
oidc_first(const struct login *lg)
{
	const struct conf_oidc *oidc = provider_of(lg);
	struct network net;

	if (oidc == NULL || !lg->source.is_address)
		return false;
	for (size_t i = 0; i < oidc->networks.n; i++)
		if (network_parse(oidc->networks.v[i], &net) == 0 &&
		    network_has(&net, lg->source.text))
			return true;
	return false;
}

static bool
any_factor(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		if (fact_is_factor(facts->v[i].name))
			return true;
	return false;
}

static void
log_flow(const struct flow *f, int priority, const char *event,
    const char *cause)
{
	log_event(priority, event, LOG_STR("user", f->lg->person.name.s),
	    LOG_STR("service", f->lg->service),
	    LOG_STR("source", f->lg->source.text),
	    LOG_STR("provider", f->oidc->source.s), LOG_STR("cause", cause));
}

static enum qr_style
qr_style_of(const char *word)
{
	return strcmp(word, "none") == 0 ? QR_NONE :
	    strcmp(word, "ascii") == 0 ? QR_ASCII : QR_UNICODE;
}

static int
nonce_make(char room[2 * NONCE_BYTES + 1])
{
	struct secret s = { 0 };
	int r = secret_random(&s, NONCE_BYTES);

	for (size_t i = 0; r == 0 && i < NONCE_BYTES; i++)
		(void)snprintf(room + 2 * i, 3, "%02x", s.p[i]);
	secret_clear(&s);
	return r;
}

/* Tell the person; meanwhile aiauth-netd asks whether it was approved. */
static int
device_take(struct flow *f, const struct aia_packet *pkt)
{
	struct netcall_device m;
	struct secret answer = { 0 };
	int r = f->has_told ? AIA_EPROTO :
	    aia_decode(&netcall_m_device, pkt, &m);

	if (r == 0)
		r = oidc_told_take(&m, &f->told);
	if (r < 0)
		return r;
	f->has_told = true;
	/* Never earlier than our own clock grants, whatever the date says. */
	if (AIA_HAS(&m, NETCALL_DEVICE_F_SERVER_DATE) &&
	    m.server_date_s - DATE_SLACK_S > f->begun_s)
		f->begun_s = m.server_date_s - DATE_SLACK_S;
	r = oidc_text(&f->told, qr_style_of(f->oidc->qr_code),
	    f->lg->person.name.s, f->lg->host, f->text, sizeof(f->text));
	if (r == 0)
		r = dialogue_ask(f->dlg, AIA_PROMPT_ECHO, AIA_PURPOSE_CONFIRM,
		    f->text, &answer);
	secret_clear(&answer);
	return r;
}

static int
take(void *arg, const struct aia_packet *pkt)
{
	struct flow *f = arg;
	struct netcall_token token;
	struct netcall_keys keys;
	int r;

	switch (pkt->type) {
	case NETCALL_DEVICE:
		return device_take(f, pkt);
	case NETCALL_TOKEN:
		r = aia_decode(&netcall_m_token, pkt, &token);
		if (r == 0 && (!f->has_told || f->token_len > 0 ||
		    token.id_token.len == 0))
			r = AIA_EPROTO;
		if (r == 0) {
			memcpy(f->token, token.id_token.p, token.id_token.len);
			f->token_len = token.id_token.len;
		}
		return r;
	case NETCALL_KEYS:
		r = aia_decode(&netcall_m_keys, pkt, &keys);
		if (r == 0 && f->has_keys)
			r = AIA_EPROTO;
		if (r == 0)
			r = jwk_set_parse(keys.jwks, &f->keys);
		f->has_keys = r == 0;
		return r;
	default:
		return AIA_EPROTO;
	}
}

static int
flow_run(struct flow *f)
{
	const struct worker *w = f->lg->worker;
	const struct netcall nc = { .path = w->netd, .owner = w->vault.owner,
	    .cancel_fd = f->dlg->fd, .take = take, .arg = f };
	int64_t left_ms = f->dlg->deadline_ms - AFTER_MS - aia_now_ms();
	struct netcall_call call = { .job = NETCALL_JOB_DEVICE,
	    .source = f->oidc->source,
	    .has = AIA_BIT(NETCALL_CALL_F_NONCE) };
	int r = nonce_make(f->nonce);

	if (r == 0 && left_ms < FLOW_MIN_MS)
		r = -ETIMEDOUT;
	if (r < 0)
		return r;
	call.nonce = aia_span_str(f->nonce);
	call.timeout_ms = f->oidc->flow_s * 1000;
	if (left_ms < call.timeout_ms)
		call.timeout_ms = (uint32_t)left_ms;
	f->begun_s = time(NULL) - IDTOKEN_SKEW_S;
	return netcall_ask(&nc, &call, &f->end);
}

static int
add_facts(const struct idtoken *id, const char *provider, struct facts *facts)
{
	const char *amr[IDTOKEN_AMR_MAX];
	int r = facts_add(facts, FACT_OIDC, provider, false);

	for (size_t i = 0; i < id->n_amr; i++)
		amr[i] = id->amr[i];
	if (r == 0 && id->has_amr)
		r = facts_add_set(facts, FACT_OIDC_AMR, amr, id->n_amr,
		    provider, false);
	if (r == 0 && id->acr[0] != '\0')
		r = facts_add_str(facts, FACT_OIDC_ACR, id->acr, provider,
		    false);
	if (r == 0 && id->has_auth_time)
		r = facts_add_int(facts, FACT_OIDC_AUTH_TIME, id->auth_time_s,
		    provider, false);
	return r;
}

/* 0, or AIA_EDENIED: logged. */
static int
prove(const struct flow *f, struct facts *facts)
{
	const struct idtoken_rules rules = {
		.issuer = f->oidc->client.issuer,
		.client_id = f->oidc->client.id,
		.algorithms = &f->oidc->algorithms,
		.claim = f->oidc->subject_claim,
		.subject = subject_of(f->lg, f->oidc),
		.nonce = aia_span_str(f->nonce),
		.begun_s = f->begun_s,
		.fresh = f->oidc->require_fresh_login,
		.now_s = time(NULL),
	};
	const char *why = "no token";
	struct idtoken id;
	int r = AIA_EPROTO;

	if (f->token_len > 0 && f->has_keys)
		r = idtoken_verify(aia_span_of(f->token, f->token_len),
		    &f->keys, &rules, &id, &why);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		log_flow(f, LOG_NOTICE, "oidc.refused", why);
		return AIA_EDENIED;
	}
	return add_facts(&id, f->oidc->source.s, facts);
}

/* No word for or against the person: others may be asked for in its place. */
static int
unable(const struct flow *f, const char *cause, enum factor_verdict *ret)
{
	*ret = FACTOR_UNABLE;
	log_flow(f, LOG_WARNING, "oidc.failed", cause);
	return dialogue_notice(f->dlg, true,
	    _("A login in the browser is not possible now."));
}

static int
judge(const struct flow *f, int r, struct facts *facts,
    enum factor_verdict *ret)
{
	if (f->dlg->state == DLG_OVER)
		return r < 0 ? r : AIA_EOFFLINE;
	if (r < 0 && f->has_told) {
		log_flow(f, LOG_WARNING, "oidc.failed", aia_strerror(r));
		return r;
	}
	if (r < 0)
		return unable(f, aia_strerror(r), ret);
	switch (f->end.outcome) {
	case NETCALL_OK:
		r = prove(f, facts);
		*ret = r == 0 ? FACTOR_PROVEN : FACTOR_DENIED;
		return r == AIA_EDENIED ? 0 : r;
	case NETCALL_DENIED:
	case NETCALL_EXPIRED:
		log_flow(f, LOG_NOTICE, "oidc.refused", f->end.text);
		*ret = FACTOR_DENIED;
		return 0;
	default:
		return unable(f, f->end.text, ret);
	}
}

static int
oidc_run(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	struct worker *w = lg->worker;
	struct flow *f;
	int r;

	*ret = FACTOR_UNABLE;
	if (!dlg->can_ask)
		return 0;
	if (!oidc_available(lg) || (!oidc_first(lg) && !any_factor(facts)))
		return -EINVAL;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return -ENOMEM;
	f->lg = lg;
	f->dlg = dlg;
	f->oidc = provider_of(lg);
	if (!caps_flow_begin(w->caps, w->slot, lg->source.peer,
	    lg->person.name.s)) {
		r = unable(f, "another flow is open", ret);
	} else {
		r = flow_run(f);
		caps_flow_end(w->caps, w->slot);
		r = judge(f, r, facts, ret);
	}
	explicit_bzero(f, sizeof(*f));
	free(f);
	return r;
}

const struct factor_ops factor_oidc = {
	.name = "oidc", .title = N_("login in the browser"), .burden = 10,
	.proves = { FACT_OIDC },
	.available = oidc_available, .first = oidc_first, .run = oidc_run,
};
