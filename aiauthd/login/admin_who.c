/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin_who.c - who-can: everybody who could do something here.
 *
 * The directory is walked page by page: between two of them no statement is
 * open, so that what is read of each person may close the database on an error.
 * Accounts of /etc/passwd count if something is enrolled for them.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "aiauthd/login/record.h"
#include "aiauthd/login/supposed.h"
#include "base/account.h"
#include "common/client.h"

#define WHO_S 600	/* everybody, with a question to the vault for many */
#define PAGE 256	/* names */

enum who_answer { WHO_NO = 0, WHO_IF_ENROLLED, WHO_YES };

struct asking {
	struct dialogue	*dlg;
	struct supposed	 s;
	uint64_t	 n[WHO_YES + 1];
	struct aia_name	 page[PAGE];
	size_t		 n_page;
};

static const char *
answer_str(enum who_answer answer)
{
	switch (answer) {
	case WHO_NO:		return "no";
	case WHO_IF_ENROLLED:	return "if_enrolled";
	case WHO_YES:		return "yes";
	}
	return "unknown";
}

static int
send_candidate(struct asking *a, const struct login *lg,
    enum who_answer answer, const struct facts *start, unsigned set)
{
	static const struct facts none;
	static struct facts facts;	/* too large for the stack */
	struct policy_decision d;
	struct json_out *o;
	int r;

	facts = *start;
	r = planner_suppose(factors, n_factors, set,
	    planner_means(lg, factors, n_factors).local, &facts);
	if (r == 0)
		r = record_new("candidate", &o);
	if (r < 0)
		return r;
	policy_decide(lg->worker->policy, &facts, &d);
	json_out_str(o, "name", lg->person.name.s);
	json_out_i64(o, "uid", lg->person.uid);
	json_out_bool(o, "local", lg->person.local);
	json_out_str(o, "answer", answer_str(answer));
	supposed_names(o, "factors", answer == WHO_NO ? &none : start,
	    answer == WHO_NO ? 0 : set);
	json_out_str(o, "reason", d.reason);
	a->n[answer]++;
	return record_send(a->dlg, o);
}

struct best { enum who_answer answer; size_t start; unsigned set; };

/* What the person can do from each start, the first that is best. */
static int
look(struct asking *a, const struct login *lg,
    const struct policy_request *req, const struct supposed_starts *starts,
    struct best *ret)
{
	struct plan_means means = planner_means(lg, factors, n_factors);
	const unsigned all = supposed_all(&a->s), can = means.can & all;
	struct plan_sets sets;
	const unsigned *first;
	int r = 0;

	means.can = all;
	*ret = (struct best){ .set = all };
	for (size_t i = 0; i < starts->n && ret->answer != WHO_YES; i++) {
		r = planner_sets(lg->worker->policy, req, &starts->v[i],
		    factors, n_factors, &means, &sets);
		if (r < 0)
			return r;
		first = supposed_first(&sets, can);
		if (first != NULL)
			*ret = (struct best){ WHO_YES, i, *first };
		else if (sets.n > 0 && ret->answer == WHO_NO)
			*ret = (struct best){ WHO_IF_ENROLLED, i, sets.v[0] };
	}
	return r;
}

/* Keys are looked for only where it is not yes without one. */
static int
candidate(struct asking *a, struct login *lg)
{
	const struct policy_request req = supposed_request(&a->s, lg);
	struct supposed_starts *starts = NULL;
	struct best best = { 0 };
	int r;

	r = login_enrolments(lg, a->dlg);
	for (int with_keys = 0; r == 0 && with_keys < 2 &&
	    best.answer != WHO_YES; with_keys++) {
		free(starts);
		starts = NULL;
		r = supposed_starts(&a->s, lg,
		    dialogue_step_ms(a->dlg), with_keys == 1, &starts);
		if (r == 0)
			r = look(a, lg, &req, starts, &best);
	}
	if (r == 0)
		r = send_candidate(a, lg, best.answer,
		    &starts->v[best.start], best.set);
	free(starts);
	return r;
}

/* Somebody else may have that name now: a local account, or nobody. */
static int
of_directory(struct asking *a, const struct aia_name *name)
{
	struct login lg;
	int r;

	r = login_init(&lg, a->dlg, name, NULL);
	if (r == 0 && lg.person.known && !lg.person.local)
		r = candidate(a, &lg);
	login_clear(&lg);
	return r;
}

/* uid 0 is nobody's whom we ask for anything. */
static int
of_passwd(const struct aia_name *name, uid_t uid, void *arg)
{
	struct asking *a = arg;
	struct login lg;
	int r;

	if (uid == 0)
		return 0;
	r = login_init(&lg, a->dlg, name, NULL);
	if (r == 0)
		r = login_enrolments(&lg, a->dlg);
	if (r == 0 && (lg.enrolments.n > 0 || lg.enrolments.enrol_code))
		r = candidate(a, &lg);
	login_clear(&lg);
	return r;
}

static int
page_add(const struct dir_user *user, void *arg)
{
	struct asking *a = arg;

	if (a->n_page == PAGE)
		return -E2BIG;
	a->page[a->n_page++] = user->name;
	return 0;
}

static int
page_read(struct asking *a, const struct aia_name *after)
{
	struct directory *d = NULL;
	int r;

	a->n_page = 0;
	r = person_directory(a->dlg->worker, &d);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = directory_users(d, after, page_add, a);
	return r == -E2BIG ? 0 : r;
}

static int
directory_walk(struct asking *a)
{
	struct aia_name last;
	bool begun = false;
	int r;

	for (;;) {
		r = page_read(a, begun ? &last : NULL);
		if (r < 0 || a->n_page == 0)
			return r;
		for (size_t i = 0; r == 0 && i < a->n_page; i++)
			r = of_directory(a, &a->page[i]);
		if (r < 0)
			return r;
		last = a->page[a->n_page - 1];
		begun = true;
	}
}

static int
who_can(struct asking *a)
{
	char text[128];
	int r;

	r = directory_walk(a);
	if (r == 0)
		r = account_users(a->dlg->worker->daemon->paths.passwd,
		    of_passwd, a);
	if (r < 0)
		return r;
	(void)snprintf(text, sizeof(text), "%" PRIu64 " can, %" PRIu64
	    " could with what they have not enrolled, %" PRIu64 " cannot",
	    a->n[WHO_YES], a->n[WHO_IF_ENROLLED], a->n[WHO_NO]);
	return dialogue_result(a->dlg, AIA_R_OK, text);
}

int
admin_who_can(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct asking *a = calloc(1, sizeof(*a));
	int r;

	if (a == NULL)
		return -ENOMEM;
	a->dlg = dlg;
	dlg->deadline_ms = aia_now_ms() + WHO_S * 1000;
	r = supposed_init(&dlg->worker->conf, req, &a->s);
	if (r == 0)
		r = who_can(a);
	supposed_clear(&a->s);
	free(a);
	return r;
}
