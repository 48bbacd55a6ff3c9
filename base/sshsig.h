/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sshsig.h - a challenge that an ssh agent signs, and what a security key's
 * signature over it says.
 *
 * The formats are OpenSSH's: PROTOCOL.sshsig and PROTOCOL.u2f.
 */
#ifndef AIA_BASE_SSHSIG_H
#define AIA_BASE_SSHSIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sshkey.h"
#include "common/bytes.h"
#include "common/err.h"

#define SSHSIG_NONCE_LEN 32

/* What is signed stands for one attempt and no other. */
struct sshsig_challenge {
	const char	*host;
	const char	*user;		/* whose login it is */
	const char	*service;
	uint8_t		 nonce[SSHSIG_NONCE_LEN];
	int64_t		 now_s;		/* Unix time */
};

/*
 * What the agent is given to sign: the magic preamble and our namespace, which
 * no other protocol's signatures have, and the hash of all of the challenge.
 *
 * Returns 0, -ENOBUFS or what crypto_sha256() says.
 */
#define SSHSIG_DATA_MAX 128	/* bytes */
AIA_MUST_USE int sshsig_data(const struct sshsig_challenge *c,
    uint8_t room[SSHSIG_DATA_MAX], size_t *ret_len);

struct sshsig_said {		/* by a security key, of one signature */
	bool		touched;
	bool		verified;	/* by PIN or biometric */
	uint32_t	counter;
};

/*
 * Is sig this security key's signature over data?
 *
 * Returns 0; AIA_EPROTO: not a signature such a key makes, to the byte;
 * AIA_EDENIED: one of another key or of other data; -EIO.  What follows from
 * *ret is for the caller to say.
 */
AIA_MUST_USE int sshsig_verify(const struct sshkey *key, struct aia_span sig,
    struct aia_span data, struct sshsig_said *ret);

#endif
