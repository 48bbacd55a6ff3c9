/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_client.h - a client of OAuth 2.0 before its authorization server: the
 * server's endpoints, and requests in which the client proves itself.
 *
 * Whatever asks the server for something (tokens by client credentials, a
 * device flow) writes its form here and has the proof added.
 */
#ifndef AIA_NETD_OAUTH_CLIENT_H
#define AIA_NETD_OAUTH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "common/bytes.h"
#include "netd/http.h"
#include "netd/idp/idp.h"
#include "netd/oauth_answer.h"
#include "netd/oauth_form.h"

struct oauth_conf {
	const struct conf_client *client;	/* has an id */
	const struct conf_tls	*tls;
	const char		*credentials_dir;	/* NULL: there is none */
	int			 cancel_fd;	/* readable or closed: give up */
	int64_t			 deadline_ms;
};

struct oauth_client;

/* Borrows what conf points to for its life. */
AIA_MUST_USE int oauth_client_new(const struct oauth_conf *conf,
    struct oauth_client **ret);
void oauth_client_free(struct oauth_client *c);

/*
 * The server's endpoints: the one that is configured, or those of its
 * metadata, which is asked for once.  *ret is the client's.  Below 0: *end
 * says why there are none.
 */
AIA_MUST_USE int oauth_client_endpoints(struct oauth_client *c,
    struct idp_end *end, const struct oauth_metadata **ret);

/*
 * POST a form with the client's proof, by client_auth; its secret or key is
 * read anew.  *form is begun by oauth_client_form(), and filled with
 * oauth_form_add().  An answer may have any status; its clock is noted in
 * *end.  Below 0: *end says why there is none.
 */
void oauth_client_form(struct oauth_client *c, struct aia_wr *form);
AIA_MUST_USE int oauth_client_post(struct oauth_client *c, const char *url,
    struct aia_wr *form, struct idp_end *end, struct http_answer *ret);
/* GET from the same server, without any proof. */
AIA_MUST_USE int oauth_client_get(struct oauth_client *c, const char *url,
    struct idp_end *end, struct http_answer *ret);

/* An answer that is not what was asked for: 'what' names that, "no token".
 * Fills *end and returns AIA_EOFFLINE. */
int oauth_client_refused(struct idp_end *end, const char *url,
    const char *what, const struct http_answer *a);

/* Where a server has its metadata: RFC 8414 section 3.1, or as OpenID does. */
void oauth_well_known(const char *issuer, bool openid, char *room, size_t cap);

/* Wait between two requests, as http_pause() does. */
AIA_MUST_USE int oauth_client_pause(struct oauth_client *c, uint32_t s);

#endif
