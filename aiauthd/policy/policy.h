/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - may this person do this, here, now, with these facts?
 *
 * Pure: looks at what it is given and at nothing else, changes nothing, logs
 * nothing.  Called for plans ("what if totp were proved") and for grants.
 */
#ifndef AIA_POLICY_POLICY_H
#define AIA_POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/facts/facts.h"
#include "aiauthd/keeper/directory.h"
#include "base/conf.h"

enum policy_action {	/* what a PAM service stands for */
	POLICY_SSH = 1,
	POLICY_SUDO,
	POLICY_SU,
	POLICY_SESSION,		/* cron and the like: nobody is there */
	POLICY_CONSOLE,		/* login, screen lock, anything else */
};

/*
 * What is not known yet, as opposed to absent.  A permit that depends on it
 * counts as permitting, a forbid as not forbidding; a later phase decides.
 */
#define POLICY_UNKNOWN_FACTORS 0x01u
#define POLICY_UNKNOWN_SRC 0x02u

struct policy_request {
	const struct conf	*conf;
	const char	*principal;	/* name, for reasons only */
	bool		 known;		/* false: permits nothing */
	bool		 local;		/* an account of /etc/passwd */
	bool		 active;
	const struct dir_role *roles;
	size_t		 n_roles;
	enum policy_action action;
	const char	*service;	/* PAM service */
	const char	*host;
	int64_t		 now_s;
	const char	*src;		/* address; NULL: console */
	const char	*tty;		/* NULL: none */
	const char	*target_user;	/* su only; else NULL */
	unsigned	 unknown;	/* POLICY_UNKNOWN_* */
};

#define POLICY_REASON_MAX 512	/* bytes */

struct policy_decision {		/* zeroed: no */
	bool	permit;
	bool	depends_on_unknown;	/* not final */
	char	reason[POLICY_REASON_MAX]; /* what determined it, for the log */
};

/* "sshd" and the like; never fails. */
enum policy_action policy_action_of(const char *service);
const char *policy_action_str(enum policy_action action);

/* *ret is always filled; a denial is what any doubt gives. */
void policy_decide(const struct policy_request *req,
    const struct facts *facts, struct policy_decision *ret);

#endif
