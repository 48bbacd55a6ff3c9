/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto.c - the one door to OpenSSL.
 */
#include "config.h"

#include "base/crypto.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/secret.h"

#define NONCE_LEN 12
#define TAG_LEN 16

void
crypto_key_clear(struct crypto_key *key)
{
	if (key != NULL)
		OPENSSL_cleanse(key, sizeof(*key));
}

/* OpenSSL takes parameters as writable pointers and only reads them. */
static OSSL_PARAM
param_bytes(const char *name, const void *p, size_t len)
{
	union { const void *in; void *out; } u = { .in = p };

	return OSSL_PARAM_construct_octet_string(name, u.out, len);
}

static OSSL_PARAM
param_sha256(const char *name)
{
	static char sha256[] = "SHA256";

	return OSSL_PARAM_construct_utf8_string(name, sha256, 0);
}

int
crypto_derive(struct aia_span secret, const char *purpose,
    struct crypto_key *ret)
{
	const OSSL_PARAM params[] = {
		param_sha256(OSSL_KDF_PARAM_DIGEST),
		param_bytes(OSSL_KDF_PARAM_KEY, secret.p, secret.len),
		param_bytes(OSSL_KDF_PARAM_INFO, purpose, strlen(purpose)),
		OSSL_PARAM_construct_end(),
	};
	struct crypto_key key = { 0 };
	EVP_KDF *kdf = NULL;
	EVP_KDF_CTX *ctx = NULL;
	int r = -EIO;

	kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	if (kdf == NULL)
		goto out;
	ctx = EVP_KDF_CTX_new(kdf);
	if (ctx == NULL)
		goto out;
	if (EVP_KDF_derive(ctx, key.p, sizeof(key.p), params) != 1)
		goto out;
	*ret = key;
	r = 0;
out:
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	crypto_key_clear(&key);
	return r;
}

static int
nonce_make(uint8_t ret[NONCE_LEN])
{
	struct secret s = { 0 };
	int r = secret_random(&s, NONCE_LEN);

	if (r == 0)
		memcpy(ret, s.p, NONCE_LEN);
	return r;
}

int
crypto_seal(const struct crypto_key *key, struct aia_span ad,
    struct aia_span plain, uint8_t *room, size_t cap, size_t *ret_len)
{
	EVP_CIPHER_CTX *ctx = NULL;
	uint8_t *cipher = room + NONCE_LEN;
	int n, r;

	if (plain.len > INT_MAX || ad.len > INT_MAX ||
	    cap < CRYPTO_SEAL_EXTRA || plain.len > cap - CRYPTO_SEAL_EXTRA)
		return -ENOBUFS;
	r = nonce_make(room);
	if (r < 0)
		goto out;
	r = -EIO;
	ctx = EVP_CIPHER_CTX_new();
	if (ctx == NULL || EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL,
	    key->p, room) != 1)
		goto out;
	if (EVP_EncryptUpdate(ctx, NULL, &n, ad.p, (int)ad.len) != 1 ||
	    EVP_EncryptUpdate(ctx, cipher, &n, plain.p, (int)plain.len) != 1 ||
	    EVP_EncryptFinal_ex(ctx, cipher + plain.len, &n) != 1)
		goto out;
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN,
	    cipher + plain.len) != 1)
		goto out;
	*ret_len = plain.len + CRYPTO_SEAL_EXTRA;
	r = 0;
out:
	EVP_CIPHER_CTX_free(ctx);
	if (r < 0)
		OPENSSL_cleanse(room, cap);
	return r;
}

int
crypto_open(const struct crypto_key *key, struct aia_span ad,
    struct aia_span sealed, uint8_t *room, size_t cap, size_t *ret_len)
{
	EVP_CIPHER_CTX *ctx = NULL;
	uint8_t tag[TAG_LEN];
	size_t len;
	int n, r = AIA_EDAMAGED;

	if (sealed.len < CRYPTO_SEAL_EXTRA)
		return AIA_EDAMAGED;
	len = sealed.len - CRYPTO_SEAL_EXTRA;
	if (len > cap || len > INT_MAX || ad.len > INT_MAX)
		return -ENOBUFS;
	memcpy(tag, sealed.p + NONCE_LEN + len, sizeof(tag));
	ctx = EVP_CIPHER_CTX_new();
	if (ctx == NULL || EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL,
	    key->p, sealed.p) != 1) {
		r = -EIO;
		goto out;
	}
	if (EVP_DecryptUpdate(ctx, NULL, &n, ad.p, (int)ad.len) != 1 ||
	    EVP_DecryptUpdate(ctx, room, &n, sealed.p + NONCE_LEN,
	    (int)len) != 1)
		goto out;
	/* Nothing in the room is believed before this compares the tag. */
	if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN,
	    tag) != 1 || EVP_DecryptFinal_ex(ctx, room + len, &n) != 1)
		goto out;
	*ret_len = len;
	r = 0;
out:
	EVP_CIPHER_CTX_free(ctx);
	if (r < 0)
		OPENSSL_cleanse(room, cap);
	return r;
}

int
crypto_hmac(const struct crypto_key *key, struct aia_span data,
    uint8_t ret[CRYPTO_HASH_LEN])
{
	const OSSL_PARAM params[] = {
		param_sha256(OSSL_MAC_PARAM_DIGEST),
		OSSL_PARAM_construct_end(),
	};
	uint8_t hash[CRYPTO_HASH_LEN];
	EVP_MAC *mac = NULL;
	EVP_MAC_CTX *ctx = NULL;
	size_t len = 0;
	int r = -EIO;

	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (mac == NULL)
		goto out;
	ctx = EVP_MAC_CTX_new(mac);
	if (ctx == NULL || EVP_MAC_init(ctx, key->p, sizeof(key->p),
	    params) != 1)
		goto out;
	if (EVP_MAC_update(ctx, data.p, data.len) != 1 ||
	    EVP_MAC_final(ctx, hash, &len, sizeof(hash)) != 1 ||
	    len != sizeof(hash))
		goto out;
	memcpy(ret, hash, sizeof(hash));
	r = 0;
out:
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return r;
}

int
crypto_sha256(struct aia_span data, uint8_t ret[CRYPTO_HASH_LEN])
{
	unsigned len = 0;

	if (EVP_Digest(data.p, data.len, ret, &len, EVP_sha256(), NULL) != 1 ||
	    len != CRYPTO_HASH_LEN)
		return -EIO;
	return 0;
}

bool
crypto_eq(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
