/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jwk.h - the public keys that an issuer signs with (RFC 7517, RFC 7518).
 */
#ifndef AIA_BASE_JWK_H
#define AIA_BASE_JWK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"
#include "common/err.h"

#define JWK_TEXT_MAX 60000	/* bytes of a set: it fits one packet */
#define JWK_SET_MAX 32		/* keys; more refuse the set */
#define JWK_KID_MAX 256		/* bytes */
#define JWK_PART_MAX 1366	/* letters of a number: RSA of 8192 bits */
#define JWK_BITS_MIN 2048	/* of RSA */

enum jwk_type { JWK_RSA = 1, JWK_P256, JWK_P384, JWK_P521 };

/* Numbers are as they came, in base64url, and decode. */
struct jwk {
	enum jwk_type	type;
	size_t		len;		/* bytes of the modulus or a coordinate */
	char		kid[JWK_KID_MAX + 1];
	char		alg[8];		/* empty: any of its type */
	char		one[JWK_PART_MAX + 1];	/* RSA: n; EC: x */
	char		two[JWK_PART_MAX + 1];	/* RSA: e; EC: y */
};

struct jwk_set { struct jwk v[JWK_SET_MAX]; size_t n; };

/*
 * The keys of a set that can verify and have a name.  Others (for encryption, of
 * other types or curves, RSA below JWK_BITS_MIN, broken ones) are left out:
 * RFC 7517 section 5 wants it so.  Returns 0, -EMSGSIZE, -ENOMEM or AIA_EPROTO:
 * no set, or too many keys.
 */
AIA_MUST_USE int jwk_set_parse(struct aia_span text, struct jwk_set *ret);
/* The one of this name; NULL if there is none, or two. */
const struct jwk *jwk_set_find(const struct jwk_set *set,
    struct aia_span kid);

#endif
