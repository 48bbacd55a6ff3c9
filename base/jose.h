/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jose.h - signatures of JSON Web Tokens (RFC 7515, RFC 7518).
 *
 * The only door to libjose, of which nothing but the verification of one
 * signature is used.  Header and key have been read and judged before: the
 * library chooses nothing.
 */
#ifndef AIA_BASE_JOSE_H
#define AIA_BASE_JOSE_H

#include <stdbool.h>

#include "base/jwk.h"

/* The three parts of the compact form, in base64url, and no more. */
struct jose_parts { struct aia_span header, payload, signature; };
AIA_MUST_USE int jose_split(struct aia_span token, struct jose_parts *ret);

/* Is there such an algorithm, and may this key be used with it? */
bool jose_alg_known(const char *alg);
bool jose_alg_fits(const char *alg, const struct jwk *key);

/*
 * Is the signature this key's, by this algorithm, which its header must name?
 * Returns 0, AIA_EDENIED, AIA_EPROTO (not three parts) or -ENOMEM.
 */
AIA_MUST_USE int jose_verify(const struct jose_parts *parts, const char *alg,
    const struct jwk *key);

#endif
