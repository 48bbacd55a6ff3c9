/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oauth_answer.c - answers of authorization servers, good and bad.
 */
#include "config.h"

#include "netd/oauth_answer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define BEARER "\"token_type\":\"Bearer\""

static struct token_row {
	const char *name, *in;
	int want;
	const char *token;
	int64_t life_s;
} token_rows[] = {
	/* RFC 6749 section 4.4.3, without the member that is an example. */
	{ "of the RFC", "{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\","
	  "\"token_type\":\"Bearer\",\"expires_in\":3600}", 0,
	  "2YotnFZFEjr1zCsicMWpAA", 3600 },
	{ "type in lower case", "{\"access_token\":\"a\","
	  "\"token_type\":\"bearer\"}", 0, "a", OAUTH_LIFE_NONE },
	{ "no life at all", "{\"access_token\":\"a\",\"expires_in\":0,"
	  BEARER "}", 0, "a", 0 },
	{ "a refresh token is left alone", "{\"access_token\":\"a\","
	  "\"refresh_token\":\"b\"," BEARER "}", 0, "a", OAUTH_LIFE_NONE },
	{ "no token", "{" BEARER "}", AIA_EPROTO, "", 7 },
	{ "an empty one", "{\"access_token\":\"\"," BEARER "}",
	  AIA_EPROTO, "", 7 },
	{ "a header behind it", "{\"access_token\":\"a\\r\\nb: c\"," BEARER
	  "}", AIA_EPROTO, "", 7 },
	{ "a number", "{\"access_token\":1," BEARER "}", AIA_EPROTO, "", 7 },
	{ "no type", "{\"access_token\":\"a\"}", AIA_EPROTO, "", 7 },
	{ "bound to a key", "{\"access_token\":\"a\","
	  "\"token_type\":\"DPoP\"}", AIA_EPROTO, "", 7 },
	{ "type that only begins so", "{\"access_token\":\"a\","
	  "\"token_type\":\"bearers\"}", AIA_EPROTO, "", 7 },
	{ "life below 0", "{\"access_token\":\"a\",\"expires_in\":-1," BEARER
	  "}", AIA_EPROTO, "", 7 },
	{ "life as a text", "{\"access_token\":\"a\",\"expires_in\":\"60\","
	  BEARER "}", AIA_EPROTO, "", 7 },
	{ "life without an end", "{\"access_token\":\"a\","
	  "\"expires_in\":99999999999," BEARER "}", AIA_EPROTO, "", 7 },
	{ "token twice", "{\"access_token\":\"a\",\"access_token\":\"b\","
	  BEARER "}", AIA_EPROTO, "", 7 },
	{ "not JSON", "access_token=a&token_type=Bearer", AIA_EPROTO, "", 7 },
	{ "nothing", "", AIA_EPROTO, "", 7 },
};

static struct error_row { const char *name, *in, *want; } error_rows[] = {
	{ "code", "{\"error\":\"invalid_client\"}", "invalid_client" },
	{ "description is left out", "{\"error\":\"invalid_scope\","
	  "\"error_description\":\"secret\"}", "invalid_scope" },
	{ "longest code", "{\"error\":\"" X60 "abcd\"}", X60 "abcd" },
	{ "one byte longer", "{\"error\":\"" X60 "abcde\"}", "" },
	{ "not a code", "{\"error\":\"a\\u001b[31m\"}", "" },
	{ "no text", "{\"error\":{}}", "" },
	{ "no code", "{}", "" },
	{ "not JSON", "<html>", "" },
};

static struct metadata_row {
	const char *name, *in;
	int want;
	const char *url;
} metadata_rows[] = {
	{ "both", "{\"issuer\":\"https://i\","
	  "\"token_endpoint\":\"https://t/x?y=z\"}", 0, "https://t/x?y=z" },
	{ "a longer issuer", "{\"issuer\":\"https://i/\","
	  "\"token_endpoint\":\"https://t/\"}", AIA_EDENIED, "" },
	{ "a shorter issuer", "{\"issuer\":\"https://\","
	  "\"token_endpoint\":\"https://t/\"}", AIA_EDENIED, "" },
	{ "no issuer", "{\"token_endpoint\":\"https://t/\"}", AIA_EPROTO, "" },
	{ "no endpoint", "{\"issuer\":\"https://i\"}", AIA_EPROTO, "" },
	{ "not https", "{\"issuer\":\"https://i\","
	  "\"token_endpoint\":\"http://t/\"}", AIA_EPROTO, "" },
	{ "no host", "{\"issuer\":\"https://i\","
	  "\"token_endpoint\":\"https://\"}", AIA_EPROTO, "" },
	{ "a fragment", "{\"issuer\":\"https://i\","
	  "\"token_endpoint\":\"https://t/#x\"}", AIA_EPROTO, "" },
	{ "a space", "{\"issuer\":\"https://i\","
	  "\"token_endpoint\":\"https://t/ x\"}", AIA_EPROTO, "" },
	{ "an array", "[]", AIA_EPROTO, "" },
};

static void
token(void **state)
{
	const struct token_row *row = *state;
	struct secret got = { 0 };
	int64_t life_s = 7;

	assert_int_equal(oauth_token_parse(aia_span_str(row->in), &got,
	    &life_s), row->want);
	assert_true(aia_span_eq(secret_span(&got), aia_span_str(row->token)));
	assert_int_equal(life_s, row->life_s);
}

static void
error(void **state)
{
	const struct error_row *row = *state;
	char got[OAUTH_ERROR_MAX] = "untouched";

	oauth_error_parse(aia_span_str(row->in), got);
	assert_string_equal(got, row->want);
}

static void
metadata(void **state)
{
	const struct metadata_row *row = *state;
	struct oauth_metadata got = { 0 };

	assert_int_equal(oauth_metadata_parse(aia_span_str(row->in),
	    "https://i", false, &got), row->want);
	assert_string_equal(got.token_url, row->url);
}

/* What is no address for us is not there. */
static void
endpoints(void **state)
{
	static const char in[] = "{\"issuer\":\"https://i\","
	    "\"token_endpoint\":\"https://t/\","
	    "\"device_authorization_endpoint\":\"https://d/\","
	    "\"jwks_uri\":\"http://k/\"}";
	struct oauth_metadata got = { .jwks_url = "x" };

	(void)state;
	assert_int_equal(oauth_metadata_parse(aia_span_str(in), "https://i",
	    false, &got), 0);
	assert_string_equal(got.token_url, "https://t/");
	assert_string_equal(got.device_url, "https://d/");
	assert_string_equal(got.jwks_url, "");
}

/* Other addresses for those who show a certificate, as far as there are any. */
static void
aliases(void **state)
{
	static const char in[] = "{\"issuer\":\"https://i\","
	    "\"token_endpoint\":\"https://t/\",\"jwks_uri\":\"https://k/\","
	    "\"device_authorization_endpoint\":\"https://d/\","
	    "\"mtls_endpoint_aliases\":{\"token_endpoint\":\"https://m/\","
	    "\"device_authorization_endpoint\":\"http://m/\"}}";
	struct oauth_metadata got = { 0 };

	(void)state;
	assert_int_equal(oauth_metadata_parse(aia_span_str(in), "https://i",
	    true, &got), 0);
	assert_string_equal(got.token_url, "https://m/");
	assert_string_equal(got.device_url, "https://d/");
	assert_string_equal(got.jwks_url, "https://k/");
	assert_int_equal(oauth_metadata_parse(aia_span_str(in), "https://i",
	    false, &got), 0);
	assert_string_equal(got.token_url, "https://t/");
}

/* An address that fills the room, and one that is a byte longer. */
static void
longest(void **state)
{
	char in[OAUTH_URL_MAX + 100], url[OAUTH_URL_MAX + 1] = "https://t/";
	struct oauth_metadata got = { 0 };

	(void)state;
	memset(url + 10, 'x', OAUTH_URL_MAX - 10);
	(void)snprintf(in, sizeof(in), "{\"issuer\":\"https://i\","
	    "\"token_endpoint\":\"%s\"}", url);
	assert_int_equal(oauth_metadata_parse(aia_span_str(in), "https://i",
	    false, &got), AIA_EPROTO);
	url[OAUTH_URL_MAX - 1] = '\0';
	(void)snprintf(in, sizeof(in), "{\"issuer\":\"https://i\","
	    "\"token_endpoint\":\"%s\"}", url);
	assert_int_equal(oauth_metadata_parse(aia_span_str(in), "https://i",
	    false, &got), 0);
	assert_string_equal(got.token_url, url);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(token_rows) + ARRAY_LEN(error_rows) +
	    ARRAY_LEN(metadata_rows) + 3] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(token_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = token_rows[i].name,
		    .test_func = token, .initial_state = &token_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(error_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = error_rows[i].name,
		    .test_func = error, .initial_state = &error_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(metadata_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = metadata_rows[i].name, .test_func = metadata,
		    .initial_state = &metadata_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(endpoints);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(aliases);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(longest);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
