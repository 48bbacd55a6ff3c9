/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - what a daemon gives up before it listens to anybody.
 */
#ifndef AIA_BASE_PROCESS_H
#define AIA_BASE_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/err.h"

/*
 * Become uid and gid with exactly these supplementary groups, in all of real,
 * effective and saved ids, and hold no capability.  Checked afterwards: it
 * cannot be undone.  Returns 0 or a negated errno; after an error only
 * _exit() is of use.
 */
AIA_MUST_USE int process_drop(uid_t uid, gid_t gid, const gid_t *groups,
    size_t n_groups);

/*
 * Hold these capabilities, a mask of 1 << CAP_* (all below 32), and no others.
 * Returns 0 or a negated errno.
 */
AIA_MUST_USE int process_keep_caps(uint32_t kept);

/*
 * No privileges by exec, no core file, no debugger, umask 077.  After
 * process_drop(), which makes the process dumpable again.
 */
AIA_MUST_USE int process_harden(void);

#endif
