/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checker.h - a child that reads the configuration so that root need not.
 */
#ifndef AIA_CHECKER_H
#define AIA_CHECKER_H

#include <stdint.h>

#include "aiauthd/daemon.h"

/* All that the supervisor learns of the configuration; of fixed size. */
struct settings {
	uint32_t	workers;
	char		seal_key_file[AIA_PATH_MAX];
};

/*
 * Gather, parse, run the assertions and, unless it is the first time, see
 * whether an administrator is left: in a child under uid_login, which logs what
 * is wrong and tells d->refusal.  Waits at most CHECKER_TIMEOUT_MS.  *ret_fd is
 * sealed and the caller's.  Returns 0, AIA_ECONF (refused), -ETIMEDOUT or a
 * negated errno.
 *
 * At the first time there is no vault to ask, and no set before that could stay
 * in force: see checker_look().
 */
#define CHECKER_TIMEOUT_MS 10000
AIA_MUST_USE int checker_run(const struct daemon *d, bool is_first,
    struct settings *ret, int *ret_fd);

/*
 * Once the vault runs: a child that logs a warning if what is in force leaves
 * no administrator.  Nobody waits for it.  0 or a negated errno.
 */
AIA_MUST_USE int checker_look(const struct daemon *d);

#endif
