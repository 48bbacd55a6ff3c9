/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h - what on this host stands in the way of what aiauth promises.
 */
#ifndef AIA_CTL_DOCTOR_H
#define AIA_CTL_DOCTOR_H

#include "base/conf.h"
#include "common/bytes.h"

struct doctor {
	/* One thing that is wrong, where, and what would mend it. */
	void	(*find)(const char *where, const char *what, const char *fix,
		    void *arg);
	void	*arg;
};

/*
 * The settings in force, as 'sshd -T' prints them, against what the
 * configuration says of service sshd; svc NULL: nothing.
 */
void doctor_sshd(const struct doctor *dr, struct aia_span settings,
    const struct conf_service *svc);

/*
 * The same for what Match blocks set, in sshd's configuration and whatever it
 * includes.  One for accounts of passwd alone may say where keys come from.
 */
void doctor_sshd_matches(const struct doctor *dr, const char *path,
    const char *passwd, const struct conf_service *svc);

/* The stack of a service in dir, with the files that it includes: our lines are
 * there, and nothing forges what sshd says before ours has read it. */
void doctor_pam(const struct doctor *dr, const char *dir,
    const char *service);

#endif
