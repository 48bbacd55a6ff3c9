/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * who.h - whose login is it, and is it ours?
 *
 * root and the emergency account are never ours, other local accounts are if
 * the PAM line says so, and whoever does not stand in /etc/passwd always is,
 * unknown names included.  su and sudo are decided by their caller.
 */
#ifndef AIA_PAM_WHO_H
#define AIA_PAM_WHO_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/err.h"
#include "common/name.h"
#include "pam_aiauth/options.h"

#define WHO_LEN_MAX 255		/* bytes of a name we look at */

struct who_ask {
	const char	*service;	/* PAM_SERVICE */
	const char	*user;		/* PAM_USER */
	const char	*ruser;		/* PAM_RUSER, may be NULL */
	uid_t		 ruid;		/* real uid of this process */
	const char	*passwd;	/* PASSWD_FILE but in tests */
};

struct who {
	bool		 is_ours;
	bool		 is_local;	/* stands in /etc/passwd */
	bool		 is_caller;	/* su, sudo: who called, not PAM_USER */
	char		 subject[WHO_LEN_MAX + 1]; /* whose login it is */
	struct aia_name	 user;		/* the same, if is_ours */
	struct aia_name	 target;	/* su: the account to become; else
					 * all zero */
};

/*
 * Returns 0, AIA_ENAME (ours, but with a name nobody can have), AIA_EDENIED (the
 * caller is not who PAM_RUSER says) or what passwd_find() says of a file it
 * cannot use.
 */
AIA_MUST_USE int who_decide(const struct who_ask *ask,
    const struct options *opt, struct who *ret);

bool who_same(const struct who *a, const struct who *b);

#endif
