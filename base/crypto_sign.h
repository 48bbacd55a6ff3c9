/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto_sign.h - signatures of ours, as JWS has them (RFC 7518 section 3).
 * With crypto.c the door to OpenSSL.
 */
#ifndef AIA_BASE_CRYPTO_SIGN_H
#define AIA_BASE_CRYPTO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define CRYPTO_JWS_SIG_MAX 1024	/* bytes: RSA of 8192 bits */

struct crypto_signer;		/* a private key; heap */

/*
 * One private key in PEM without a passphrase: RSA of 2048 to 8192 bits, or EC
 * on P-256.  The text may hold a certificate of it, too.  0, AIA_EPROTO (no such
 * key, or a certificate of another one) or -ENOMEM.
 */
AIA_MUST_USE int crypto_signer_new(struct aia_span pem,
    struct crypto_signer **ret);
void crypto_signer_free(struct crypto_signer *s);
/* The algorithm for this key: "ES256"; or "RS256", with a certificate "PS256". */
const char *crypto_signer_alg(const struct crypto_signer *s);
/* SHA-256 of the certificate (DER): x5t#S256 in RFC 7515.  NULL: there is none. */
#define CRYPTO_X5T_LEN 32
const uint8_t *crypto_signer_x5t(const struct crypto_signer *s);
/* 0 or -EIO. */
AIA_MUST_USE int crypto_signer_sign(const struct crypto_signer *s,
    struct aia_span data, uint8_t room[CRYPTO_JWS_SIG_MAX], size_t *ret_len);

#endif
