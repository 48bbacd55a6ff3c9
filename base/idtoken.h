/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idtoken.h - ID tokens of OpenID Connect: is this one ours, and about whom?
 *
 * Whoever fetched token and keys is trusted to have looked at nothing.
 */
#ifndef AIA_BASE_IDTOKEN_H
#define AIA_BASE_IDTOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/jwk.h"
#include "common/bytes.h"
#include "common/err.h"

#define IDTOKEN_MAX 16384	/* bytes */
#define IDTOKEN_SKEW_S 60	/* two clocks that are both right enough */
#define IDTOKEN_STR_MAX 256	/* bytes of acr, and of each amr */
#define IDTOKEN_AMR_MAX 8

struct idtoken_rules {
	const char	*issuer, *client_id;
	const struct conf_list *algorithms;
	const char	*claim;		/* that says who: "sub" */
	struct aia_span	 subject;	/* who it must say, to the byte */
	struct aia_span	 nonce;		/* that was asked with; empty: none */
	int64_t		 begun_s;	/* of the flow, on the issuer's clock: a
					 * token made before is another one's */
	bool		 fresh;		/* and so is a login made before */
	int64_t		 now_s;
};

/* What a token that is good says besides. */
struct idtoken {
	char	amr[IDTOKEN_AMR_MAX][IDTOKEN_STR_MAX + 1];
	size_t	n_amr;
	bool	has_amr;
	char	acr[IDTOKEN_STR_MAX + 1];	/* empty: not said */
	bool	has_auth_time;
	int64_t	auth_time_s;
};

/*
 * OpenID Connect Core 1.0 section 3.1.3.7, RFC 7519, RFC 8725.  Header members
 * that we do not know, a key from anywhere but keys, and an algorithm that is
 * not listed or not for that key's type are refused; so are members given
 * twice.  A nonce that the token has must be the one asked with: not every
 * issuer returns it in a device flow.
 *
 * Returns 0, or below 0, and then *why is what was wrong, for the log:
 * AIA_EPROTO (no such token), AIA_EDENIED (not good, or about somebody else),
 * -EMSGSIZE or -ENOMEM.
 */
AIA_MUST_USE int idtoken_verify(struct aia_span token,
    const struct jwk_set *keys, const struct idtoken_rules *rules,
    struct idtoken *ret, const char **why);

#endif
