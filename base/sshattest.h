/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshattest.h - what the maker of a security key says of an SSH key in it.
 *
 * The file that 'ssh-keygen -O write-attestation' writes: OpenSSH's
 * PROTOCOL.u2f, ssh-sk-attest-v01; in it what WebAuthn calls a packed
 * attestation (section 8.2) of the key and the challenge that
 * 'ssh-keygen -O challenge' was given.
 */
#ifndef AIA_BASE_SSHATTEST_H
#define AIA_BASE_SSHATTEST_H

#include "base/crypto_x509.h"
#include "base/sshkey.h"

#define SSHATTEST_MAX 8192	/* bytes of the file */

struct sshattest {		/* spans point into the file */
	struct aia_span	cert;		/* DER */
	struct aia_span	sig;
	struct aia_span	auth_data;	/* of the authenticator */
	struct aia_span	rp_id_hash;
	uint8_t		flags;
	uint8_t		aaguid[CRYPTO_AAGUID_LEN];	/* its model */
	struct aia_span	cose_key;	/* and what stands behind it */
};

/* 0 or AIA_EPROTO. */
AIA_MUST_USE int sshattest_parse(struct aia_span file, struct sshattest *ret);

/*
 * Is it an attestation of this very key, made for this challenge, by a maker
 * we trust?  Returns 0, AIA_EDENIED with *why for the person, -ENOMEM or -EIO.
 */
AIA_MUST_USE int sshattest_verify(const struct sshattest *at,
    const struct sshkey *key, struct aia_span challenge,
    const struct crypto_roots *roots, struct sshkey_error *why);

/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */
#define AAGUID_TEXT_LEN 36
void aaguid_format(const uint8_t aaguid[CRYPTO_AAGUID_LEN],
    char ret[AAGUID_TEXT_LEN + 1]);

#endif
