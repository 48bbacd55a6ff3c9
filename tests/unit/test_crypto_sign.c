/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_crypto_sign.c - keys that sign, and keys that do not; what they sign is
 * verified by OpenSSL itself and by our own other half.
 */
#include "config.h"

#include "base/crypto_sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/crypto.h"

enum kind { RSA_2048, RSA_1024, P256, P384, ED25519, SEALED, NOTHING };
/* A certificate in the same text. */
enum with { NONE, BEHIND, BEFORE, OF_ANOTHER, BROKEN, ALONE };

static struct key_row {
	const char *name;
	enum kind kind;
	enum with with;
	const char *alg;	/* NULL: refused */
} key_rows[] = {
	{ "RSA", RSA_2048, NONE, "RS256" },
	{ "RSA that is too short", RSA_1024, NONE, NULL },
	{ "P-256", P256, NONE, "ES256" },
	{ "P-384", P384, NONE, NULL },
	{ "Ed25519", ED25519, NONE, NULL },
	{ "with a passphrase", SEALED, NONE, NULL },
	{ "no key", NOTHING, NONE, NULL },
	{ "RSA and its certificate", RSA_2048, BEHIND, "PS256" },
	{ "P-256 and its certificate", P256, BEHIND, "ES256" },
	{ "a certificate and its key", RSA_2048, BEFORE, "PS256" },
	{ "a certificate of another key", P256, OF_ANOTHER, NULL },
	{ "a certificate that is broken", P256, BROKEN, NULL },
	{ "a certificate alone", P256, ALONE, NULL },
};

static EVP_PKEY *
key_of(enum kind kind)
{
	switch (kind) {
	case RSA_2048:	return EVP_RSA_gen(2048);
	case RSA_1024:	return EVP_RSA_gen(1024);
	case P384:	return EVP_EC_gen("P-384");
	case ED25519:	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case P256:
	case SEALED:	return EVP_EC_gen("P-256");
	case NOTHING:	break;
	}
	return NULL;
}

static void
certificate_put(BIO *bio, EVP_PKEY *key, uint8_t x5t[CRYPTO_X5T_LEN])
{
	X509 *cert = X509_new();

	assert_non_null(cert);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(cert), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(cert), 3600));
	assert_int_equal(X509_set_pubkey(cert, key), 1);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	assert_int_equal(X509_digest(cert, EVP_sha256(), x5t, NULL), 1);
	assert_int_equal(PEM_write_bio_X509(bio, cert), 1);
	X509_free(cert);
}

static void
certificate_of_another(BIO *bio)
{
	EVP_PKEY *other = EVP_EC_gen("P-256");
	uint8_t x5t[CRYPTO_X5T_LEN];

	certificate_put(bio, other, x5t);
	EVP_PKEY_free(other);
}

static void
key_put(BIO *bio, EVP_PKEY *key, bool sealed)
{
	if (key == NULL)
		assert_true(BIO_puts(bio, "not a key") > 0);
	else
		assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, key,
		    sealed ? EVP_aes_128_cbc() : NULL, sealed ? "pass" : NULL,
		    sealed ? 4 : 0, NULL, NULL), 1);
}

static BIO *
pem_of(const struct key_row *row, EVP_PKEY *key, uint8_t x5t[CRYPTO_X5T_LEN])
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_non_null(bio);
	if (row->with == BEFORE || row->with == ALONE)
		certificate_put(bio, key, x5t);
	if (row->with != ALONE)
		key_put(bio, key, row->kind == SEALED);
	if (row->with == BEHIND)
		certificate_put(bio, key, x5t);
	else if (row->with == OF_ANOTHER)
		certificate_of_another(bio);
	else if (row->with == BROKEN)
		assert_true(BIO_puts(bio, "-----BEGIN CERTIFICATE-----\nAA==\n"
		    "-----END CERTIFICATE-----\n") > 0);
	return bio;
}

static void
rsa_verify(EVP_PKEY *key, bool pss, struct aia_span data, const uint8_t *sig,
    size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *how = NULL;

	assert_int_equal(EVP_DigestVerifyInit(ctx, &how, EVP_sha256(), NULL,
	    key), 1);
	if (pss) {
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(how,
		    RSA_PKCS1_PSS_PADDING), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(how, 32), 1);
	}
	assert_int_equal(EVP_DigestVerify(ctx, sig, len, data.p, data.len), 1);
	EVP_MD_CTX_free(ctx);
}

static struct aia_span
trimmed(const uint8_t *p, size_t len)
{
	while (len > 0 && *p == 0) {
		p++;
		len--;
	}
	return aia_span_of(p, len);
}

static void
ec_verify(EVP_PKEY *key, struct aia_span data, const uint8_t *sig, size_t len)
{
	uint8_t point[CRYPTO_P256_POINT_LEN];
	size_t n = 0;

	assert_int_equal(EVP_PKEY_get_octet_string_param(key, "pub", point,
	    sizeof(point), &n), 1);
	assert_int_equal(len, 64);
	assert_int_equal(crypto_p256_verify(aia_span_of(point, n),
	    trimmed(sig, 32), trimmed(sig + 32, 32), data), 0);
}

static void
sign(void **state)
{
	const struct key_row *row = *state;
	struct aia_span data = aia_span_str("header.claims");
	EVP_PKEY *key = key_of(row->kind);
	uint8_t x5t[CRYPTO_X5T_LEN] = { 0 };
	BIO *bio = pem_of(row, key, x5t);
	struct crypto_signer *s = NULL;
	uint8_t sig[CRYPTO_JWS_SIG_MAX];
	char *pem = NULL;
	long pem_len = BIO_get_mem_data(bio, &pem);
	size_t len = 0;
	int r = crypto_signer_new(aia_span_of(pem, (size_t)pem_len), &s);

	assert_int_equal(r, row->alg == NULL ? AIA_EPROTO : 0);
	if (r == 0) {
		assert_string_equal(crypto_signer_alg(s), row->alg);
		assert_int_equal(crypto_signer_sign(s, data, sig, &len), 0);
		if (row->kind == P256)
			ec_verify(key, data, sig, len);
		else
			rsa_verify(key, row->with != NONE, data, sig, len);
		assert_int_equal(crypto_signer_x5t(s) != NULL,
		    row->with != NONE);
		if (row->with != NONE)
			assert_memory_equal(crypto_signer_x5t(s), x5t,
			    sizeof(x5t));
	}
	crypto_signer_free(s);
	BIO_free(bio);
	EVP_PKEY_free(key);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(key_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = key_rows[i].name,
		    .test_func = sign, .initial_state = &key_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
