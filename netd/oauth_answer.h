/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_answer.h - what an authorization server of OAuth 2.0 answers.
 */
#ifndef AIA_NETD_OAUTH_ANSWER_H
#define AIA_NETD_OAUTH_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "common/bytes.h"
#include "common/err.h"

#define OAUTH_ANSWER_MAX 65536	/* bytes */
#define OAUTH_URL_MAX 1024	/* bytes with the terminator */
#define OAUTH_ERROR_MAX 65	/* the same */
#define OAUTH_LIFE_NONE (-1)

/*
 * A token response (RFC 6749 section 5.1): the token, of type Bearer, and for
 * how many seconds it is good, or OAUTH_LIFE_NONE.  A refresh token is not
 * looked at.  Returns 0, -EMSGSIZE, -ENOMEM or AIA_EPROTO.
 */
AIA_MUST_USE int oauth_token_parse(struct aia_span body, struct secret *ret,
    int64_t *ret_life_s);

/*
 * The code of an error response (section 5.2), empty where there is none of the
 * shape that codes have.  The description is left out: it may repeat anything.
 */
void oauth_error_parse(struct aia_span body, char ret[OAUTH_ERROR_MAX]);

/*
 * A server's metadata (RFC 8414 section 3.2, OpenID Connect Discovery 1.0):
 * https addresses, "" for one that it does not say, or not as one.  Returns 0,
 * AIA_EDENIED (it speaks for another issuer; section 3.3), -EMSGSIZE, -ENOMEM
 * or AIA_EPROTO (token_url is missing, too).
 *
 *   mtls   of an endpoint that has another address for clients who show a
 *          certificate, that one (RFC 8705 section 5)
 */
struct oauth_metadata {
	char	token_url[OAUTH_URL_MAX];
	char	device_url[OAUTH_URL_MAX];	/* RFC 8628 section 4 */
	char	jwks_url[OAUTH_URL_MAX];
};
AIA_MUST_USE int oauth_metadata_parse(struct aia_span body,
    const char *issuer, bool mtls, struct oauth_metadata *ret);

#endif
