/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto_sign.c - signatures of ours, as JWS has them.
 */
#include "config.h"

#include "base/crypto_sign.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define P256_LEN 32		/* bytes of each half of a signature */
#define RSA_BITS_MIN 2048	/* RFC 7518 section 3.3 */
#define RSA_BITS_MAX (CRYPTO_JWS_SIG_MAX * 8)

struct crypto_signer {
	EVP_PKEY	*key;
	bool		 is_ec, has_x5t;
	uint8_t		 x5t[CRYPTO_X5T_LEN];
};

/* Nobody is there to be asked. */
static int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
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
is_rsa(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	return EVP_PKEY_is_a(key, "RSA") && bits >= RSA_BITS_MIN &&
	    bits <= RSA_BITS_MAX;
}

/* Of the same text: 0, also if there is no certificate, or AIA_EPROTO. */
static int
certificate_read(struct crypto_signer *s, BIO *bio)
{
	X509 *cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	bool good;

	if (cert == NULL)
		return ERR_GET_REASON(ERR_peek_last_error()) ==
		    PEM_R_NO_START_LINE ? 0 : AIA_EPROTO;
	good = X509_check_private_key(cert, s->key) == 1 &&
	    X509_digest(cert, EVP_sha256(), s->x5t, NULL) == 1;
	X509_free(cert);
	s->has_x5t = good;
	return good ? 0 : AIA_EPROTO;
}

int
crypto_signer_new(struct aia_span pem, struct crypto_signer **ret)
{
	struct crypto_signer *s = NULL;
	BIO *bio = NULL;
	int r = -ENOMEM;

	if (pem.len > INT_MAX)
		return AIA_EPROTO;
	s = calloc(1, sizeof(*s));
	bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	if (s == NULL || bio == NULL)
		goto out;
	r = AIA_EPROTO;
	s->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (s->key == NULL)
		goto out;
	s->is_ec = is_p256(s->key);
	if ((!s->is_ec && !is_rsa(s->key)) || BIO_seek(bio, 0) != 0)
		goto out;
	r = certificate_read(s, bio);
	if (r < 0)
		goto out;
	*ret = s;
	s = NULL;		/* the caller's now */
out:
	crypto_signer_free(s);
	BIO_free(bio);
	ERR_clear_error();
	return r;
}

void
crypto_signer_free(struct crypto_signer *s)
{
	if (s == NULL)
		return;
	EVP_PKEY_free(s->key);
	free(s);
}

const char *
crypto_signer_alg(const struct crypto_signer *s)
{
	/* Who knows keys by certificates is young enough for the other padding,
	 * and Entra ID asks for it. */
	return s->is_ec ? "ES256" : s->has_x5t ? "PS256" : "RS256";
}

const uint8_t *
crypto_signer_x5t(const struct crypto_signer *s)
{
	return s->has_x5t ? s->x5t : NULL;
}

/* From DER to both numbers, each of full length (RFC 7518 section 3.4). */
static bool
halves(const uint8_t *der, size_t len, uint8_t ret[2 * P256_LEN])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool good = sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, P256_LEN) == P256_LEN &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + P256_LEN, P256_LEN) ==
	    P256_LEN;

	ECDSA_SIG_free(sig);
	return good;
}

/* RFC 7518 section 3.5: the salt is as long as the hash. */
static bool
padding_set(const struct crypto_signer *s, EVP_PKEY_CTX *ctx)
{
	return s->is_ec || !s->has_x5t ||
	    (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) ==
	    1);
}

int
crypto_signer_sign(const struct crypto_signer *s, struct aia_span data,
    uint8_t room[CRYPTO_JWS_SIG_MAX], size_t *ret_len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[CRYPTO_JWS_SIG_MAX];
	EVP_PKEY_CTX *how = NULL;	/* ctx's own */
	size_t len = sizeof(sig);
	int r = -EIO;

	if (ctx == NULL || EVP_DigestSignInit(ctx, &how, EVP_sha256(), NULL,
	    s->key) != 1 || !padding_set(s, how) || EVP_DigestSign(ctx, sig,
	    &len, data.p, data.len) != 1)
		goto out;
	if (!s->is_ec) {
		memcpy(room, sig, len);
	} else {
		if (!halves(sig, len, room))
			goto out;
		len = 2 * P256_LEN;
	}
	*ret_len = len;
	r = 0;
out:
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return r;
}
