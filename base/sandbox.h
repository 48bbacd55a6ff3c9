/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sandbox.h - the system calls that a process may make.
 *
 * Everything not on its list kills the process.  Only AF_UNIX sockets, nothing
 * executable mapped, nothing executed, no other process touched.  For hosts
 * without systemd as much as for those with it.
 *
 * SANDBOX_NET is for aiauth-netd, parent and children: it also forks, speaks
 * to the network, and maps libraries (name resolution has modules).  What is
 * not on its list fails instead, because libcurl and the resolver try calls
 * that no list of ours can foresee; executing anything still kills.
 * SANDBOX_KEYD is the same without the network and the libraries, for
 * aiauth-keyd.
 */
#ifndef AIA_BASE_SANDBOX_H
#define AIA_BASE_SANDBOX_H

#include "common/err.h"

enum sandbox {
	SANDBOX_VAULT, SANDBOX_KEEPER, SANDBOX_WORKER, SANDBOX_NET,
	SANDBOX_KEYD
};

/*
 * For good, for this process.  Returns 0 or a negated errno.  Does nothing
 * when built without libseccomp or with a sanitizer, which needs more.
 */
AIA_MUST_USE int sandbox_enter(enum sandbox sandbox);

#endif
