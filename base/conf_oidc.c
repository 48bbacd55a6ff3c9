/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_oidc.c - what must agree in the section [oidc SOURCE].
 */
#include "config.h"

#include "base/conf_oidc.h"

#include <string.h>

#include "base/network.h"

/* What base/jose.c can verify; never a secret that both sides know. */
static const char *const algorithms[] = { "RS256", "RS384", "RS512", "PS256",
    "PS384", "PS512", "ES256", "ES384", "ES512" };

int
conf_oidc_label(void *row, const char *label, struct conf_error *why)
{
	struct conf_oidc *oidc = row;

	if (aia_name_parse(label, strlen(label), &oidc->source) < 0)
		return conf_fail(why, "not the name of a source");
	return 0;
}

static int
lists_check(const struct conf_oidc *oidc, struct conf_error *why)
{
	struct network net;
	size_t i, j;

	for (i = 0; i < oidc->networks.n; i++)
		if (network_parse(oidc->networks.v[i], &net) < 0)
			return conf_fail(why, "networks: '%s' is none",
			    oidc->networks.v[i]);
	if (oidc->algorithms.n == 0)
		return conf_fail(why, "'algorithms' is empty");
	for (i = 0; i < oidc->algorithms.n; i++) {
		for (j = 0; j < ARRAY_LEN(algorithms); j++)
			if (strcmp(oidc->algorithms.v[i], algorithms[j]) == 0)
				break;
		if (j == ARRAY_LEN(algorithms))
			return conf_fail(why, "algorithms: '%s' is none",
			    oidc->algorithms.v[i]);
	}
	return 0;
}

/* Without it the provider returns no ID token. */
static bool
asks_openid(const char *scope)
{
	static const char want[] = "openid";
	size_t len;

	if (scope[0] == '\0')
		return true;
	for (; *scope != '\0'; scope += len) {
		scope += strspn(scope, " ");
		len = strcspn(scope, " ");
		if (len == sizeof(want) - 1 && memcmp(scope, want, len) == 0)
			return true;
	}
	return false;
}

int
conf_oidc_check(const void *row, struct conf_error *why)
{
	const struct conf_oidc *oidc = row;

	if (oidc->client.issuer[0] == '\0')
		return conf_fail(why, "'issuer' is missing");
	if (oidc->client.token_url[0] != '\0')
		return conf_fail(why, "token_url is what the issuer says");
	if (oidc->client.id[0] == '\0')
		return conf_fail(why, "'client_id' is missing");
	if (!asks_openid(oidc->client.scope))
		return conf_fail(why, "scope has no 'openid'");
	if (lists_check(oidc, why) < 0)
		return AIA_ECONF;
	if (conf_tls_check(&oidc->tls, why) < 0)
		return AIA_ECONF;
	return conf_client_check(&oidc->client, &oidc->tls, why);
}

const struct conf_oidc *
conf_oidc_find(const struct conf *conf, const struct aia_name *source)
{
	for (size_t i = 0; i < conf->n_oidc; i++)
		if (aia_name_eq(&conf->oidc[i].source, source))
			return &conf->oidc[i];
	return NULL;
}
