/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oauth_assertion.c - what a signed statement of a client says; whether its
 * signature is right is test_crypto_sign.c's, and a real server's in oauth.sh.
 */
#include "config.h"

#include "netd/oauth_assertion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/base64.h"

static char *pem;
static size_t pem_len;

/* Part n of the three, decoded and terminated. */
static void
part(const char *jwt, int n, char room[OAUTH_ASSERTION_MAX])
{
	char text[OAUTH_ASSERTION_MAX] = "";
	size_t len = 0, room_len = 0;

	for (; n > 0; n--)
		jwt = strchr(jwt, '.') + 1;
	for (; jwt[len] != '\0' && jwt[len] != '.'; len++)
		text[len] = jwt[len] == '-' ? '+' : jwt[len] == '_' ? '/' :
		    jwt[len];
	while (len % 4 != 0)
		text[len++] = '=';
	assert_int_equal(base64_decode(aia_span_of(text, len),
	    (uint8_t *)room, OAUTH_ASSERTION_MAX - 1, &room_len), 0);
	room[room_len] = '\0';
}

static void
make(const char *key_id, char ret[OAUTH_ASSERTION_MAX])
{
	assert_int_equal(oauth_assertion_make(aia_span_of(pem, pem_len),
	    key_id, "me", "https://i", 1000, ret), 0);
}

static void
header(void **state)
{
	char jwt[OAUTH_ASSERTION_MAX], got[OAUTH_ASSERTION_MAX];

	(void)state;
	make("k", jwt);
	part(jwt, 0, got);
	assert_string_equal(got,
	    "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k\"}");
	make("", jwt);
	part(jwt, 0, got);
	assert_string_equal(got, "{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
}

static void
claims(void **state)
{
	static const char want[] = "{\"iss\":\"me\",\"sub\":\"me\","
	    "\"aud\":\"https://i\",\"jti\":\"";
	char jwt[OAUTH_ASSERTION_MAX], got[OAUTH_ASSERTION_MAX];
	char again[OAUTH_ASSERTION_MAX];

	(void)state;
	make("", jwt);
	part(jwt, 1, got);
	assert_memory_equal(got, want, sizeof(want) - 1);
	assert_non_null(strstr(got, "\",\"iat\":1000,\"exp\":1060}"));
	make("", jwt);
	part(jwt, 1, again);
	assert_string_not_equal(got, again);	/* the jti */
}

static void
no_key(void **state)
{
	char jwt[OAUTH_ASSERTION_MAX];

	(void)state;
	assert_int_equal(oauth_assertion_make(aia_span_str("no key"), "", "me",
	    "https://i", 1000, jwt), AIA_EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header), cmocka_unit_test(claims),
		cmocka_unit_test(no_key),
	};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	int failed;

	if (key == NULL || bio == NULL || PEM_write_bio_PKCS8PrivateKey(bio,
	    key, NULL, NULL, 0, NULL, NULL) != 1)
		return 1;
	pem_len = (size_t)BIO_get_mem_data(bio, &pem);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return failed;
}
