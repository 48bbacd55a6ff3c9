/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_idtoken.c - ID tokens that are good, and every way to be none.
 */
#include "config.h"

#include "base/idtoken.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "base/crypto_sign.h"
#include "tests/unit/idtoken_vectors.h"

#define NOW 1800000050
#define BEGUN 1800000000
#define ISS "\"iss\":\"https://id.example\""
#define SUB "\"sub\":\"u-1\""
#define AUD "\"aud\":\"aiauth\""
#define TIMES "\"exp\":1800000600,\"iat\":1800000010"
#define RS "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}"
#define ES "{\"alg\":\"ES256\",\"kid\":\"ec-1\"}"
#define GOOD "{" ISS "," SUB "," AUD "," TIMES "}"
#define WITH(more) "{" ISS "," SUB "," AUD "," TIMES "," more "}"
#define AUDIENCE(aud) "{" ISS "," SUB "," TIMES "," aud "}"
#define AT(times) "{" ISS "," SUB "," AUD "," times "}"

static struct jwk_set *keys;
static struct crypto_signer *rsa, *ec;
static struct conf_list algorithms = { .v = { "RS256", "PS256", "ES256" },
    .n = 3 };

static const struct idtoken_rules rules = { .issuer = "https://id.example",
    .client_id = "aiauth", .algorithms = &algorithms, .claim = "sub",
    .begun_s = BEGUN, .now_s = NOW };

static void
b64url(struct aia_span bytes, char *room, size_t cap)
{
	assert_int_equal(base64_encode(bytes, room, cap), 0);
	for (char *p = room; *p != '\0'; p++) {
		if (*p == '+')
			*p = '-';
		else if (*p == '/')
			*p = '_';
		else if (*p == '=')
			*p = '\0';
	}
}

/* HEADER.CLAIMS.SIGNATURE, by the key that the header would like. */
static void
token_make(const char *header, const char *claims, char *room, size_t cap)
{
	const struct crypto_signer *key = strstr(header, "ec-1") != NULL ?
	    ec : rsa;
	uint8_t sig[CRYPTO_JWS_SIG_MAX];
	size_t len, sig_len = 0;

	b64url(aia_span_str(header), room, cap);
	len = strlen(room);
	room[len++] = '.';
	b64url(aia_span_str(claims), room + len, cap - len);
	len = strlen(room);
	assert_int_equal(crypto_signer_sign(key, aia_span_of(room, len), sig,
	    &sig_len), 0);
	room[len++] = '.';
	b64url(aia_span_of(sig, sig_len), room + len, cap - len);
}

static int
verify(const char *token, const struct idtoken_rules *by,
    struct idtoken *ret, const char **why)
{
	struct idtoken_rules own = *by;

	if (own.subject.p == NULL)
		own.subject = aia_span_str("u-1");
	return idtoken_verify(aia_span_str(token), keys, &own, ret, why);
}

/* --- what tokens say; each is signed as it should be */

static struct claim_row {
	const char	*name, *header, *claims;
	const char	*why;		/* NULL: it is good */
	int		 r;		/* else: AIA_EDENIED unless set */
} claim_rows[] = {
	{ "RS256", RS, GOOD, NULL, 0 },
	{ "ES256", ES, GOOD, NULL, 0 },
	{ "typ", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"jwt\"}", GOOD,
	    NULL, 0 },
	{ "a certificate's hash", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\","
	    "\"x5t\":\"AA\"}", GOOD, NULL, 0 },
	{ "an access token", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\","
	    "\"typ\":\"at+jwt\"}", GOOD, "typ", 0 },
	{ "none", "{\"alg\":\"none\",\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "None", "{\"alg\":\"None\",\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "HS256", "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "not listed", "{\"alg\":\"RS512\",\"kid\":\"rsa-1\"}", GOOD, "alg",
	    0 },
	{ "no alg", "{\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "alg is no text", "{\"alg\":256,\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "empty alg", "{\"alg\":\"\",\"kid\":\"rsa-1\"}", GOOD, "alg", 0 },
	{ "alg twice", "{\"alg\":\"none\",\"alg\":\"RS256\","
	    "\"kid\":\"rsa-1\"}", GOOD, "shape", AIA_EPROTO },
	{ "alg of another type", "{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}", GOOD,
	    "alg is not the key's", 0 },
	{ "another alg of the type", "{\"alg\":\"PS256\",\"kid\":\"rsa-1\"}",
	    GOOD, "signature", 0 },
	{ "alg that the key is not for", "{\"alg\":\"RS256\","
	    "\"kid\":\"ec-1\"}", GOOD, "alg is not the key's", 0 },
	{ "no kid", "{\"alg\":\"RS256\"}", GOOD, "kid", 0 },
	{ "unknown kid", "{\"alg\":\"RS256\",\"kid\":\"rsa-2\"}", GOOD, "kid",
	    0 },
	{ "kid that begins alike", "{\"alg\":\"RS256\",\"kid\":\"rsa-\"}", GOOD,
	    "kid", 0 },
	{ "kid as a path", "{\"alg\":\"RS256\","
	    "\"kid\":\"../../../dev/null\"}", GOOD, "kid", 0 },
	{ "brings its key", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jwk\":{}}",
	    GOOD, "header", 0 },
	{ "says where its key is", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\","
	    "\"jku\":\"https://x/\"}", GOOD, "header", 0 },
	{ "x5u", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5u\":\"https://x/\"}",
	    GOOD, "header", 0 },
	{ "x5c", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5c\":[]}", GOOD,
	    "header", 0 },
	{ "crit", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"exp\"]}",
	    GOOD, "header", 0 },
	{ "b64", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"b64\":false}", GOOD,
	    "header", 0 },
	{ "zip", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"zip\":\"DEF\"}", GOOD,
	    "header", 0 },
	{ "encrypted", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\","
	    "\"enc\":\"A128GCM\"}", GOOD, "header", 0 },
	{ "p2c", "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"p2c\":1000000000}",
	    GOOD, "header", 0 },
	{ "header is a list", "[\"RS256\",\"rsa-1\"]", GOOD, "typ", 0 },
	{ "header is nothing", "\"\"", GOOD, "shape", AIA_EPROTO },

	{ "not JSON", RS, "{", "claims", AIA_EPROTO },
	{ "a list", RS, "[]", "iss", 0 },
	{ "something behind it", RS, GOOD "{}", "claims", AIA_EPROTO },
	{ "a claim twice", RS, WITH("\"sub\":\"u-1\""), "claims", AIA_EPROTO },
	{ "another issuer", RS, "{\"iss\":\"https://id.example.org\"," SUB ","
	    AUD "," TIMES "}", "iss", 0 },
	{ "an issuer with a slash", RS, "{\"iss\":\"https://id.example/\"," SUB
	    "," AUD "," TIMES "}", "iss", 0 },
	{ "no issuer", RS, "{" SUB "," AUD "," TIMES "}", "iss", 0 },

	{ "no audience", RS, "{" ISS "," SUB "," TIMES "}", "aud", 0 },
	{ "another audience", RS, AUDIENCE("\"aud\":\"other\""), "aud", 0 },
	{ "begins like ours", RS, AUDIENCE("\"aud\":\"aiauth2\""), "aud", 0 },
	{ "a list of us", RS, AUDIENCE("\"aud\":[\"aiauth\"]"), NULL, 0 },
	{ "an empty list", RS, AUDIENCE("\"aud\":[]"), "aud", 0 },
	{ "a list of others", RS, AUDIENCE("\"aud\":[\"a\",\"b\"]"), "aud", 0 },
	{ "one of two", RS, AUDIENCE("\"aud\":[\"a\",\"aiauth\"]"), "aud", 0 },
	{ "one of two, for us", RS, AUDIENCE("\"aud\":[\"a\",\"aiauth\"],"
	    "\"azp\":\"aiauth\""), NULL, 0 },
	{ "one of two, for another", RS, AUDIENCE("\"aud\":[\"a\",\"aiauth\"],"
	    "\"azp\":\"a\""), "aud", 0 },
	{ "ours, for another", RS, WITH("\"azp\":\"a\""), "aud", 0 },
	{ "ours, for us", RS, WITH("\"azp\":\"aiauth\""), NULL, 0 },
	{ "ours, for no text", RS, WITH("\"azp\":1"), "aud", 0 },
	{ "ours in a list in a list", RS, AUDIENCE("\"aud\":[[\"aiauth\"]]"),
	    "aud", 0 },
	{ "a number beside us", RS, AUDIENCE("\"aud\":[\"aiauth\",1],"
	    "\"azp\":\"aiauth\""), "aud", 0 },

	{ "no end", RS, AT("\"iat\":1800000010"), "exp", 0 },
	{ "ended", RS, AT("\"exp\":1799999990,\"iat\":1799999980"), "exp", 0 },
	{ "ended within the skew", RS, AT("\"exp\":1800000020,"
	    "\"iat\":1800000010"), NULL, 0 },
	{ "its end is a text", RS, AT("\"exp\":\"1800000600\","
	    "\"iat\":1800000010"), "exp", 0 },
	{ "its end is below zero", RS, AT("\"exp\":-1,\"iat\":1800000010"),
	    "exp", 0 },
	{ "its end is huge", RS, AT("\"exp\":99999999999999999999,"
	    "\"iat\":1800000010"), "exp", 0 },
	{ "no beginning", RS, AT("\"exp\":1800000600"), "iat", 0 },
	{ "made before the flow", RS, AT("\"exp\":1800000600,"
	    "\"iat\":1799999999"), "iat is before the flow", 0 },
	{ "made as the flow began", RS, AT("\"exp\":1800000600,"
	    "\"iat\":1800000000"), NULL, 0 },
	{ "made tomorrow", RS, AT("\"exp\":1800090000,\"iat\":1800086400"),
	    "iat", 0 },
	{ "made after its end", RS, AT("\"exp\":1800000020,"
	    "\"iat\":1800000021"), "iat", 0 },
	{ "good from tomorrow", RS, WITH("\"nbf\":1800086400"), "nbf", 0 },
	{ "good from before", RS, WITH("\"nbf\":1800000000"), NULL, 0 },
	{ "good from a text", RS, WITH("\"nbf\":\"now\""), "nbf", 0 },
	{ "logged in tomorrow", RS, WITH("\"auth_time\":1800086400"),
	    "auth_time", 0 },
	{ "logged in in words", RS, WITH("\"auth_time\":\"today\""),
	    "auth_time", 0 },
	{ "a nonce not asked for", RS, WITH("\"nonce\":\"n\""), "nonce", 0 },

	{ "another person", RS, "{" ISS ",\"sub\":\"u-2\"," AUD "," TIMES "}",
	    "another person's", 0 },
	{ "begins like the person", RS, "{" ISS ",\"sub\":\"u-11\"," AUD ","
	    TIMES "}", "another person's", 0 },
	{ "the beginning of the person", RS, "{" ISS ",\"sub\":\"u-\"," AUD ","
	    TIMES "}", "another person's", 0 },
	{ "a NUL behind the person", RS, "{" ISS ",\"sub\":\"u-1\\u0000\"," AUD
	    "," TIMES "}", "sub", 0 },
	{ "nobody", RS, "{" ISS "," AUD "," TIMES "}", "sub", 0 },
	{ "an empty person", RS, "{" ISS ",\"sub\":\"\"," AUD "," TIMES "}",
	    "sub", 0 },
	{ "a number of a person", RS, "{" ISS ",\"sub\":1," AUD "," TIMES "}",
	    "sub", 0 },

	{ "amr is a text", RS, WITH("\"amr\":\"pwd\""), "amr", 0 },
	{ "amr holds a number", RS, WITH("\"amr\":[1]"), "amr", 0 },
	{ "amr holds an escape", RS, WITH("\"amr\":[\"\\u001b[2J\"]"), "amr",
	    0 },
	{ "nine amr", RS, WITH("\"amr\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\","
	    "\"7\",\"8\",\"9\"]"), "amr", 0 },
	{ "acr is a list", RS, WITH("\"acr\":[\"a\"]"), "acr", 0 },
	{ "empty acr", RS, WITH("\"acr\":\"\""), "acr", 0 },
};

static void
claims(void **state)
{
	const struct claim_row *row = *state;
	struct idtoken id = { .n_amr = 77 };
	const char *why = NULL;
	char token[8192];
	int want = row->why == NULL ? 0 : row->r == 0 ? AIA_EDENIED : row->r;

	token_make(row->header, row->claims, token, sizeof(token));
	assert_int_equal(verify(token, &rules, &id, &why), want);
	assert_int_equal(id.n_amr, want == 0 ? 0 : 77);
	if (want < 0)
		assert_string_equal(why, row->why);
}

/* --- what was not made here */

static struct vector_row {
	const char *alg, *token;
} vector_rows[] = {
	{ "RS256", token_rs256 }, { "RS384", token_rs384 },
	{ "RS512", token_rs512 }, { "PS256", token_ps256 },
	{ "PS384", token_ps384 }, { "PS512", token_ps512 },
	{ "ES256", token_es256 }, { "ES384", token_es384 },
	{ "ES512", token_es512 },
};

/* Good if its algorithm is listed, and with every byte changed not. */
static void
vectors(void **state)
{
	const struct vector_row *row = *state;
	struct conf_list one = { .n = 1 }, others = { .n = 0 };
	struct idtoken_rules by = rules;
	const char *why = NULL;
	struct idtoken id;
	char token[4096];

	(void)snprintf(one.v[0], sizeof(one.v[0]), "%s", row->alg);
	for (size_t i = 0; i < ARRAY_LEN(vector_rows); i++)
		if (strcmp(vector_rows[i].alg, row->alg) != 0)
			(void)snprintf(others.v[others.n++],
			    sizeof(others.v[0]), "%s", vector_rows[i].alg);
	by.algorithms = &one;
	assert_int_equal(verify(row->token, &by, &id, &why), 0);
	by.algorithms = &others;
	assert_int_equal(verify(row->token, &by, &id, &why), AIA_EDENIED);
	assert_string_equal(why, "alg");
	by.algorithms = &one;
	for (size_t i = 0; i < strlen(row->token); i += 7) {
		(void)snprintf(token, sizeof(token), "%s", row->token);
		token[i] = token[i] == 'A' ? 'B' : 'A';
		assert_true(verify(token, &by, &id, &why) < 0);
	}
}

static void
signature_of(size_t r_len, const uint8_t *r, const uint8_t *s, char *token,
    size_t cap)
{
	uint8_t sig[132] = { 0 };
	size_t at;

	(void)snprintf(token, cap, "%s", token_es256);
	at = (size_t)(strrchr(token, '.') - token) + 1;
	memcpy(sig, r, r_len);
	memcpy(sig + r_len, s, r_len);
	b64url(aia_span_of(sig, 2 * r_len), token + at, cap - at);
}

/* r or s that is 0, the order of P-256, or one more; and of another length. */
static void
odd_signatures(void **state)
{
	static const uint8_t zero[33], order[] = {
		0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
		0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
	uint8_t more[32], one[32] = { [31] = 1 };
	const uint8_t *const odd[] = { zero, order, more, one };
	const char *why = NULL;
	struct idtoken id;
	char token[4096];

	(void)state;
	memcpy(more, order, sizeof(more));
	more[31]++;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		for (size_t j = 0; j < ARRAY_LEN(odd); j++) {
			signature_of(32, odd[i], odd[j], token, sizeof(token));
			assert_int_equal(verify(token, &rules, &id, &why),
			    AIA_EDENIED);
			assert_string_equal(why, "signature");
		}
	signature_of(33, zero, zero, token, sizeof(token));
	assert_int_equal(verify(token, &rules, &id, &why), AIA_EDENIED);
	signature_of(31, order, order, token, sizeof(token));
	assert_int_equal(verify(token, &rules, &id, &why), AIA_EDENIED);
}

/* Every truncation, parts too few and too many, padding, and a long one. */
static void
shapes(void **state)
{
	static const char *const bad[] = { "", ".", "..", "...", "a.b", "a..b",
	    ".a.b", "a.b.", "a.b.c.d" };
	static char token[IDTOKEN_MAX + 16];
	const char *why = NULL;
	struct idtoken id;
	size_t len = strlen(token_rs256);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(verify(bad[i], &rules, &id, &why),
		    AIA_EPROTO);
	for (size_t i = 0; i < len; i++) {
		memcpy(token, token_rs256, i);
		token[i] = '\0';
		assert_true(verify(token, &rules, &id, &why) < 0);
	}
	(void)snprintf(token, sizeof(token), "%s.", token_rs256);
	assert_int_equal(verify(token, &rules, &id, &why), AIA_EPROTO);
	(void)snprintf(token, sizeof(token), "%s=", token_rs256);
	assert_true(verify(token, &rules, &id, &why) < 0);
	(void)snprintf(token, sizeof(token), "%sA", token_es256);
	assert_true(verify(token, &rules, &id, &why) < 0);
	memset(token, 'A', IDTOKEN_MAX + 1);
	token[IDTOKEN_MAX + 1] = '\0';
	assert_int_equal(verify(token, &rules, &id, &why), -EMSGSIZE);
}

/* --- rules that a configuration or a flow sets */

static void
rule_nonce(void **state)
{
	struct idtoken_rules by = rules;
	const char *why = NULL;
	char token[4096];
	struct idtoken id;

	(void)state;
	by.nonce = aia_span_str("abc");
	token_make(RS, WITH("\"nonce\":\"abc\""), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), 0);
	token_make(RS, WITH("\"nonce\":\"abcd\""), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	token_make(RS, WITH("\"nonce\":[\"abc\"]"), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	token_make(RS, GOOD, token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), 0);
}

static void
rule_fresh(void **state)
{
	struct idtoken_rules by = rules;
	const char *why = NULL;
	char token[4096];
	struct idtoken id;

	(void)state;
	by.fresh = true;
	token_make(RS, GOOD, token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	token_make(RS, WITH("\"auth_time\":1799999999"), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	assert_string_equal(why, "auth_time is before the flow");
	token_make(RS, WITH("\"auth_time\":1800000000"), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), 0);
}

static void
rule_claim(void **state)
{
	struct idtoken_rules by = rules;
	const char *why = NULL;
	char token[4096];
	struct idtoken id;

	(void)state;
	by.claim = "oid";
	token_make(RS, WITH("\"oid\":\"u-1\""), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), 0);
	token_make(RS, WITH("\"oid\":\"u-2\""), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	token_make(RS, GOOD, token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
	/* Nobody is meant by nothing. */
	by.subject = aia_span_str("");
	token_make(RS, WITH("\"oid\":\"\""), token, sizeof(token));
	assert_int_equal(verify(token, &by, &id, &why), AIA_EDENIED);
}

static void
means(void **state)
{
	const char *why = NULL;
	char token[4096];
	struct idtoken id;

	(void)state;
	token_make(ES, WITH("\"amr\":[\"pwd\",\"otp\"],\"acr\":\"urn:high\","
	    "\"auth_time\":1800000005"), token, sizeof(token));
	assert_int_equal(verify(token, &rules, &id, &why), 0);
	assert_true(id.has_amr);
	assert_int_equal(id.n_amr, 2);
	assert_string_equal(id.amr[0], "pwd");
	assert_string_equal(id.amr[1], "otp");
	assert_string_equal(id.acr, "urn:high");
	assert_true(id.has_auth_time);
	assert_int_equal(id.auth_time_s, 1800000005);
	token_make(ES, WITH("\"amr\":[]"), token, sizeof(token));
	assert_int_equal(verify(token, &rules, &id, &why), 0);
	assert_true(id.has_amr);
	assert_int_equal(id.n_amr, 0);
	assert_string_equal(id.acr, "");
}

static int
setup(void **state)
{
	(void)state;
	keys = calloc(1, sizeof(*keys));
	assert_non_null(keys);
	assert_int_equal(jwk_set_parse(aia_span_str(jwks), keys), 0);
	assert_int_equal(keys->n, 4);
	assert_int_equal(crypto_signer_new(aia_span_str(rsa_pem), &rsa), 0);
	return crypto_signer_new(aia_span_str(ec_pem), &ec);
}

static int
teardown(void **state)
{
	(void)state;
	free(keys);
	crypto_signer_free(rsa);
	crypto_signer_free(ec);
	return 0;
}

int
main(void)
{
	static struct CMUnitTest tests[ARRAY_LEN(claim_rows) +
	    ARRAY_LEN(vector_rows) + 6];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(odd_signatures),
		cmocka_unit_test(shapes),
		cmocka_unit_test(rule_nonce),
		cmocka_unit_test(rule_fresh),
		cmocka_unit_test(rule_claim),
		cmocka_unit_test(means),
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(claim_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = claim_rows[i].name,
		    .test_func = claims, .initial_state = &claim_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(vector_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = vector_rows[i].alg,
		    .test_func = vectors, .initial_state = &vector_rows[i] };
	memcpy(tests + n, rest, sizeof(rest));
	return cmocka_run_group_tests(tests, setup, teardown);
}
