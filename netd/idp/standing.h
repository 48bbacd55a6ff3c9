/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * standing.h - how one user stands, by the answer to one GET.
 */
#ifndef AIA_NETD_IDP_STANDING_H
#define AIA_NETD_IDP_STANDING_H

#include "netd/idp/record.h"

/* The object that came, as a finished record. */
typedef void standing_read_fn(const struct json *user,
    const struct idp_job *job, struct record *ret);

/*
 * As idp_ops.check: GET url/place/ID and query, "" or "?...".  200 is read, 404
 * and 410 are nobody, what else comes is no answer; nor is there one where the
 * id cannot stand in a URL.
 */
#define STANDING_QUERY_MAX 8192
AIA_MUST_USE int standing_ask(const struct idp_job *job, struct idp_end *end,
    const char *place, const char *query, const char *accept,
    standing_read_fn *read);

#endif
