/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * privs.h - what the supervisor may do and what it inherited; what every
 * daemon gives up is base/process.h.
 *
 * Each returns 0 or a negated errno; after an error the process must end.
 */
#ifndef AIA_PRIVS_H
#define AIA_PRIVS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/err.h"

/*
 * At the start: nothing inherited but standard error and output when 'stdio',
 * the first n_passed descriptors from 3 on, and from the environment
 * what the service manager says to us.  Hardened as process_harden() does.
 */
AIA_MUST_USE int privs_clean_start(bool stdio, unsigned n_passed);
/* Close everything from 3 on but these, in any order. */
AIA_MUST_USE int privs_close_but(int *keep, size_t n);
/*
 * Die when the last holder of the other end of this pipe does: call it in the
 * child, with the reading end, which must stay open.  -ESRCH: it already has.
 *
 * Not PR_SET_PDEATHSIG: the kernel asks whether the dying parent may signal
 * the child, and ours, another uid without CAP_KILL, may not.
 */
AIA_MUST_USE int privs_die_with(int fd);
/* Act as this uid for a moment (only the effective one); 0: back again. */
AIA_MUST_USE int privs_act_as(uid_t uid);
/* Send a signal to a process of that uid: without CAP_KILL only it may. */
AIA_MUST_USE int privs_signal(uid_t uid, pid_t pid, int sig);

#endif
