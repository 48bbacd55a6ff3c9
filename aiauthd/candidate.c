/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * candidate.c - what lies in /etc/aiauth: is it fit to be put in force?
 */
#include "config.h"

#include "aiauthd/candidate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aiauthd/login/attest.h"
#include "aiauthd/login/lockout.h"
#include "aiauthd/login/person.h"
#include "aiauthd/policy/check.h"
#include "aiauthd/refusal.h"
#include "base/conf_types.h"
#include "base/log.h"
#include "common/client.h"

#define LOCKOUT_MS 5000		/* so that the supervisor is told in time */
/* In front of what may be long, for logs and tables cut that. */
#define HOW_TO_ACCEPT " ([policy] lockout_accepted = %s takes these " \
	"policies all the same): %s"

/* What a checking child has at hand; heap. */
struct candidate {
	const struct daemon	*daemon;
	struct worker		 worker;	/* to ask as one of them does */
	struct conf_error	 first;		/* of what was refused */
	int			 fd;
};

static void
refuse(const char *what, void *arg)
{
	struct candidate *cd = arg;

	log_event_all(LOG_ERR, "conf.refused", LOG_STR("cause", what));
	policy_keep_first(what, &cd->first);
}

/* What came out, and is taken all the same; r < 0: nothing did. */
static void
lockout_log(const struct worker *w, int r, enum lockout l, const char *who)
{
	const char *why = r < 0 ? aia_strerror(r) :
	    l == LOCKOUT_NOT_CONFIGURED ? "no administrators are configured" :
	    l == LOCKOUT_NOBODY_ENROLLED ?
	    "nobody has enrolled anything yet" : NULL;

	if (why != NULL)
		log_event(LOG_WARNING, "lockout.unchecked",
		    LOG_STR("cause", why));
	else if (l == LOCKOUT_ALL)
		log_event(LOG_WARNING, "lockout.in_force",
		    LOG_STR("administrators", who),
		    LOG_STR("fingerprint", policy_fingerprint(w->policy)));
}

static int
lockout_ask(struct candidate *cd, enum lockout *ret,
    char who[LOCKOUT_WHO_MAX + 1])
{
	struct worker *w = &cd->worker;
	int r;

	r = path_join(cd->daemon->paths.run, SOCK_VAULT, w->vault.path);
	if (r == 0)
		r = lockout_look(w, time(NULL), aia_now_ms() + LOCKOUT_MS, ret,
		    who);
	person_directory_drop(w);
	return r;
}

/* 0, or AIA_ECONF where nobody would be left and nobody accepts that. */
static int
lockout_check(struct candidate *cd)
{
	const struct worker *w = &cd->worker;
	const char *fingerprint = policy_fingerprint(w->policy);
	bool accepted = strcmp(w->conf.lockout_accepted, fingerprint) == 0;
	char who[LOCKOUT_WHO_MAX + 1];
	enum lockout l = LOCKOUT_NONE;
	struct conf_error err = { "" };
	int r;

	r = lockout_ask(cd, &l, who);
	if (accepted || (r == 0 && l != LOCKOUT_ALL)) {
		lockout_log(w, r, l, who);
		return 0;
	}
	if (r < 0)
		r = conf_fail(&err, "cannot tell whether an administrator "
		    "could still become root" HOW_TO_ACCEPT, fingerprint,
		    aia_strerror(r));
	else
		r = conf_fail(&err, "no administrator could still log in and "
		    "become root" HOW_TO_ACCEPT, fingerprint, who);
	refuse(err.text, cd);
	return r;
}

static int
load(struct candidate *cd)
{
	const struct policy_critic critic = { refuse, cd };
	struct crypto_roots *roots = NULL;
	struct conf_error err = { "" };
	size_t n_assertions;
	int r;

	r = conf_gather(&cd->daemon->paths, &cd->fd, &err);
	if (r == 0)
		r = conf_load(cd->fd, &cd->worker.conf, &err);
	if (r == 0)
		r = attest_roots(cd->fd, &roots, &err);
	crypto_roots_free(roots);
	if (r < 0)
		refuse(err.text, cd);
	else
		r = policy_check(cd->fd, &cd->worker.conf, &critic,
		    &cd->worker.policy, &n_assertions);
	return r;
}

static struct candidate *
candidate_new(const struct daemon *d)
{
	struct candidate *cd = calloc(1, sizeof(*cd));

	if (cd == NULL)
		return NULL;
	cd->daemon = cd->worker.daemon = d;
	cd->fd = -1;
	return cd;
}

static void
candidate_free(struct candidate *cd)
{
	policy_free(cd->worker.policy);
	free(cd);
}

int
candidate_check(const struct daemon *d, bool is_first, struct settings *ret,
    int *ret_fd)
{
	struct candidate *cd = candidate_new(d);
	int r;

	if (cd == NULL)
		return -ENOMEM;
	r = load(cd);
	if (r == 0 && !is_first)
		r = lockout_check(cd);
	if (r < 0) {
		refusal_set(d->refusal, time(NULL), cd->first.text);
	} else {
		ret->workers = cd->worker.conf.workers;
		memcpy(ret->seal_key_file, cd->worker.conf.seal_key_file,
		    sizeof(ret->seal_key_file));
		*ret_fd = cd->fd;
		cd->fd = -1;	/* the caller's now */
	}
	if (cd->fd >= 0)
		(void)close(cd->fd);
	candidate_free(cd);
	return r;
}

int
candidate_look(const struct daemon *d)
{
	struct candidate *cd = candidate_new(d);
	char who[LOCKOUT_WHO_MAX + 1];
	struct conf_error err = { "" };
	enum lockout l = LOCKOUT_NONE;
	int r;

	if (cd == NULL)
		return -ENOMEM;
	r = conf_load(d->conf_fd, &cd->worker.conf, &err);
	if (r == 0)
		r = policy_load(d->conf_fd, &cd->worker.conf,
		    &cd->worker.policy, &err);
	if (r == 0)
		r = lockout_ask(cd, &l, who);
	lockout_log(&cd->worker, r, l, who);
	candidate_free(cd);
	return r;
}
