/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto.h - the one door to OpenSSL, and its EVP interface only.
 *
 * Randomness comes from getrandom(2) (base/secret.h).  A failure inside OpenSSL
 * is -EIO and nothing is written.
 */
#ifndef AIA_BASE_CRYPTO_H
#define AIA_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define CRYPTO_KEY_LEN 32
#define CRYPTO_HASH_LEN 32	/* SHA-256 */
/* What crypto_seal() adds: 12 bytes of nonce before, 16 of tag after. */
#define CRYPTO_SEAL_EXTRA 28

struct crypto_key { uint8_t p[CRYPTO_KEY_LEN]; };
void crypto_key_clear(struct crypto_key *key);

/*
 * A key for one purpose, so that no two uses share one: HKDF-SHA-256 (RFC 5869)
 * of the secret without salt, with the purpose as info.
 */
AIA_MUST_USE int crypto_derive(struct aia_span secret, const char *purpose,
    struct crypto_key *ret);

/*
 * AES-256-GCM with a random nonce: at most 2^32 times with one key.  What is
 * sealed opens only with the same key and the same associated data.
 *
 * crypto_seal() returns 0, -ENOBUFS (cap < plain.len + CRYPTO_SEAL_EXTRA) or
 * the error of getrandom(2).  crypto_open() returns 0, -ENOBUFS or
 * AIA_EDAMAGED; then the room is wiped.
 */
AIA_MUST_USE int crypto_seal(const struct crypto_key *key, struct aia_span ad,
    struct aia_span plain, uint8_t *room, size_t cap, size_t *ret_len);
AIA_MUST_USE int crypto_open(const struct crypto_key *key, struct aia_span ad,
    struct aia_span sealed, uint8_t *room, size_t cap, size_t *ret_len);

/* HMAC-SHA-256 and SHA-256 (FIPS 198-1, 180-4).  0 or -EIO. */
AIA_MUST_USE int crypto_hmac(const struct crypto_key *key,
    struct aia_span data, uint8_t ret[CRYPTO_HASH_LEN]);
AIA_MUST_USE int crypto_sha256(struct aia_span data,
    uint8_t ret[CRYPTO_HASH_LEN]);

/*
 * Signatures that others made: Ed25519 (RFC 8032), and ECDSA over P-256 with
 * SHA-256 (FIPS 186-5).  point is uncompressed (SEC 1, 2.3.3); s1 and s2, the
 * "r" and "s" of the standard, are big-endian without leading zero bytes.
 *
 * Return 0 or AIA_EDENIED: not that key's signature, or no key or signature at
 * all.
 */
#define CRYPTO_ED25519_KEY_LEN 32
#define CRYPTO_ED25519_SIG_LEN 64
#define CRYPTO_P256_POINT_LEN 65
AIA_MUST_USE int crypto_ed25519_verify(struct aia_span key,
    struct aia_span sig, struct aia_span data);
AIA_MUST_USE int crypto_p256_verify(struct aia_span point, struct aia_span s1,
    struct aia_span s2, struct aia_span data);

/* In a time that depends on len alone. */
bool crypto_eq(const void *a, const void *b, size_t len);

#endif
