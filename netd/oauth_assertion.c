/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_assertion.c - a client proves itself by a signed statement.
 */
#include "config.h"

#include "netd/oauth_assertion.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/crypto_sign.h"
#include "base/json.h"
#include "base/secret.h"

#define JTI_LEN 16		/* random bytes: never the same twice */

/* RFC 7515 section 2: of base64 two letters are others, and no padding. */
static int
part_add(struct aia_wr *wr, struct aia_span bytes)
{
	char text[OAUTH_ASSERTION_MAX];
	int r = base64_encode(bytes, text, sizeof(text));

	if (r < 0)
		return r;
	for (char *p = text; *p != '\0' && *p != '='; p++)
		aia_wr_u8(wr, (uint8_t)(*p == '+' ? '-' : *p == '/' ? '_' :
		    *p));
	return 0;
}

static int
json_add(struct aia_wr *wr, struct json_out *o)
{
	char *text = NULL;
	size_t len = 0;
	int r = json_out_end(o, &text, &len);

	if (r == 0)
		r = part_add(wr, aia_span_of(text, len));
	free(text);
	return r;
}

/* RFC 7515 section 4.1.8. */
static int
x5t_add(struct json_out *o, const uint8_t x5t[CRYPTO_X5T_LEN])
{
	char text[BASE64_ROOM(CRYPTO_X5T_LEN)];
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, text, sizeof(text));
	r = part_add(&wr, aia_span_of(x5t, CRYPTO_X5T_LEN));
	aia_wr_u8(&wr, '\0');
	if (r == 0)
		r = aia_wr_end(&wr, &len);
	if (r == 0)
		json_out_str(o, "x5t#S256", text);
	return r;
}

static int
header_add(struct aia_wr *wr, const struct crypto_signer *s,
    const char *key_id)
{
	const uint8_t *x5t = crypto_signer_x5t(s);
	struct json_out *o = NULL;
	int r = json_out_new(&o);

	if (r < 0)
		return r;
	json_out_str(o, "alg", crypto_signer_alg(s));
	json_out_str(o, "typ", "JWT");
	if (key_id[0] != '\0')
		json_out_str(o, "kid", key_id);
	if (x5t != NULL)
		r = x5t_add(o, x5t);
	if (r == 0)
		r = json_add(wr, o);
	json_out_free(o);
	return r;
}

static int
jti_make(char ret[BASE64_ROOM(JTI_LEN)])
{
	struct secret s = { 0 };
	int r = secret_random(&s, JTI_LEN);

	return r < 0 ? r : base64_encode(secret_span(&s), ret,
	    BASE64_ROOM(JTI_LEN));
}

static int
claims_add(struct aia_wr *wr, const char *client_id, const char *audience,
    int64_t now_s)
{
	char jti[BASE64_ROOM(JTI_LEN)];
	struct json_out *o = NULL;
	int r = jti_make(jti);

	if (r < 0)
		return r;
	r = json_out_new(&o);
	if (r < 0)
		return r;
	json_out_str(o, "iss", client_id);
	json_out_str(o, "sub", client_id);
	json_out_str(o, "aud", audience);
	json_out_str(o, "jti", jti);
	json_out_i64(o, "iat", now_s);
	json_out_i64(o, "exp", now_s + OAUTH_ASSERTION_LIFE_S);
	r = json_add(wr, o);
	json_out_free(o);
	return r;
}

static int
signature_add(struct aia_wr *wr, const struct crypto_signer *s,
    const char *text)
{
	uint8_t sig[CRYPTO_JWS_SIG_MAX];
	size_t len = 0;
	int r;

	r = aia_wr_end(wr, &len);
	if (r == 0)
		r = crypto_signer_sign(s, aia_span_of(text, len), sig, &len);
	if (r < 0)
		return r;
	aia_wr_u8(wr, '.');
	r = part_add(wr, aia_span_of(sig, len));
	aia_wr_u8(wr, '\0');
	return r < 0 ? r : aia_wr_end(wr, &len);
}

int
oauth_assertion_make(struct aia_span pem, const char *key_id,
    const char *client_id, const char *audience, int64_t now_s,
    char ret[OAUTH_ASSERTION_MAX])
{
	struct crypto_signer *s = NULL;
	struct aia_wr wr;
	int r = crypto_signer_new(pem, &s);

	if (r < 0)
		return r;
	aia_wr_init(&wr, ret, OAUTH_ASSERTION_MAX);
	r = header_add(&wr, s, key_id);
	aia_wr_u8(&wr, '.');
	if (r == 0)
		r = claims_add(&wr, client_id, audience, now_s);
	if (r == 0)
		r = signature_add(&wr, s, ret);
	crypto_signer_free(s);
	return r;
}
