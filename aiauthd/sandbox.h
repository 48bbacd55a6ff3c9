/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sandbox.h - the system calls that a child may make.
 *
 * Everything not on its list kills the process.  Only AF_UNIX sockets, nothing
 * executable mapped, nothing executed, no other process touched.  For hosts
 * without systemd as much as for those with it.
 */
#ifndef AIA_SANDBOX_H
#define AIA_SANDBOX_H

#include "common/err.h"

enum sandbox { SANDBOX_VAULT, SANDBOX_KEEPER, SANDBOX_WORKER };

/*
 * For good, for this process.  Returns 0 or a negated errno.  Does nothing
 * when built without libseccomp or with a sanitizer, which needs more.
 */
AIA_MUST_USE int sandbox_enter(enum sandbox sandbox);

#endif
