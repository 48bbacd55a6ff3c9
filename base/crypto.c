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
#define UNCOMPRESSED 0x04	/* first byte of a point of that form */
#define P256_LEN 32	/* bytes of a number below the order of the group */

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

static int
verify(EVP_PKEY *key, const EVP_MD *md, struct aia_span sig,
    struct aia_span data)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = AIA_EDENIED;

	if (key != NULL && ctx != NULL &&
	    EVP_DigestVerifyInit(ctx, NULL, md, NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, sig.p, sig.len, data.p, data.len) == 1)
		r = 0;
	EVP_MD_CTX_free(ctx);
	return r;
}

int
crypto_ed25519_verify(struct aia_span key, struct aia_span sig,
    struct aia_span data)
{
	EVP_PKEY *pkey;
	int r;

	if (key.len != CRYPTO_ED25519_KEY_LEN ||
	    sig.len != CRYPTO_ED25519_SIG_LEN)
		return AIA_EDENIED;
	pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key.p,
	    key.len);
	r = verify(pkey, NULL, sig, data);
	EVP_PKEY_free(pkey);
	return r;
}

/* NULL for what is no point of the curve. */
static EVP_PKEY *
p256_key(struct aia_span point)
{
	static char group[] = "P-256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    group, 0),
		param_bytes(OSSL_PKEY_PARAM_PUB_KEY, point.p, point.len),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* A DER INTEGER: a leading zero byte keeps it from being negative. */
static void
der_integer(struct aia_wr *wr, struct aia_span v)
{
	bool pad = (v.p[0] & 0x80) != 0;

	aia_wr_u8(wr, 0x02);
	aia_wr_u8(wr, (uint8_t)(v.len + (pad ? 1 : 0)));
	if (pad)
		aia_wr_u8(wr, 0);
	aia_wr_bytes(wr, v.p, v.len);
}

int
crypto_p256_verify(struct aia_span point, struct aia_span s1,
    struct aia_span s2, struct aia_span data)
{
	uint8_t der[2 + 2 * (2 + 1 + P256_LEN)];
	EVP_PKEY *pkey;
	struct aia_wr wr;
	int r;

	if (point.len != CRYPTO_P256_POINT_LEN || point.p[0] != UNCOMPRESSED ||
	    s1.len == 0 || s1.len > P256_LEN || s2.len == 0 ||
	    s2.len > P256_LEN)
		return AIA_EDENIED;
	aia_wr_init(&wr, der, sizeof(der));
	aia_wr_u8(&wr, 0x30);
	aia_wr_u8(&wr, 0);		/* the length, when it is known */
	der_integer(&wr, s1);
	der_integer(&wr, s2);
	der[1] = (uint8_t)(wr.len - 2);
	pkey = p256_key(point);
	r = verify(pkey, EVP_sha256(), aia_span_of(der, wr.len), data);
	EVP_PKEY_free(pkey);
	return r;
}

bool
crypto_eq(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
