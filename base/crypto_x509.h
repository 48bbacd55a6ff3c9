/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crypto_x509.h - certificates of makers of security keys.  With crypto.c the
 * door to OpenSSL.
 */
#ifndef AIA_BASE_CRYPTO_X509_H
#define AIA_BASE_CRYPTO_X509_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

/* Whom we trust to say what a key is. */
struct crypto_roots;		/* heap */
AIA_MUST_USE int crypto_roots_new(struct crypto_roots **ret);
void crypto_roots_free(struct crypto_roots *roots);
/* Every certificate of a PEM text: 0, AIA_EPROTO (none, or one that cannot be
 * read) or -ENOMEM. */
AIA_MUST_USE int crypto_roots_add(struct crypto_roots *roots,
    struct aia_span pem);
size_t crypto_roots_n(const struct crypto_roots *roots);

/*
 * An attestation by one of these: a root, or a certificate (DER) that a root
 * has signed and that is valid now, has a key on P-256 that made the signature
 * (DER, ECDSA with SHA-256) over data, and is no authority itself.  Where the
 * certificate names an AAGUID it must be this one (WebAuthn section 8.2.1).
 *
 * Returns 0, AIA_EPROTO (not a certificate at all) or AIA_EDENIED.
 */
#define CRYPTO_AAGUID_LEN 16
AIA_MUST_USE int crypto_attestation_verify(const struct crypto_roots *roots,
    struct aia_span cert, struct aia_span sig, struct aia_span data,
    const uint8_t aaguid[CRYPTO_AAGUID_LEN]);

/* When the first of the certificates of a PEM text ends, Unix time: 0,
 * AIA_EPROTO (none, or one that cannot be read) or -ENOMEM. */
AIA_MUST_USE int crypto_pem_expiry(struct aia_span pem, int64_t *ret_ends_s);

#endif
