/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth.h - tokens of OAuth 2.0 by client credentials (RFC 6749 section 4.4).
 */
#ifndef AIA_NETD_OAUTH_H
#define AIA_NETD_OAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "netd/grants.h"
#include "netd/oauth_client.h"

struct oauth;

/*
 * Borrows what conf points to for its life.
 *
 *   grant     what was granted before, perhaps nothing: grants.h
 *   keep_fd   to have the next one kept
 */
AIA_MUST_USE int oauth_new(const struct oauth_conf *conf,
    const struct grant *grant, int keep_fd, struct oauth **ret);
void oauth_free(struct oauth *o);

/*
 * A token in force: the one at hand, or, ahead of its end, a new one.  Below 0:
 * *end says why there is none.
 */
AIA_MUST_USE int oauth_token(struct oauth *o, struct idp_end *end,
    struct secret *ret);

/*
 * What the server said to the token, an HTTP status.  true: it refuses one that
 * was good before; ask again with the next, which is new.
 */
bool oauth_again(struct oauth *o, long status);

/* What a token is asked for: all but what the client proves itself with. */
void oauth_ask(const struct conf_client *client, struct aia_wr *form);

/* Of a token's life, the seconds in which it is used: a new one is asked for
 * a minute before the end, or after half of a short life. */
int64_t oauth_use_s(int64_t life_s);

#endif
