/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.h - what lies in /etc/aiauth: is it fit to be put in force?
 *
 * For children of the supervisor that work under uid_login: what is wrong is
 * logged here.
 */
#ifndef AIA_CANDIDATE_H
#define AIA_CANDIDATE_H

#include "aiauthd/checker.h"

/*
 * Gather, parse, run the assertions and, unless is_first, see whether an
 * administrator is left.  *ret_fd is sealed and the caller's.  Returns 0,
 * AIA_ECONF (d->refusal says why) or -ENOMEM.
 */
AIA_MUST_USE int candidate_check(const struct daemon *d, bool is_first,
    struct settings *ret, int *ret_fd);
/* Log a warning if what is in force leaves no administrator.  0, or why that
 * could not be found out, which is logged, too. */
AIA_MUST_USE int candidate_look(const struct daemon *d);

#endif
