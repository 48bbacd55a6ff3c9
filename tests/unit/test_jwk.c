/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_jwk.c - which keys of a set are taken.
 */
#include "config.h"

#include "base/jwk.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/idtoken_vectors.h"

#define X "kVPSa6bLBl8r2n6jZTmTTbUO2ibKm2WrQhVvO9V4jWM"	/* any 32 bytes */
#define EC "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" X "\""
#define KEY(more) "{\"keys\":[{" more "}]}"

static struct set_row {
	const char *name, *text;
	int want;
	size_t n;
} set_rows[] = {
	{ "one", KEY(EC ",\"kid\":\"a\""), 0, 1 },
	{ "for signatures", KEY(EC ",\"kid\":\"a\",\"use\":\"sig\""), 0, 1 },
	{ "to verify", KEY(EC ",\"kid\":\"a\",\"key_ops\":[\"verify\"]"), 0, 1 },
	{ "with an alg", KEY(EC ",\"kid\":\"a\",\"alg\":\"ES256\""), 0, 1 },
	{ "and more", KEY(EC ",\"kid\":\"a\",\"x5c\":[\"AAAA\"],\"issuer\":1"),
	    0, 1 },
	{ "none", "{\"keys\":[]}", 0, 0 },
	{ "nameless", KEY(EC), 0, 0 },
	{ "empty name", KEY(EC ",\"kid\":\"\""), 0, 0 },
	{ "named by a number", KEY(EC ",\"kid\":1"), 0, 0 },
	{ "for encryption", KEY(EC ",\"kid\":\"a\",\"use\":\"enc\""), 0, 0 },
	{ "to sign", KEY(EC ",\"kid\":\"a\",\"key_ops\":[\"sign\"]"), 0, 0 },
	{ "alg is no text", KEY(EC ",\"kid\":\"a\",\"alg\":1"), 0, 0 },
	{ "a secret", KEY("\"kty\":\"oct\",\"k\":\"" X "\",\"kid\":\"a\""), 0,
	    0 },
	{ "Ed25519", KEY("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X
	    "\",\"kid\":\"a\""), 0, 0 },
	{ "secp256k1", KEY("\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" X
	    "\",\"y\":\"" X "\",\"kid\":\"a\""), 0, 0 },
	{ "a short coordinate", KEY("\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"x\":\"AAAA\",\"y\":\"" X "\",\"kid\":\"a\""), 0, 0 },
	{ "one of another curve", KEY("\"kty\":\"EC\",\"crv\":\"P-384\","
	    "\"x\":\"" X "\",\"y\":\"" X "\",\"kid\":\"a\""), 0, 0 },
	{ "no y", KEY("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X
	    "\",\"kid\":\"a\""), 0, 0 },
	{ "RSA of 256 bits", KEY("\"kty\":\"RSA\",\"n\":\"" X
	    "\",\"e\":\"AQAB\",\"kid\":\"a\""), 0, 0 },
	{ "a broken one beside", "{\"keys\":[{\"kty\":\"EC\"},7,{" EC
	    ",\"kid\":\"a\"}]}", 0, 1 },
	{ "no list", "{\"keys\":{}}", AIA_EPROTO, 0 },
	{ "nothing", "{}", AIA_EPROTO, 0 },
	{ "twice", "{\"keys\":[],\"keys\":[]}", AIA_EPROTO, 0 },
	{ "not JSON", "{\"keys\":[", AIA_EPROTO, 0 },
	{ "a list", "[]", AIA_EPROTO, 0 },
};

static void
sets(void **state)
{
	const struct set_row *row = *state;
	struct jwk_set *set = calloc(1, sizeof(*set));

	assert_non_null(set);
	set->n = 0;
	assert_int_equal(jwk_set_parse(aia_span_str(row->text), set),
	    row->want);
	assert_int_equal(set->n, row->n);
	free(set);
}

/* RSA numbers that no key has: each in place of the good one. */
static void
rsa_numbers(void **state)
{
	static const struct { const char *what, *with; size_t n; } rows[] = {
		{ "\"e\":\"AQAB\"", "\"e\":\"AQAB\"", 4 },
		{ "\"e\":\"AQAB\"", "\"e\":\"Aw\"", 4 },
		{ "\"e\":\"AQAB\"", "\"e\":\"AQ\"", 3 },	/* 1 */
		{ "\"e\":\"AQAB\"", "\"e\":\"AQAA\"", 3 },	/* even */
		{ "\"e\":\"AQAB\"", "\"e\":\"AAEAAQ\"", 3 },	/* 0 first */
		{ "\"e\":\"AQAB\"", "\"e\":\"AQAAAAAAAAAB\"", 3 }, /* 9 bytes */
		{ "\"e\":\"AQAB\"", "\"e\":\"AQAB==\"", 3 },
		{ "\"e\":\"AQAB\"", "\"e\":65537", 3 },
		{ "\"n\":\"", "\"n\":\"AAAA", 3 },
	};
	struct jwk_set *set = calloc(1, sizeof(*set));
	char text[sizeof(jwks) + 16];

	(void)state;
	assert_non_null(set);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *at = strstr(jwks, rows[i].what);

		assert_non_null(at);
		(void)snprintf(text, sizeof(text), "%.*s%s%s",
		    (int)(at - jwks), jwks, rows[i].with,
		    at + strlen(rows[i].what));
		assert_int_equal(jwk_set_parse(aia_span_str(text), set), 0);
		assert_int_equal(set->n, rows[i].n);
	}
	free(set);
}

static void
finding(void **state)
{
	static const char twice[] = "{\"keys\":[{" EC ",\"kid\":\"a\"},{" EC
	    ",\"kid\":\"b\"},{" EC ",\"kid\":\"b\"}]}";
	struct jwk_set *set = calloc(1, sizeof(*set));

	(void)state;
	assert_non_null(set);
	assert_int_equal(jwk_set_parse(aia_span_str(twice), set), 0);
	assert_ptr_equal(jwk_set_find(set, aia_span_str("a")), &set->v[0]);
	assert_null(jwk_set_find(set, aia_span_str("b")));
	assert_null(jwk_set_find(set, aia_span_str("")));
	assert_null(jwk_set_find(set, aia_span_str("aa")));
	free(set);
}

static void
sizes(void **state)
{
	struct jwk_set *set = calloc(1, sizeof(*set));
	char *text = calloc(1, JWK_TEXT_MAX + 2), *at = text;

	(void)state;
	assert_non_null(set);
	assert_non_null(text);
	at += sprintf(at, "{\"keys\":[");
	for (size_t i = 0; i < JWK_SET_MAX; i++)
		at += sprintf(at, "%s{" EC ",\"kid\":\"%zu\"}", i == 0 ? "" :
		    ",", i);
	(void)sprintf(at, "]}");
	assert_int_equal(jwk_set_parse(aia_span_str(text), set), 0);
	assert_int_equal(set->n, JWK_SET_MAX);
	(void)sprintf(at, ",{}]}");
	assert_int_equal(jwk_set_parse(aia_span_str(text), set), AIA_EPROTO);
	memset(text, ' ', JWK_TEXT_MAX + 1);
	assert_int_equal(jwk_set_parse(aia_span_str(text), set), -EMSGSIZE);
	free(text);
	free(set);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(set_rows) + 3] = { 0 };
	size_t n = 0;

	for (; n < ARRAY_LEN(set_rows); n++)
		tests[n] = (struct CMUnitTest){ .name = set_rows[n].name,
		    .test_func = sets, .initial_state = &set_rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(rsa_numbers);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(finding);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(sizes);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
