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
#include <openssl/x509.h>

#include "base/base64.h"

static char *pem;
static size_t pem_len;		/* with a certificate behind the key */
static size_t key_len;		/* without */
static uint8_t hash[32];	/* of the certificate */

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
	assert_int_equal(oauth_assertion_make(aia_span_of(pem, key_len),
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

/* The certificate of the key is named by its hash. */
static void
certificate(void **state)
{
	char jwt[OAUTH_ASSERTION_MAX], got[OAUTH_ASSERTION_MAX];
	char text[128], want[256];

	(void)state;
	assert_int_equal(oauth_assertion_make(aia_span_of(pem, pem_len), "k",
	    "me", "https://i", 1000, jwt), 0);
	part(jwt, 0, got);
	assert_int_equal(base64_encode(aia_span_of(hash, sizeof(hash)), text,
	    sizeof(text)), 0);
	for (char *p = text; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p == '=' ? '\0' : *p;
	(void)snprintf(want, sizeof(want), "{\"alg\":\"ES256\","
	    "\"typ\":\"JWT\",\"kid\":\"k\",\"x5t#S256\":\"%s\"}", text);
	assert_string_equal(got, want);
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
		cmocka_unit_test(no_key), cmocka_unit_test(certificate),
	};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *cert = X509_new();
	int failed;

	if (key == NULL || bio == NULL || PEM_write_bio_PKCS8PrivateKey(bio,
	    key, NULL, NULL, 0, NULL, NULL) != 1)
		return 1;
	key_len = (size_t)BIO_get_mem_data(bio, &pem);
	if (cert == NULL || X509_set_pubkey(cert, key) != 1 ||
	    X509_gmtime_adj(X509_getm_notBefore(cert), 0) == NULL ||
	    X509_gmtime_adj(X509_getm_notAfter(cert), 3600) == NULL ||
	    X509_sign(cert, key, EVP_sha256()) <= 0 ||
	    X509_digest(cert, EVP_sha256(), hash, NULL) != 1 ||
	    PEM_write_bio_X509(bio, cert) != 1)
		return 1;
	pem_len = (size_t)BIO_get_mem_data(bio, &pem);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	X509_free(cert);
	BIO_free(bio);
	EVP_PKEY_free(key);
	return failed;
}
