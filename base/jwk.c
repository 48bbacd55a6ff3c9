/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jwk.c - a set of public keys, read.
 */
#include "config.h"

#include "base/jwk.h"

#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/json.h"

#define BYTES_MAX 1024		/* RSA of 8192 bits */
#define EXPONENT_MAX 8		/* bytes: larger ones only cost time */

static const struct curve {
	const char	*name;
	enum jwk_type	 type;
	size_t		 len;	/* bytes of a coordinate */
} curves[] = {
	{ "P-256", JWK_P256, 32 },
	{ "P-384", JWK_P384, 48 },
	{ "P-521", JWK_P521, 66 },
};

/* A text, terminated: false if it is not there or too long. */
static bool
text_get(const struct json *o, const char *key, char *room, size_t cap)
{
	struct aia_span s = { 0 };

	if (json_get_str(o, key, cap - 1, &s) < 0 || s.len == 0)
		return false;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return true;
}

/* A number in base64url, and its bytes. */
static bool
number_get(const struct json *o, const char *key, char room[JWK_PART_MAX + 1],
    uint8_t bytes[BYTES_MAX], size_t *ret_len)
{
	return text_get(o, key, room, JWK_PART_MAX + 1) &&
	    base64url_decode(aia_span_str(room), bytes, BYTES_MAX,
	    ret_len) == 0 && *ret_len > 0;
}

/* Odd both, without leading zeros, and neither tiny nor huge. */
static bool
rsa_parse(const struct json *o, struct jwk *key)
{
	uint8_t n[BYTES_MAX], e[BYTES_MAX];
	size_t n_len = 0, e_len = 0;

	if (!number_get(o, "n", key->one, n, &n_len) ||
	    !number_get(o, "e", key->two, e, &e_len))
		return false;
	key->type = JWK_RSA;
	key->len = n_len;
	return n_len >= JWK_BITS_MIN / 8 && (n_len > JWK_BITS_MIN / 8 ?
	    n[0] != 0 : n[0] >= 0x80) && (n[n_len - 1] & 1) != 0 &&
	    e_len <= EXPONENT_MAX && e[0] != 0 && (e[e_len - 1] & 1) != 0 &&
	    (e_len > 1 || e[0] >= 3);
}

static bool
ec_parse(const struct json *o, struct jwk *key)
{
	uint8_t bytes[BYTES_MAX];
	size_t x_len = 0, y_len = 0;
	char name[16];

	if (!text_get(o, "crv", name, sizeof(name)) ||
	    !number_get(o, "x", key->one, bytes, &x_len) ||
	    !number_get(o, "y", key->two, bytes, &y_len))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (strcmp(curves[i].name, name) == 0) {
			key->type = curves[i].type;
			key->len = curves[i].len;
			return x_len == key->len && y_len == key->len;
		}
	return false;
}

/* Is it there, and says something else? */
static bool
says_other(const struct json *o, const char *key, const char *want)
{
	struct aia_span s = { 0 };
	int r = json_get_str(o, key, 64, &s);

	return r != -ENOENT &&
	    (r < 0 || !aia_span_eq(s, aia_span_str(want)));
}

static bool
for_verifying(const struct json *o)
{
	const struct json *ops = NULL;
	struct aia_span op = { 0 };
	int r = json_get_arr(o, "key_ops", &ops);

	if (says_other(o, "use", "sig") || (r < 0 && r != -ENOENT))
		return false;
	for (size_t i = 0; r == 0 && i < json_arr_len(ops); i++)
		if (json_as_str(json_arr_at(ops, i), 64, &op) == 0 &&
		    aia_span_eq(op, aia_span_str("verify")))
			return true;
	return r == -ENOENT;
}

static bool
key_parse(const struct json *o, struct jwk *ret)
{
	struct jwk key = { 0 };
	const struct json *alg = NULL;
	char kty[8];

	if (!for_verifying(o) || !text_get(o, "kty", kty, sizeof(kty)) ||
	    !text_get(o, "kid", key.kid, sizeof(key.kid)))
		return false;
	if (json_get(o, "alg", &alg) != -ENOENT &&
	    !text_get(o, "alg", key.alg, sizeof(key.alg)))
		return false;
	if (!(strcmp(kty, "RSA") == 0 ? rsa_parse(o, &key) :
	    strcmp(kty, "EC") == 0 && ec_parse(o, &key)))
		return false;
	*ret = key;
	return true;
}

int
jwk_set_parse(struct aia_span text, struct jwk_set *ret)
{
	const struct json *keys = NULL;
	struct json *root = NULL;
	int r;

	r = json_parse(text.p, text.len, JWK_TEXT_MAX, &root);
	if (r < 0)
		return r;
	r = AIA_EPROTO;
	if (json_get_arr(root, "keys", &keys) < 0 ||
	    json_arr_len(keys) > JWK_SET_MAX)
		goto out;
	ret->n = 0;
	for (size_t i = 0; i < json_arr_len(keys); i++)
		if (key_parse(json_arr_at(keys, i), &ret->v[ret->n]))
			ret->n++;
	r = 0;
out:
	json_free(root);
	return r;
}

const struct jwk *
jwk_set_find(const struct jwk_set *set, struct aia_span kid)
{
	const struct jwk *found = NULL;

	for (size_t i = 0; i < set->n; i++) {
		if (!aia_span_eq(aia_span_str(set->v[i].kid), kid))
			continue;
		if (found != NULL)
			return NULL;
		found = &set->v[i];
	}
	return found;
}
