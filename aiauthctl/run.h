/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.h - run another program, and not for longer than it may take.
 */
#ifndef AIA_CTL_RUN_H
#define AIA_CTL_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

#define RUN_ARGS_MAX 16
#define RUN_SHORT_S 30		/* what only looks at something */

/*
 * argv[0] is an absolute path.  The program gets PATH, LC_ALL=C and env (ends
 * with NULL; NULL: none), no descriptor but the three, nothing to read, and as
 * standard output room, terminated and cut at cap; NULL: nowhere.  Its standard
 * error goes where ours does if errors, else nowhere.  When deadline_s is over
 * it is killed, with what it started.
 *
 * Returns its exit status (0..255), 128 and the signal that ended it,
 * -ETIMEDOUT, -ENOENT (not there) or another negated errno.
 */
int run_program(const char *const *argv, const char *const *env,
    unsigned deadline_s, bool errors, char *room, size_t cap);

/* The first of these paths (ends with NULL) that can be run, or NULL. */
const char *run_find(const char *const *paths);

#endif
