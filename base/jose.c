/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jose.c - the door to libjose, whose headers bring jansson's.
 */
#include "config.h"

#include "base/jose.h"

#include <errno.h>
#include <jansson.h>
#include <jose/jose.h>
#include <string.h>

#include "base/base64.h"

#define SIGNATURE_MAX 1024	/* bytes: RSA of 8192 bits */

/* The one list of algorithms: none of those is a secret of two. */
static const struct alg {
	const char	*name;
	enum jwk_type	 type;
} algs[] = {
	{ "RS256", JWK_RSA }, { "RS384", JWK_RSA }, { "RS512", JWK_RSA },
	{ "PS256", JWK_RSA }, { "PS384", JWK_RSA }, { "PS512", JWK_RSA },
	{ "ES256", JWK_P256 }, { "ES384", JWK_P384 }, { "ES512", JWK_P521 },
};

static const char *const curve_names[] = {
	[JWK_P256] = "P-256", [JWK_P384] = "P-384", [JWK_P521] = "P-521",
};

static const struct alg *
alg_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(algs); i++)
		if (strcmp(algs[i].name, name) == 0)
			return &algs[i];
	return NULL;
}

bool
jose_alg_known(const char *alg)
{
	return alg_find(alg) != NULL;
}

bool
jose_alg_fits(const char *alg, const struct jwk *key)
{
	const struct alg *a = alg_find(alg);

	return a != NULL && a->type == key->type &&
	    (key->alg[0] == '\0' || strcmp(key->alg, alg) == 0);
}

int
jose_split(struct aia_span token, struct jose_parts *ret)
{
	struct aia_span parts[3] = { { 0 } };
	size_t n = 0, from = 0;

	for (size_t i = 0; i <= token.len; i++) {
		if (i < token.len && token.p[i] != '.')
			continue;
		if (n == ARRAY_LEN(parts) || i == from)
			return AIA_EPROTO;
		parts[n++] = aia_span_of(token.p + from, i - from);
		from = i + 1;
	}
	if (n != ARRAY_LEN(parts))
		return AIA_EPROTO;
	*ret = (struct jose_parts){ parts[0], parts[1], parts[2] };
	return 0;
}

/* The library would print to standard error. */
static void
silent(void *misc, const char *file, int line, uint64_t err,
    const char *format, va_list ap)
{
	(void)misc;
	(void)file;
	(void)line;
	(void)err;
	(void)format;
	(void)ap;
}

static json_t *
key_make(const struct jwk *key, const char *alg)
{
	if (key->type == JWK_RSA)
		return json_pack("{s:s,s:s,s:s,s:s}", "kty", "RSA",
		    "alg", alg, "n", key->one, "e", key->two);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "kty", "EC",
	    "alg", alg, "crv", curve_names[key->type], "x", key->one,
	    "y", key->two);
}

static json_t *
jws_make(const struct jose_parts *p)
{
	return json_pack("{s:s#,s:s#,s:s#}",
	    "protected", (const char *)p->header.p, p->header.len,
	    "payload", (const char *)p->payload.p, p->payload.len,
	    "signature", (const char *)p->signature.p, p->signature.len);
}

/* One text stands for each signature, and it has the length of its kind. */
static bool
signature_ok(struct aia_span text, const struct jwk *key)
{
	uint8_t bytes[SIGNATURE_MAX];
	size_t len = 0;

	return base64url_decode(text, bytes, sizeof(bytes), &len) == 0 &&
	    len == (key->type == JWK_RSA ? key->len : 2 * key->len);
}

int
jose_verify(const struct jose_parts *parts, const char *alg,
    const struct jwk *key)
{
	json_t *jws = NULL, *jwk = NULL;
	jose_cfg_t *cfg = NULL;
	int r = AIA_EDENIED;

	if (!jose_alg_fits(alg, key) || !signature_ok(parts->signature, key))
		return r;
	cfg = jose_cfg();
	jws = jws_make(parts);
	jwk = key_make(key, alg);
	if (cfg == NULL || jwk == NULL || jws == NULL) {
		r = cfg == NULL || jwk == NULL ? -ENOMEM : AIA_EPROTO;
		goto out;
	}
	jose_cfg_set_err_func(cfg, silent, NULL);
	if (jose_jws_ver(cfg, jws, NULL, jwk, false))
		r = 0;
out:
	json_decref(jwk);
	json_decref(jws);
	jose_cfg_decref(cfg);
	return r;
}
