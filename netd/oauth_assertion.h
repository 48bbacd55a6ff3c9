/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_assertion.h - a client proves itself by a signed statement (RFC 7523
 * section 2.2; OpenID Connect Core section 9: private_key_jwt).
 */
#ifndef AIA_NETD_OAUTH_ASSERTION_H
#define AIA_NETD_OAUTH_ASSERTION_H

#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

#define OAUTH_ASSERTION_MAX 4096	/* bytes with the terminator */
#define OAUTH_ASSERTION_LIFE_S 60
#define OAUTH_ASSERTION_TYPE \
	"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/*
 * One that can be used once, within a minute.
 *
 *   pem        the client's private key: crypto_sign.h; where a certificate of
 *              it is in the text the header names that (x5t#S256)
 *   key_id     "": not said
 *   audience   whom it is for
 *   now_s      Unix time
 *
 * Returns 0, AIA_EPROTO (no such key), -ENOBUFS, -EIO, -ENOMEM or the error of
 * getrandom(2).
 */
AIA_MUST_USE int oauth_assertion_make(struct aia_span pem, const char *key_id,
    const char *client_id, const char *audience, int64_t now_s,
    char ret[OAUTH_ASSERTION_MAX]);

#endif
