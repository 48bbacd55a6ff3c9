/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h - what on this host stands in the way of what aiauth promises.
 */
#ifndef AIA_CTL_DOCTOR_H
#define AIA_CTL_DOCTOR_H

#include <stdint.h>
#include <sys/types.h>

#include "base/conf.h"
#include "common/bytes.h"

struct doctor {
	/* One thing that is wrong, where, and what would mend it. */
	void	(*find)(const char *where, const char *what, const char *fix,
		    void *arg);
	void	*arg;
};

struct advice {			/* from one of the checks of aiauthctl(1) */
	const char *name, *severity, *where, *what, *fix;
};
typedef void doctor_take(const struct advice *a, void *arg);

/* All checks, about this host and sshd's settings for ctl's first argument, if
 * there is one.  0 or -ENOMEM. */
struct ctl;
AIA_MUST_USE int doctor_examine(const struct ctl *ctl, doctor_take *take,
    void *arg);

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

/* ---- what the checks of doctor.c look at, a file per family */

/* In file FILE, at line LINE (0: none), with words put together. */
void doctor_find(const struct doctor *dr, const char *file, unsigned line,
    const char *fix, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Lines of ours in another service's stack: what they refuse stays refused, and
 * root gets past them.  One without a line of ours is none of our business. */
void doctor_pam_other(const struct doctor *dr, const char *dir,
    const char *service);
/* A module that lets people in before ours is asked. */
void doctor_pam_order(const struct doctor *dr, const char *dir,
    const char *service);
/* Emergency accounts that are none of passwd. */
void doctor_pam_emergency(const struct doctor *dr, const char *dir,
    const char *service, const char *passwd);

/* nsswitch.conf: aiauth is asked for users and groups, after the files. */
void doctor_nsswitch(const struct doctor *dr, const char *path,
    const char *text);
/* Others who give names of a directory, and are asked first. */
void doctor_nsswitch_others(const struct doctor *dr, const char *path,
    const char *text);
/* nscd.conf, where something answers in libc's place; text NULL: none. */
void doctor_name_caches(const struct doctor *dr, const char *path,
    const char *text);
/* The copy that programs map, and the one that a boot begins with. */
void doctor_snapshot(const struct doctor *dr, const struct paths *paths,
    uid_t owner);

/* Sockets, folders, secrets: owner, group and mode. */
void doctor_sockets(const struct doctor *dr, const struct paths *paths,
    bool has_network);
void doctor_modes(const struct doctor *dr, const struct paths *paths,
    const struct conf *conf);
void doctor_module(const struct doctor *dr, const char *path);
/* Certificates that are configured: whether they can be read, and how long they
 * last. */
void doctor_certificates(const struct doctor *dr, const struct conf *conf,
    int64_t now_s);

/* Lines of the audit log or the journal: what SELinux or AppArmor refused us. */
void doctor_denials(const struct doctor *dr, const char *where,
    const char *text);

#endif
