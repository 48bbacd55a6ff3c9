/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * credential.h - a credential on a security key: how it is kept here, and what
 * the key says when it uses it.
 *
 * Formats: Web Authentication Level 2, section 6.1 (authenticator data), and
 * CTAP 2.1, section 6 (canonical CBOR, so that a public key has one form only).
 */
#ifndef AIA_BASE_CREDENTIAL_H
#define AIA_BASE_CREDENTIAL_H

#include "base/crypto.h"

#define CREDENTIAL_ID_MAX 1023	/* bytes; no key has longer ones */
#define CREDENTIAL_LEN_MAX (4 + CREDENTIAL_ID_MAX + CRYPTO_P256_POINT_LEN)

enum credential_type { CREDENTIAL_ES256 = 1, CREDENTIAL_EDDSA = 2 };

struct credential {
	enum credential_type type;
	struct aia_span	 id;		/* borrowed: 1..CREDENTIAL_ID_MAX */
	uint8_t		 pub[CRYPTO_P256_POINT_LEN];
	size_t		 pub_len;
};

struct credential_said {	/* with each use */
	bool	 touched, verified;
	uint32_t counter;	/* 0: the key has none */
};

/*
 * From the authenticator data of a new one.  Returns 0, AIA_EPROTO (no such
 * data, or a key of another type) or AIA_EDENIED (for another rp_id), -EIO.
 */
AIA_MUST_USE int credential_created(struct aia_span auth_data,
    const char *rp_id, struct credential *ret,
    struct credential_said *ret_said);

/*
 * Has this credential signed this authenticator data, for rp_id, and hash?
 * Returns 0, AIA_EPROTO, AIA_EDENIED (another's signature, of something else,
 * or for another rp_id) or -EIO.
 */
AIA_MUST_USE int credential_verify(const struct credential *c,
    const char *rp_id, struct aia_span hash, struct aia_span auth_data,
    struct aia_span signature, struct credential_said *ret);

/* As it is kept, and back: 0; -ENOBUFS; AIA_EPROTO. */
AIA_MUST_USE int credential_encode(const struct credential *c, uint8_t *room,
    size_t cap, size_t *ret_len);
AIA_MUST_USE int credential_decode(struct aia_span in,
    struct credential *ret);

#endif
