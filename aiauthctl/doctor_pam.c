/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor_pam.c - what is wrong with the PAM stack of a service.
 *
 * pam_env can replace what sshd says of a login by what a file of the user's
 * says: before our session line, or in auth, whose setcred comes before it.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <stdio.h>
#include <string.h>

#include "aiauthctl/pam_stack.h"
#include "base/account.h"

#define PATH_LEN_MAX 512

struct look {
	const struct doctor *dr;
	const char	*dir;
	const struct pam_stack *st;
	bool		 ours[PAM_N_KINDS];
	bool		 forged;	/* said already */
};

static void
find(const struct look *lk, const struct pam_line *l, const char *what,
    const char *fix)
{
	char where[PATH_LEN_MAX], line[16] = "";

	if (l->line > 0)
		(void)snprintf(line, sizeof(line), ":%u", l->line);
	(void)snprintf(where, sizeof(where), "%s/%s%s", lk->dir, l->file,
	    line);
	lk->dr->find(where, what, fix, lk->dr->arg);
}

static void
see_env(struct look *lk, const struct pam_line *l)
{
	if (lk->forged || (l->kind == PAM_AUTH ?
	    strstr(l->args, "user_readenv=1") == NULL :
	    l->kind != PAM_SESSION || lk->ours[PAM_SESSION]))
		return;
	lk->forged = true;
	find(lk, l, l->kind == PAM_AUTH ?
	    "pam_env in auth reads a file of the user's before our session "
	    "line" : "pam_env stands before our session line: a file of the "
	    "user's can forge the key that was used",
	    l->kind == PAM_AUTH ? "take user_readenv=1 away" :
	    "put 'session requisite pam_aiauth.so' before every pam_env.so");
}

/* A refusal of ours that the stack goes on after is none. */
static void
see_ours(struct look *lk, const struct pam_line *l)
{
	static const char *const passed[PAM_N_KINDS] = {
		"what pam_aiauth refuses in auth may be let in all the same",
		"what pam_aiauth refuses in account is let in all the same",
		"what pam_aiauth refuses in session is let in all the same",
	};

	lk->ours[l->kind] = true;
	if (!pam_is_final(l))
		find(lk, l, passed[l->kind], l->kind == PAM_AUTH ?
		    "write 'default=die' in the line of pam_aiauth" :
		    "make the line of pam_aiauth 'requisite'");
	if (!pam_spares_root(lk->st, (size_t)(l - lk->st->lines)))
		find(lk, l, "root could not log in if the file of pam_aiauth "
		    "were gone", "put the line with 'pam_succeed_if.so quiet "
		    "user in root' in front of it, see pam_aiauth(8)");
}

static void
see_line(struct look *lk, const struct pam_line *l)
{
	if (l->kind == PAM_BROKEN)
		find(lk, l, "cannot be read, or includes itself",
		    "mend the file, or what includes it");
	else if (pam_is_module(l, PAM_OURS))
		see_ours(lk, l);
	else if (pam_is_module(l, "pam_env.so"))
		see_env(lk, l);
}

/* Without our lines nothing is asked, and nothing decided. */
static void
see_lacks(const struct look *lk, const char *service)
{
	static const char *const fixes[PAM_N_KINDS] = {
		"add a line 'auth ... pam_aiauth.so', see pam_aiauth(8)",
		"add a line 'account ... pam_aiauth.so', see pam_aiauth(8)",
		"add a line 'session requisite pam_aiauth.so'",
	};
	static const char *const lacks[PAM_N_KINDS] = {
		"no auth line of pam_aiauth: nobody is asked for a factor",
		"no account line of pam_aiauth: roles are not looked at",
		"no session line of pam_aiauth: logins by key are not judged",
	};
	const struct pam_line top = { .file = service };

	for (int k = 0; k < PAM_N_KINDS; k++)
		if (!lk->ours[k])
			find(lk, &top, lacks[k], fixes[k]);
}

static bool
look_begin(struct look *lk, const struct doctor *dr, const char *dir,
    const char *service, struct pam_stack **ret)
{
	const struct pam_reader reader = { .dir = dir };

	*lk = (struct look){ .dr = dr, .dir = dir };
	if (pam_stack_read(&reader, service, ret) < 0) {
		dr->find(dir, "cannot be read", "free some memory", dr->arg);
		return false;
	}
	lk->st = *ret;
	return true;
}

void
doctor_pam(const struct doctor *dr, const char *dir, const char *service)
{
	struct pam_stack *st = NULL;
	struct look lk;

	if (!look_begin(&lk, dr, dir, service, &st))
		return;
	for (size_t i = 0; i < st->n; i++)
		see_line(&lk, &st->lines[i]);
	see_lacks(&lk, service);
	pam_stack_free(st);
}

void
doctor_pam_other(const struct doctor *dr, const char *dir,
    const char *service)
{
	struct pam_stack *st = NULL;
	struct look lk;

	if (!look_begin(&lk, dr, dir, service, &st))
		return;
	for (size_t i = 0; i < st->n; i++)
		if (st->lines[i].kind != PAM_BROKEN &&
		    pam_is_module(&st->lines[i], PAM_OURS))
			see_ours(&lk, &st->lines[i]);
	pam_stack_free(st);
}

/* These ask of accounts here, or ask for nothing that lets anybody in. */
static bool
is_harmless(const struct pam_line *l)
{
	static const char *const modules[] = { "pam_unix.so",
	    "pam_succeed_if.so", "pam_rootok.so", "pam_localuser.so",
	    "pam_listfile.so", "pam_time.so", "pam_access.so" };

	for (size_t i = 0; i < ARRAY_LEN(modules); i++)
		if (pam_is_module(l, modules[i]))
			return true;
	return false;
}

void
doctor_pam_order(const struct doctor *dr, const char *dir,
    const char *service)
{
	struct pam_stack *st = NULL;
	struct look lk;
	size_t ours = 0;

	if (!look_begin(&lk, dr, dir, service, &st))
		return;
	while (ours < st->n && (st->lines[ours].kind != PAM_AUTH ||
	    !pam_is_module(&st->lines[ours], PAM_OURS)))
		ours++;
	for (size_t i = 0; ours < st->n && i < ours; i++)
		if (st->lines[i].kind == PAM_AUTH &&
		    !is_harmless(&st->lines[i]) &&
		    pam_lets_past(st, i, ours))
			find(&lk, &st->lines[i], "another module lets people "
			    "in before pam_aiauth is asked for factors",
			    "put the lines of pam_aiauth in front of it");
	pam_stack_free(st);
}

void
doctor_pam_emergency(const struct doctor *dr, const char *dir,
    const char *service, const char *passwd)
{
	struct pam_stack *st = NULL;
	struct aia_name name;
	struct look lk;
	uid_t uid;
	gid_t gid;

	if (!look_begin(&lk, dr, dir, service, &st))
		return;
	for (size_t i = 0; i < st->n; i++) {
		const struct pam_line *l = &st->lines[i];
		const char *at;
		size_t len;

		if (l->kind == PAM_BROKEN || !pam_is_module(l, PAM_OURS))
			continue;
		at = pam_arg(l, "emergency=", &len);
		if (at != NULL && (aia_name_parse(at, len, &name) < 0 ||
		    account_user(passwd, name.s, &uid, &gid) < 0))
			find(&lk, l, "the emergency account is none of this "
			    "host's: nothing spares it", "add it by useradd, "
			    "or take 'emergency=' out");
	}
	pam_stack_free(st);
}
