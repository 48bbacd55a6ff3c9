/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * online.h - ask the source how somebody stands, before the last word.
 */
#ifndef AIA_LOGIN_ONLINE_H
#define AIA_LOGIN_ONLINE_H

#include "aiauthd/login/login.h"

/* A provider that hangs keeps a login and a worker this long; those that come
 * after aiauth-netd turns away. */
#define ONLINE_MS 10000

/* Why not: for the person, and for log and audit. */
struct online {
	const char	*notice;
	char		 reason[256];
};

/* Is somebody to be asked about this person at all? */
bool online_asks(const struct login *lg);

/*
 * Where the person's source has 'online_check' its provider is asked about this
 * one user, by object id; nobody else is, nor anybody for who is unknown or
 * local.  Call it when the policy permits: what the answer takes would tell a
 * stranger something.
 *
 * Returns 0, or AIA_EDENIED and *ret says why: the user is not active there, or
 * the provider did not say.  What the first means for the directory is for the
 * keeper to find out, who gets a hint.
 */
AIA_MUST_USE int online_check(const struct login *lg,
    const struct dialogue *dlg, struct online *ret);

#endif
