/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockout.h - would these policies leave an administrator of this host who can
 * log in and become root?
 */
#ifndef AIA_LOGIN_LOCKOUT_H
#define AIA_LOGIN_LOCKOUT_H

#include "aiauthd/daemon.h"

enum lockout {
	LOCKOUT_NONE = 1,		/* somebody can */
	LOCKOUT_ALL,			/* none of the configured */
	LOCKOUT_NOBODY_ENROLLED,	/* on this host: it is being set up */
	LOCKOUT_NOT_CONFIGURED,		/* no administrators */
};

#define LOCKOUT_WHO_MAX 256	/* bytes; more people are left out */

/*
 * Ask w->policy, by the planner, about each of w->conf's administrators with
 * the roles, factors and SSH keys they have: to log in by ssh from anywhere or
 * at the console, and in that session, too, to become root by sudo or su; now,
 * or at noon of one of the days of a week.  ret_who tells what each of them
 * cannot do, after LOCKOUT_ALL.
 *
 * Returns 0, -ETIMEDOUT, or why the directory or the vault could not be asked.
 */
AIA_MUST_USE int lockout_look(struct worker *w, int64_t now_s,
    int64_t deadline_ms, enum lockout *ret,
    char ret_who[LOCKOUT_WHO_MAX + 1]);

/* As status shows it: "able", "locked_out", "nobody_enrolled" or
 * "not_configured". */
const char *lockout_str(enum lockout l);

#endif
