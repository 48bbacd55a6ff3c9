/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth.h - a client of OAuth 2.0: tokens by client credentials (RFC 6749
 * section 4.4), with the client's password (section 2.3.1).
 */
#ifndef AIA_NETD_OAUTH_H
#define AIA_NETD_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "common/bytes.h"
#include "netd/idp/idp.h"

struct oauth;

/* Borrows the job, whose source has a client_id, for its life. */
AIA_MUST_USE int oauth_new(const struct idp_job *job, struct oauth **ret);
void oauth_free(struct oauth *o);

/*
 * A token in force: the one at hand, or, ahead of its end, a new one, for which
 * the client's secret is read anew.  Below 0: *end says why there is none.
 */
AIA_MUST_USE int oauth_token(struct oauth *o, struct idp_end *end,
    struct secret *ret);

/*
 * What the server said to the token, an HTTP status.  true: it refuses one that
 * was good before; ask again with the next, which is new.
 */
bool oauth_again(struct oauth *o, long status);

/*
 * "NAME=VALUE" as a form has it (RFC 6749 appendix B), behind an '&' unless it
 * is the first; or the value alone, if name is NULL.  An empty value adds
 * nothing.
 */
void oauth_form_add(struct aia_wr *wr, const char *name,
    struct aia_span value);

/* Of a token's life, the seconds in which it is used: a new one is asked for
 * a minute before the end, or after half of a short life. */
int64_t oauth_use_s(int64_t life_s);

/* Where a server has its metadata: RFC 8414 section 3.1, or as OpenID does. */
void oauth_well_known(const char *issuer, bool openid, char *room, size_t cap);

#endif
