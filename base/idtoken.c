/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idtoken.c - ID tokens, checked in the order of what costs least.
 */
#include "config.h"

#include "base/idtoken.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base64.h"
#include "base/jose.h"
#include "base/json.h"

#define HEADER_MAX 2048		/* bytes */
#define AUD_MAX 16		/* audiences of one token */
#define ID_MAX 256		/* bytes of iss, aud, azp and sub */
#define NONCE_MAX 256

/* In a header nothing else may stand: jwk, jku, x5u and x5c bring a key of the
 * sender's, crit, zip, enc, p2c and b64 another way to read the rest. */
static const char *const header_members[] = { "alg", "typ", "kid", "x5t",
    "x5t#S256" };

struct checking {
	const struct idtoken_rules *rules;
	const char **why;
};

static int
no(const struct checking *c, const char *why)
{
	*c->why = why;
	return AIA_EDENIED;
}

static int
decode(struct aia_span part, size_t max, struct json **ret)
{
	uint8_t *text;
	size_t len = 0;
	int r;

	if (part.len > BASE64_LEN(max))
		return -EMSGSIZE;
	text = malloc(part.len + 1);
	if (text == NULL)
		return -ENOMEM;
	r = base64url_decode(part, text, part.len, &len);
	if (r == 0)
		r = json_parse(text, len, max, ret);
	free(text);
	return r;
}

static bool
is_listed(const struct conf_list *list, const char *alg)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], alg) == 0)
			return true;
	return false;
}

static bool
members_known(const struct json *header)
{
	const struct json *value = NULL;
	struct aia_span key = { 0 };
	void *iter = NULL;

	while (json_obj_next(header, &iter, &key, &value)) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(header_members); i++)
			known |= aia_span_eq(key,
			    aia_span_str(header_members[i]));
		if (!known)
			return false;
	}
	return true;
}

/* "JWT" or nothing: an access token is not about a login (RFC 8725, 3.11). */
static bool
type_ok(const struct json *header)
{
	struct aia_span typ = { 0 };
	int r = json_get_str(header, "typ", 64, &typ);

	return r == -ENOENT || (r == 0 && typ.len == 3 &&
	    strncasecmp((const char *)typ.p, "JWT", 3) == 0);
}

static int
signature_check(const struct checking *c, const struct jose_parts *parts,
    const struct json *header, const struct jwk_set *keys)
{
	struct aia_span alg = { 0 }, kid = { 0 };
	const struct jwk *key;
	char name[8];

	if (!members_known(header))
		return no(c, "header");
	if (!type_ok(header))
		return no(c, "typ");
	if (json_get_str(header, "alg", sizeof(name) - 1, &alg) < 0)
		return no(c, "alg");
	memcpy(name, alg.p, alg.len);
	name[alg.len] = '\0';
	if (!jose_alg_known(name) || !is_listed(c->rules->algorithms, name))
		return no(c, "alg");
	if (json_get_str(header, "kid", JWK_KID_MAX, &kid) < 0)
		return no(c, "kid");
	key = jwk_set_find(keys, kid);
	if (key == NULL)
		return no(c, "kid");
	if (!jose_alg_fits(name, key))
		return no(c, "alg is not the key's");
	*c->why = "signature";
	return jose_verify(parts, name, key);
}

static bool
text_is(const struct json *claims, const char *key, const char *want)
{
	struct aia_span s = { 0 };

	return json_get_str(claims, key, ID_MAX, &s) == 0 &&
	    aia_span_eq(s, aia_span_str(want));
}

/* One text or several, of which we are one; then azp says for whom. */
static bool
audience_ok(const struct json *claims, const char *client_id)
{
	const struct json *aud = NULL;
	struct aia_span one = { 0 };
	size_t n, mine = 0;

	if (text_is(claims, "aud", client_id))
		return json_get(claims, "azp", &aud) == -ENOENT ||
		    text_is(claims, "azp", client_id);
	if (json_get_arr(claims, "aud", &aud) < 0)
		return false;
	n = json_arr_len(aud);
	if (n > AUD_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (json_as_str(json_arr_at(aud, i), ID_MAX, &one) < 0)
			return false;
		mine += aia_span_eq(one, aia_span_str(client_id));
	}
	if (mine == 0)
		return false;
	return (n == 1 && json_get(claims, "azp", &aud) == -ENOENT) ||
	    text_is(claims, "azp", client_id);
}

/* A time: 0, -ENOENT or AIA_EPROTO. */
static int
time_get(const struct json *claims, const char *key, int64_t *ret)
{
	return json_get_i64(claims, key, 0, INT64_C(1) << 40, ret);
}

static int
times_check(const struct checking *c, const struct json *claims)
{
	const struct idtoken_rules *rules = c->rules;
	const int64_t late_s = rules->now_s + IDTOKEN_SKEW_S;
	int64_t exp_s = 0, iat_s = 0, nbf_s = 0;
	int r;

	if (time_get(claims, "exp", &exp_s) < 0 ||
	    exp_s <= rules->now_s - IDTOKEN_SKEW_S)
		return no(c, "exp");
	if (time_get(claims, "iat", &iat_s) < 0 || iat_s > late_s ||
	    iat_s > exp_s)
		return no(c, "iat");
	if (iat_s < rules->begun_s)
		return no(c, "iat is before the flow");
	r = time_get(claims, "nbf", &nbf_s);
	if ((r < 0 && r != -ENOENT) || nbf_s > late_s)
		return no(c, "nbf");
	return 0;
}

static int
auth_time_check(const struct checking *c, const struct json *claims,
    struct idtoken *ret)
{
	int r = time_get(claims, "auth_time", &ret->auth_time_s);

	ret->has_auth_time = r == 0;
	if ((r < 0 && r != -ENOENT) ||
	    (r == 0 && ret->auth_time_s > c->rules->now_s + IDTOKEN_SKEW_S))
		return no(c, "auth_time");
	if (c->rules->fresh && (!ret->has_auth_time ||
	    ret->auth_time_s < c->rules->begun_s))
		return no(c, "auth_time is before the flow");
	return 0;
}

static int
subject_check(const struct checking *c, const struct json *claims)
{
	struct aia_span s = { 0 };

	if (json_get_str(claims, "sub", ID_MAX, &s) < 0 || s.len == 0)
		return no(c, "sub");
	if (json_get_str(claims, c->rules->claim, ID_MAX, &s) < 0 ||
	    s.len == 0 || !aia_span_eq(s, c->rules->subject))
		return no(c, "another person's");
	return 0;
}

/* Texts that policies compare and logs show. */
static bool
text_take(struct aia_span s, char room[IDTOKEN_STR_MAX + 1])
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	if (s.len == 0 || s.len > IDTOKEN_STR_MAX)
		return false;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return true;
}

/* All of it or nothing: what was left out could be what a forbid is about. */
static int
means_check(const struct checking *c, const struct json *claims,
    struct idtoken *ret)
{
	const struct json *amr = NULL;
	struct aia_span s = { 0 };
	int r = json_get_arr(claims, "amr", &amr);

	ret->has_amr = r == 0;
	if ((r < 0 && r != -ENOENT) || json_arr_len(amr) > IDTOKEN_AMR_MAX)
		return no(c, "amr");
	for (size_t i = 0; i < json_arr_len(amr); i++)
		if (json_as_str(json_arr_at(amr, i), IDTOKEN_STR_MAX, &s) < 0 ||
		    !text_take(s, ret->amr[ret->n_amr++]))
			return no(c, "amr");
	r = json_get_str(claims, "acr", IDTOKEN_STR_MAX, &s);
	if ((r < 0 && r != -ENOENT) || (r == 0 && !text_take(s, ret->acr)))
		return no(c, "acr");
	return 0;
}

static int
claims_check(const struct checking *c, const struct json *claims,
    struct idtoken *ret)
{
	struct aia_span nonce = { 0 };
	int r;

	if (!text_is(claims, "iss", c->rules->issuer))
		return no(c, "iss");
	if (!audience_ok(claims, c->rules->client_id))
		return no(c, "aud");
	r = times_check(c, claims);
	if (r < 0)
		return r;
	r = json_get_str(claims, "nonce", NONCE_MAX, &nonce);
	if (r != -ENOENT && (r < 0 || c->rules->nonce.len == 0 ||
	    !aia_span_eq(nonce, c->rules->nonce)))
		return no(c, "nonce");
	r = auth_time_check(c, claims, ret);
	if (r == 0)
		r = means_check(c, claims, ret);
	return r < 0 ? r : subject_check(c, claims);
}

int
idtoken_verify(struct aia_span token, const struct jwk_set *keys,
    const struct idtoken_rules *rules, struct idtoken *ret,
    const char **why)
{
	const struct checking c = { .rules = rules, .why = why };
	struct json *header = NULL, *claims = NULL;
	struct idtoken out = { 0 };
	struct jose_parts parts;
	int r;

	*why = "shape";
	if (token.len > IDTOKEN_MAX)
		return -EMSGSIZE;
	r = jose_split(token, &parts);
	if (r == 0)
		r = decode(parts.header, HEADER_MAX, &header);
	if (r == 0)
		r = signature_check(&c, &parts, header, keys);
	if (r < 0)
		goto out;
	*why = "claims";
	r = decode(parts.payload, IDTOKEN_MAX, &claims);
	if (r == 0)
		r = claims_check(&c, claims, &out);
	if (r == 0)
		*ret = out;
out:
	json_free(header);
	json_free(claims);
	return r;
}
