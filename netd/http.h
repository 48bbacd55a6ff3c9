/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.h - the only door to libcurl.
 *
 * HTTPS with a verified certificate and TLS 1.2 or later: no setting changes
 * that.  No redirect, cookie, netrc or compression, no proxy but the one that
 * is configured, and nothing read from the environment.  One handle is one
 * struct conf_tls: another takes another handle, so that no connection is ever
 * used under other rules.
 *
 * The certificate to show, and its key, are read by us at the first request and
 * handed over as bytes: libcurl would open any path it is given, of any owner.
 */
#ifndef AIA_NETD_HTTP_H
#define AIA_NETD_HTTP_H

#include <stdint.h>

#include "base/conf.h"
#include "base/secret.h"
#include "common/bytes.h"
#include "common/err.h"

struct http;

struct http_conf {
	const struct conf_tls *tls;	/* borrowed, as the next is */
	const char	*credentials_dir;	/* NULL: there is none */
	int		 cancel_fd;	/* readable or closed: give up */
	int64_t		 deadline_ms;	/* for all requests together */
	size_t		 body_max;	/* bytes */
};

struct http_answer {
	long		status;		/* 100..999 */
	struct aia_span	body;		/* until the next request */
	uint32_t	retry_after_s;	/* 0: not said; retry.h */
	int64_t		date_s;		/* Date, Unix time; -1: not said */
};

AIA_MUST_USE int http_new(const struct http_conf *conf, struct http **ret);
void http_free(struct http *h);

/*
 * GET url, which must be https, and wait for the whole answer.
 *
 *   accept   media type asked for
 *   bearer   NULL: none
 *
 * Returns 0 (an answer, whatever its status), -ECANCELED (cancel_fd),
 * -ETIMEDOUT, -EMSGSIZE (header or body too large), AIA_EPROTO (not HTTP, or
 * cut short), AIA_EOFFLINE (no name, no connection, no trust), AIA_EDENIED (it
 * refused our certificate, and said so), -EINVAL (the URL, the CA file, our
 * certificate or its key) or -ENOMEM.  Except after 0 http_cause() says it for a
 * person.
 */
AIA_MUST_USE int http_get(struct http *h, const char *url,
    const char *accept, const struct secret *bearer,
    struct http_answer *ret);

/*
 * POST a form and wait for the answer, which should be JSON; the rest as above.
 * user is not NULL: Authorization: Basic with these two.
 */
struct http_form {
	struct aia_span	 body;		/* application/x-www-form-urlencoded */
	const char	*user, *password;
};
AIA_MUST_USE int http_post(struct http *h, const char *url,
    const struct http_form *form, struct http_answer *ret);
const char *http_cause(const struct http *h);

/*
 * Wait for s seconds, as a server asked.  Returns 0, -ECANCELED, or -ETIMEDOUT
 * at once if the deadline comes first.
 */
AIA_MUST_USE int http_pause(struct http *h, uint32_t s);

#endif
