/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockout.c - would these policies leave an administrator?
 */
#include "config.h"

#include "aiauthd/login/lockout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthd/login/keys.h"
#include "aiauthd/login/planner.h"
#include "aiauthd/login/supposed.h"
#include "common/client.h"

#define DAYS 7

struct looking {
	struct worker	*w;
	int64_t		 now_s, deadline_ms;
	bool		 able;
	char		*who;		/* what those cannot do who came up */
};

/* One way to do something: as a PAM service would ask. */
static const struct way {
	const char	*service, *tty, *target;
	unsigned	 unknown;
	bool		 to_root;
} ways[] = {
	{ "sshd", "ssh", "", POLICY_UNKNOWN_SRC, false },
	{ "login", "tty1", "", 0, false },
	{ "sudo", "pts/0", "", 0, true },
	{ "su", "pts/0", "root", 0, true },
};

static void
note(struct looking *l, const char *name, const char *what)
{
	size_t at = strlen(l->who);

	(void)snprintf(l->who + at, LOCKOUT_WHO_MAX + 1 - at, "%s%s %s",
	    at == 0 ? "" : ", ", name, what);
}

static void
take_way(struct login *lg, const struct way *way)
{
	(void)snprintf(lg->service, sizeof(lg->service), "%s", way->service);
	(void)snprintf(lg->tty, sizeof(lg->tty), "%s", way->tty);
	(void)snprintf(lg->target.s, sizeof(lg->target.s), "%s", way->target);
}

static int
noon_s(int64_t now_s, int days, int64_t *ret)
{
	time_t t = (time_t)now_s;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return -EOVERFLOW;
	tm.tm_mday += days;
	tm.tm_hour = 12;
	tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	*ret = mktime(&tm);
	return 0;
}

/* What one administrator can show. */
struct trial {
	struct login	*lg;
	int64_t		 now_s;
	struct supposed_starts *starts;	/* of a login by ssh */
	struct login_keys *keys;	/* an agent may have, for root */
	struct facts	*proved;	/* by the login, if there was one */
};

/* Now, or else at noon of some day: hours of work are no lock-out. */
static int
can_from(const struct trial *t, const struct way *way,
    const struct facts *start, struct plan *ret)
{
	struct policy_request req;
	struct plan plan = { .decoy = true };
	int r = 0;

	take_way(t->lg, way);
	req = login_request(t->lg, way->unknown);
	req.now_s = t->now_s;
	for (int day = 0; r == 0 && plan.decoy && day <= DAYS; day++) {
		r = planner_plan(t->lg, &req, start, factors, n_factors,
		    &plan);
		if (r == 0)
			r = noon_s(t->now_s, day + 1, &req.now_s);
	}
	*ret = plan;
	return r;
}

static int
can_log_in(struct trial *t, const struct way *way, bool *ret)
{
	const bool by_ssh = way->unknown != 0;
	struct plan plan;
	int r = 0;

	*ret = false;
	for (size_t i = 0; r == 0 && !*ret && i < t->starts->n; i++) {
		if (i > 0 && !by_ssh)
			break;
		r = can_from(t, way, &t->starts->v[i], &plan);
		*ret = r == 0 && !plan.decoy;
		if (!*ret)
			continue;
		facts_copy(t->proved, &t->starts->v[i]);
		r = planner_suppose(factors, n_factors, plan.sets[0],
		    planner_means(t->lg, factors, n_factors).local, t->proved);
	}
	return r;
}

/* In the session of that login, or in one that nobody knows of. */
static int
can_be_root(struct trial *t, const struct way *way, bool *ret)
{
	struct facts *const sessions[] = { NULL, t->proved };
	static const struct facts nothing;
	struct plan plan;
	int r = 0;

	*ret = false;
	t->lg->keys = t->keys;
	for (size_t i = 0; r == 0 && !*ret && i < ARRAY_LEN(sessions); i++) {
		t->lg->session = sessions[i];
		r = can_from(t, way, &nothing, &plan);
		*ret = r == 0 && !plan.decoy;
	}
	t->lg->session = NULL;
	t->lg->keys = NULL;
	return r;
}

static int
can_any(struct trial *t, bool to_root, bool *ret)
{
	int r = 0;

	*ret = false;
	for (size_t i = 0; r == 0 && !*ret && i < ARRAY_LEN(ways); i++)
		if (ways[i].to_root == to_root)
			r = to_root ? can_be_root(t, &ways[i], ret) :
			    can_log_in(t, &ways[i], ret);
	return r;
}

/* What they can, and with what: factors, and keys that sshd or an agent has. */
static int
try_all(struct looking *l, struct login *lg, bool *ret_in, bool *ret_root)
{
	static const struct supposed by_ssh = { .action = POLICY_SSH };
	struct trial t = { .lg = lg, .now_s = l->now_s };
	int r = -ENOMEM;

	*ret_in = *ret_root = false;
	t.proved = calloc(1, sizeof(*t.proved));
	if (t.proved == NULL)
		goto out;
	take_way(lg, &ways[0]);
	r = supposed_starts(&by_ssh, lg, l->deadline_ms, true, &t.starts);
	if (r == 0)
		r = login_keys_load(lg, l->deadline_ms, &t.keys);
	if (r == 0)
		r = can_any(&t, false, ret_in);
	if (r == 0 && *ret_in)
		r = can_any(&t, true, ret_root);
out:
	login_keys_free(t.keys);
	free(t.starts);
	free(t.proved);
	return r;
}

static int
ask_person(struct looking *l, struct login *lg)
{
	const char *name = lg->person.name.s;
	bool in = false, root = false;
	int r;

	if (!lg->person.known || !lg->person.active) {
		note(l, name, lg->person.known ? "is not active" :
		    "is not known");
		return 0;
	}
	r = person_roles(l->w, &lg->person, &lg->roles);
	if (r == 0)
		r = person_details(l->w, &lg->person, &lg->details);
	if (r == 0)
		r = vault_enrolments(&l->w->vault, &lg->person.who,
		    &lg->person.name, l->deadline_ms, &lg->enrolments);
	if (r == 0)
		r = try_all(l, lg, &in, &root);
	if (r < 0)
		return r;
	l->able = in && root;
	if (!l->able)
		note(l, name, in ? "cannot become root" : "cannot log in");
	return 0;
}

static int
look_at(struct looking *l, const struct aia_name *name)
{
	struct login *lg;
	int r;

	if (l->able)
		return 0;
	if (aia_now_ms() > l->deadline_ms)
		return -ETIMEDOUT;
	lg = calloc(1, sizeof(*lg));
	if (lg == NULL)
		return -ENOMEM;
	lg->worker = l->w;
	lg->phase = AIA_PHASE_AUTH;
	lg->sure_only = true;
	lg->audit_session = lg->loginuid = UINT32_MAX;
	source_parse((struct aia_span){ 0 }, &lg->source);
	r = person_find(l->w, name, &lg->person);
	if (r == 0)
		r = ask_person(l, lg);
	login_clear(lg);
	free(lg);
	return r;
}

struct names { struct aia_name *v; size_t n; };

static int
name_add(const struct dir_user *user, void *arg)
{
	struct names *names = arg;
	struct aia_name *more = reallocarray(names->v, names->n + 1,
	    sizeof(*more));

	if (more == NULL)
		return -ENOMEM;
	more[names->n++] = user->name;
	names->v = more;
	return 0;
}

/* Names first: the walk must be over before the directory is asked again. */
static int
look_at_group(struct looking *l, const struct aia_name *group)
{
	struct directory *d = NULL;
	struct names names = { 0 };
	int r;

	r = person_directory(l->w, &d);
	if (r == 0)
		r = directory_members(d, group, name_add, &names);
	if (r == -ENOENT)	/* there is no directory yet */
		r = 0;
	if (r == 0 && names.n == 0)
		note(l, group->s, "has no active member");
	for (size_t i = 0; r == 0 && i < names.n; i++)
		r = look_at(l, &names.v[i]);
	free(names.v);
	return r;
}

int
lockout_look(struct worker *w, int64_t now_s, int64_t deadline_ms,
    enum lockout *ret, char ret_who[LOCKOUT_WHO_MAX + 1])
{
	struct looking l = { .w = w, .now_s = now_s,
	    .deadline_ms = deadline_ms, .who = ret_who };
	struct vault_status st = { 0 };
	int r = 0;

	ret_who[0] = '\0';
	if (w->conf.n_administrators == 0) {
		*ret = LOCKOUT_NOT_CONFIGURED;
		return 0;
	}
	for (size_t i = 0; r == 0 && i < w->conf.n_administrators; i++) {
		const struct conf_administrator *a =
		    &w->conf.administrators[i];

		r = a->is_group ? look_at_group(&l, &a->name) :
		    look_at(&l, &a->name);
	}
	if (r == 0 && !l.able)
		r = vault_status(&w->vault, deadline_ms, &st);
	if (r < 0)
		return r;
	*ret = l.able ? LOCKOUT_NONE : st.enrolled == 0 ?
	    LOCKOUT_NOBODY_ENROLLED : LOCKOUT_ALL;
	return 0;
}

const char *
lockout_str(enum lockout l)
{
	switch (l) {
	case LOCKOUT_NONE:		return "able";
	case LOCKOUT_ALL:		return "locked_out";
	case LOCKOUT_NOBODY_ENROLLED:	return "nobody_enrolled";
	case LOCKOUT_NOT_CONFIGURED:	return "not_configured";
	}
	return "unknown";
}
