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
 * Gather and parse in a child under uid_login; what is wrong is logged there.
 * Waits at most CHECKER_TIMEOUT_MS.  *ret_fd is sealed and the caller's.
 * Returns 0, AIA_ECONF (refused), -ETIMEDOUT or a negated errno.
 */
#define CHECKER_TIMEOUT_MS 10000
AIA_MUST_USE int checker_run(const struct daemon *d, struct settings *ret,
    int *ret_fd);

#endif
