/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto_x509.c - certificates of makers of security keys.
 */
#include "config.h"

#include "base/crypto_x509.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/crypto.h"

#define AAGUID_OID "1.3.6.1.4.1.45724.1.1.4"	/* id-fido-gen-ce-aaguid */

struct crypto_roots {
	X509_STORE	*store;
	size_t		 n;
};

int
crypto_roots_new(struct crypto_roots **ret)
{
	struct crypto_roots *roots = calloc(1, sizeof(*roots));

	if (roots == NULL)
		return -ENOMEM;
	roots->store = X509_STORE_new();
	if (roots->store == NULL) {
		free(roots);
		return -ENOMEM;
	}
	*ret = roots;
	return 0;
}

void
crypto_roots_free(struct crypto_roots *roots)
{
	if (roots == NULL)
		return;
	X509_STORE_free(roots->store);
	free(roots);
}

size_t
crypto_roots_n(const struct crypto_roots *roots)
{
	return roots->n;
}

/* Each certificate of a text in PEM, of which there is at least one and nothing
 * broken after it: 0, what 'take' says below 0, AIA_EPROTO or -ENOMEM. */
static int
pem_each(struct aia_span pem, int (*take)(void *arg, X509 *cert), void *arg,
    size_t *ret_n)
{
	BIO *bio = NULL;
	X509 *cert;
	size_t n = 0;
	int r = 0;

	if (pem.len > INT_MAX)
		return AIA_EPROTO;
	ERR_clear_error();
	bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	if (bio == NULL)
		return -ENOMEM;
	while (r == 0 && (cert = PEM_read_bio_X509(bio, NULL, NULL,
	    NULL)) != NULL) {
		r = take(arg, cert);
		X509_free(cert);
		n++;
	}
	/* At the end, and only there, there is no further one to begin. */
	if (r == 0 && (n == 0 || ERR_GET_REASON(ERR_peek_last_error()) !=
	    PEM_R_NO_START_LINE))
		r = AIA_EPROTO;
	ERR_clear_error();
	BIO_free(bio);
	if (r == 0)
		*ret_n = n;
	return r;
}

static int
root_take(void *arg, X509 *cert)
{
	struct crypto_roots *roots = arg;

	return X509_STORE_add_cert(roots->store, cert) == 1 ? 0 : -ENOMEM;
}

int
crypto_roots_add(struct crypto_roots *roots, struct aia_span pem)
{
	size_t n = 0;
	int r = pem_each(pem, root_take, roots, &n);

	if (r == 0)
		roots->n += n;
	return r;
}


/* A certificate that a root stands for, or a root itself.  Not by the letter of
 * RFC 5280 (X509_STRICT): makers leave key identifiers out. */
static bool
chain_ok(const struct crypto_roots *roots, X509 *cert)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = false;

	if (ctx != NULL && X509_STORE_CTX_init(ctx, roots->store, cert,
	    NULL) == 1) {
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
		good = X509_verify_cert(ctx) == 1;
	}
	X509_STORE_CTX_free(ctx);
	return good;
}

/* No extension says nothing; one that is there must be an OCTET STRING. */
static bool
aaguid_ok(const X509 *cert, const uint8_t aaguid[CRYPTO_AAGUID_LEN])
{
	ASN1_OBJECT *oid = OBJ_txt2obj(AAGUID_OID, 1);
	const ASN1_OCTET_STRING *value;
	const uint8_t *p;
	bool good;
	int at;

	if (oid == NULL)
		return false;
	at = X509_get_ext_by_OBJ(cert, oid, -1);
	ASN1_OBJECT_free(oid);
	if (at < 0)
		return true;
	value = X509_EXTENSION_get_data(X509_get_ext(cert, at));
	if (value == NULL ||
	    ASN1_STRING_length(value) != 2 + CRYPTO_AAGUID_LEN)
		return false;
	p = ASN1_STRING_get0_data(value);
	good = p[0] == V_ASN1_OCTET_STRING && p[1] == CRYPTO_AAGUID_LEN &&
	    crypto_eq(p + 2, aaguid, CRYPTO_AAGUID_LEN);
	return good;
}

static bool
is_p256(const EVP_PKEY *key)
{
	char group[32] = "";
	size_t len = 0;

	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group,
	    sizeof(group), &len) == 1 &&
	    strcmp(group, SN_X9_62_prime256v1) == 0;
}

static bool
signature_ok(const X509 *cert, struct aia_span sig, struct aia_span data)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && key != NULL && is_p256(key) &&
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, sig.p, sig.len, data.p, data.len) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

int
crypto_attestation_verify(const struct crypto_roots *roots,
    struct aia_span cert, struct aia_span sig, struct aia_span data,
    const uint8_t aaguid[CRYPTO_AAGUID_LEN])
{
	const uint8_t *p = cert.p;
	X509 *x = NULL;
	int r = AIA_EPROTO;

	if (cert.len == 0 || cert.len > INT_MAX)
		return r;
	x = d2i_X509(NULL, &p, (long)cert.len);
	if (x == NULL || p != cert.p + cert.len)
		goto out;
	r = AIA_EDENIED;
	if (X509_get_version(x) == X509_VERSION_3 && X509_check_ca(x) == 0 &&
	    aaguid_ok(x, aaguid) && chain_ok(roots, x) &&
	    signature_ok(x, sig, data))
		r = 0;
out:
	X509_free(x);
	ERR_clear_error();
	return r;
}

static int
expiry_take(void *arg, X509 *cert)
{
	struct tm tm = { 0 };
	int64_t *first_s = arg;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return AIA_EPROTO;
	if ((int64_t)timegm(&tm) < *first_s)
		*first_s = (int64_t)timegm(&tm);
	return 0;
}

int
crypto_pem_expiry(struct aia_span pem, int64_t *ret_ends_s)
{
	int64_t first_s = INT64_MAX;
	size_t n = 0;
	int r = pem_each(pem, expiry_take, &first_s, &n);

	if (r == 0)
		*ret_ends_s = first_s;
	return r;
}

