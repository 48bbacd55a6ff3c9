/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * retry.h - when a server wants to be asked again, from what its headers say.
 */
#ifndef AIA_NETD_RETRY_H
#define AIA_NETD_RETRY_H

#include <stdint.h>

#define RETRY_MAX_S 86400	/* nobody is believed more than a day */

/*
 * Seconds to wait, 0: not said, or in no form we know.
 *
 *   retry_after   Retry-After: seconds or a date (RFC 9110 section 10.2.3);
 *                 NULL: not there
 *   reset         RateLimit-Reset and its kin: seconds, or the Unix time as
 *                 some servers have it; NULL: not there.  Counts only where
 *                 retry_after says nothing
 *   now_s         the server's clock
 */
uint32_t retry_wait_s(const char *retry_after, const char *reset,
    int64_t now_s);

#endif
