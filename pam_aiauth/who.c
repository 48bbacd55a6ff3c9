/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * who.c - whose login is it, and is it ours?
 */
#include "config.h"

#include "pam_aiauth/who.h"

#include <string.h>

#include "pam_aiauth/passwd.h"

#define ROOT_NAME "root"

/* Services that act for their caller: PAM_USER is whom they want to become. */
static const struct caller_service {
	const char	*name;
	bool		 names_target;	/* PAM_USER is the target in auth too */
} caller_services[] = {
	{ "su",		true },
	{ "su-l",	true },
	{ "sudo",	false },
	{ "sudo-i",	false },
};

static const struct caller_service *
caller_service_of(const char *service)
{
	for (size_t i = 0; i < ARRAY_LEN(caller_services); i++)
		if (strcmp(caller_services[i].name, service) == 0)
			return &caller_services[i];
	return NULL;
}

/*
 * Root is known by its name alone, before the file is read: it logs in when the
 * file is gone.  The emergency account must be local, or the directory could
 * make one.
 */
static int
subject_decide(const char *passwd, const struct options *opt, struct who *w,
    uid_t *ret_uid)
{
	int r;

	if (strcmp(w->subject, ROOT_NAME) == 0) {
		w->is_local = true;
		*ret_uid = 0;
		return 0;
	}
	r = passwd_find(passwd, w->subject, ret_uid);
	if (r == 0) {
		w->is_local = true;
		w->is_ours = opt->local_users != LOCAL_IGNORE &&
		    strcmp(w->subject, opt->emergency.s) != 0;
		return 0;
	}
	w->is_ours = true;
	return r == AIA_ENOUSER ? 0 : r;
}

static int
subject_set(struct who *w, const char *name)
{
	size_t len = strnlen(name, sizeof(w->subject));

	if (len == 0 || len >= sizeof(w->subject))
		return AIA_ENAME;
	memcpy(w->subject, name, len);
	return 0;
}

/*
 * PAM_RUSER must agree with the real uid.  sudo becomes uid 0 on the way, so 0
 * is let through for anybody; but only uid 0 is root.
 */
static int
caller_check(const struct who_ask *ask, const struct who *w, uid_t uid)
{
	if (!w->is_local || ask->ruid == uid)
		return 0;
	return ask->ruid == 0 ? 0 : AIA_EDENIED;
}

int
who_decide(const struct who_ask *ask, const struct options *opt,
    struct who *ret)
{
	const struct caller_service *cs = caller_service_of(ask->service);
	const char *subject = ask->user;
	struct who w = { .is_caller = cs != NULL };
	uid_t uid = 0;
	int r;

	if (cs != NULL)
		subject = ask->ruser == NULL ? "" : ask->ruser;
	r = subject_set(&w, subject);
	if (r < 0)
		return r;
	r = subject_decide(ask->passwd, opt, &w, &uid);
	if (r == 0 && cs != NULL)
		r = caller_check(ask, &w, uid);
	if (r == 0 && w.is_ours)
		r = aia_name_parse(w.subject, strlen(w.subject), &w.user);
	if (r == 0 && w.is_ours && cs != NULL && cs->names_target)
		r = aia_name_parse(ask->user, strlen(ask->user), &w.target);
	if (r == 0)
		*ret = w;
	return r;
}

bool
who_same(const struct who *a, const struct who *b)
{
	return a->is_ours == b->is_ours && a->is_local == b->is_local &&
	    strcmp(a->subject, b->subject) == 0 &&
	    aia_name_eq(&a->target, &b->target);
}
