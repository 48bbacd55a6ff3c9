/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_cursor.h - up to when we know a SCIM server, as the keeper stores it.
 *
 * One cursor belongs to one address and one way to read what comes from there:
 * with another 'url' or another mapping of attributes it is not ours any more.
 */
#ifndef AIA_NETD_IDP_SCIM_CURSOR_H
#define AIA_NETD_IDP_SCIM_CURSOR_H

#include "common/bytes.h"
#include "common/err.h"
#include "netd/idp/idp.h"

#define SCIM_CURSOR_MAX 64	/* bytes with the terminator */
#define SCIM_TIME_MAX 21	/* "2026-01-01T00:00:00Z" and the terminator */

/*
 *   date_s      the server's clock when the listing began; not negative
 *   by_cursor   its pages, as in listing.h; at most 1000
 */
void scim_cursor_format(const struct idp_job *job, int64_t date_s,
    uint32_t by_cursor, char ret[SCIM_CURSOR_MAX]);

/*
 * Returns 0 and the time to ask from, which is earlier than date_s: machines
 * behind one address have clocks of their own, and a change is dated before
 * it can be seen.  AIA_EPROTO: not a cursor of this source.
 */
AIA_MUST_USE int scim_cursor_parse(const struct idp_job *job,
    struct aia_span cursor, int64_t *ret_since_s, uint32_t *ret_by_cursor);

/* As a filter wants it (RFC 7643 section 2.3.5); time_s as above. */
void scim_time_format(int64_t time_s, char ret[SCIM_TIME_MAX]);

#endif
