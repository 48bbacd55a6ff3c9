/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin_explain.c - explain: what the policy would say to a login, which
 * policies say it, and what is missing.
 *
 * Who is not root is told of himself only: his roles, and policies that are
 * about him.
 */
#include "config.h"

#include "aiauthd/login/admin.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aiauthd/login/online.h"
#include "aiauthd/login/record.h"
#include "aiauthd/login/supposed.h"
#include "aiauthd/policy/explain.h"
#include "aiauthd/policy/host.h"
#include "base/lang.h"

#define MISSING_MAX 512	/* bytes */
/* Bytes of all lists of one record: each may become six in JSON, and a record
 * holds 65000. */
#define LISTS_MAX 8192

struct explaining {
	struct dialogue	*dlg;
	struct supposed	 s;
	struct login	 lg;
	struct policy_request req;
	unsigned	 all, can;	/* factors there are, the person has */
	struct plan_means means;	/* of all there are */
	struct supposed_starts *starts;
	struct way {			/* from one of these on */
		struct plan_sets sets;
		const unsigned	*first;	/* lightest that the person has */
		struct plan	 plan;	/* what would be asked for */
	} ways[SUPPOSED_STARTS_MAX];
	size_t		 best;		/* of these */
	struct facts	*facts;		/* that are decided on */
	struct policy_decision d;
	size_t		 n_nearest;
	char		 missing[MISSING_MAX + 1];
};

static struct policy *
policy_of(const struct explaining *x)
{
	return x->dlg->worker->policy;
}

__attribute__((format(printf, 2, 3))) static void
miss(struct explaining *x, const char *format, ...)
{
	size_t at = strlen(x->missing);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(x->missing + at, sizeof(x->missing) - at, format, ap);
	va_end(ap);
}

static void
miss_names(struct explaining *x, const struct facts *start, unsigned set)
{
	const char *before = "";

	for (size_t i = 0; i < start->n; i++) {
		if (!fact_is_factor(start->v[i].name))
			continue;
		miss(x, "%s%s", before, fact_name_str(start->v[i].name));
		before = ", ";
	}
	for (size_t i = 0; i < n_factors; i++) {
		if ((set >> i & 1) == 0)
			continue;
		miss(x, "%s%s", before, factors[i]->name);
		before = ", ";
	}
}

static void
miss_roles(struct explaining *x)
{
	const char *before = "";

	miss(x, "no permit is about action %s here for %s",
	    policy_action_str(x->req.action), x->req.principal);
	for (size_t i = 0; i < x->lg.roles.n; i++) {
		const struct dir_role *role = &x->lg.roles.v[i];

		if (!policy_role_counts(policy_of(x), role))
			continue;
		miss(x, "%s%s", before[0] == '\0' ? " with roles " : before,
		    role->text);
		before = ", ";
	}
}

/* A denial: what would have made it a permit, as far as one can say. */
static void
say_missing(struct explaining *x)
{
	const struct facts *start = &x->starts->v[x->best];
	const struct way *way = &x->ways[x->best];

	if (!x->d.by_policy)
		return;
	if (way->sets.n > 0) {
		unsigned set = way->first != NULL ? *way->first :
		    way->sets.v[0];

		miss(x, "would be permitted with ");
		if (set == 0 && start->n == 0)
			miss(x, "no factor");
		miss_names(x, start, set);
		if ((set & ~x->can) != 0) {
			miss(x, "; not enrolled: ");
			miss_names(x, &x->starts->v[0], set & ~x->can);
		}
	} else if (x->d.policies[0] != '\0')
		miss(x, "no factor would change that");
	else if (x->n_nearest > 0)
		miss(x, "a condition that is not met, whatever is proved");
	else
		miss_roles(x);
}

static int
count_nearest(const struct policy_said *said, void *arg)
{
	struct explaining *x = arg;

	x->n_nearest += said->part == POLICY_NEAREST;
	return 0;
}

/*
 * What would be proved: as supposed, or all of the set that would be asked for.
 * Where it takes another, what the person has; where none would do all there
 * are, so that what is told of is not a factor.
 */
static int
prove(struct explaining *x)
{
	const struct way *way = &x->ways[x->best];
	unsigned set = way->sets.n == 0 ? x->all : x->can;

	if (way->first != NULL)
		set = *way->first;
	if (x->s.facts != NULL) {
		*x->facts = *x->s.facts;
		return 0;
	}
	*x->facts = x->starts->v[x->best];
	return planner_suppose(factors, n_factors, set, x->means.local,
	    x->facts);
}

/* The planner takes up the request anew, each time the same. */
static int
consider_way(struct explaining *x, size_t i)
{
	struct way *way = &x->ways[i];
	int r;

	r = planner_sets(policy_of(x), &x->req, &x->starts->v[i], factors,
	    n_factors, &x->means, &way->sets);
	if (r < 0)
		return r;
	way->first = supposed_first(&way->sets, x->can);
	return x->all == 0 ? 0 : planner_plan(&x->lg, &x->req,
	    &x->starts->v[i], factors, n_factors, &way->plan);
}

/* One that the person can go, or else one that could be gone; without a key,
 * if it is as good. */
static int
consider_ways(struct explaining *x)
{
	int r = 0;

	x->all = supposed_all(&x->s);
	x->means = planner_means(&x->lg, factors, n_factors);
	x->can = x->means.can & x->all;
	x->means.can = x->all;
	for (size_t i = 0; r == 0 && i < x->starts->n; i++) {
		const struct way *way = &x->ways[i], *best =
		    &x->ways[x->best];

		r = consider_way(x, i);
		if ((way->first != NULL && best->first == NULL) ||
		    (way->sets.n > 0 && best->sets.n == 0))
			x->best = i;
	}
	return r;
}

static int
consider(struct explaining *x)
{
	int r;

	x->facts = calloc(1, sizeof(*x->facts));
	if (x->facts == NULL)
		return -ENOMEM;
	x->req = supposed_request(&x->s, &x->lg);
	r = login_enrolments(&x->lg, x->dlg);
	if (r == 0)
		r = supposed_starts(&x->s, &x->lg, dialogue_step_ms(x->dlg),
		    true, &x->starts);
	if (r == 0)
		r = consider_ways(x);
	if (r == 0)
		r = prove(x);
	if (r == 0)
		r = policy_explain(policy_of(x), x->facts, count_nearest, x,
		    &x->d);
	if (r == 0 && !x->d.permit)
		say_missing(x);
	else if (r == 0 && x->d.depends_on_unknown)
		miss(x, "it depends on where from");
	return r;
}

static int
send_explanation(const struct explaining *x)
{
	struct json_out *o;
	int r;

	r = record_new("explanation", &o);
	if (r < 0)
		return r;
	json_out_str(o, "user", x->req.principal);
	json_out_str(o, "action", policy_action_str(x->req.action));
	json_out_str(o, "decision", x->d.permit ? "permit" : "deny");
	json_out_str(o, "reason", x->d.reason);
	json_out_str(o, "missing", x->missing);
	json_out_bool(o, "depends_on_unknown", x->d.depends_on_unknown);
	json_out_bool(o, "supposed", x->s.facts != NULL);
	/* Not asked here: what an administrator looks up is no login. */
	json_out_bool(o, "online_check", online_asks(&x->lg));
	json_out_open_arr(o, "factors");
	for (size_t i = 0; i < x->facts->n; i++)
		if (fact_is_factor(x->facts->v[i].name))
			json_out_str(o, NULL,
			    fact_name_str(x->facts->v[i].name));
	json_out_close(o);
	return record_send(x->dlg, o);
}

/* Equal ones are a choice. */
static bool
is_asked(const struct explaining *x, const struct plan *plan, unsigned set)
{
	if (x->s.facts != NULL || plan->decoy)
		return false;
	for (size_t i = 0; i < plan->n; i++)
		if (plan->sets[i] == set)
			return true;
	return false;
}

static int
send_set(const struct explaining *x, size_t at, unsigned set)
{
	const struct facts *start = &x->starts->v[at];
	struct json_out *o;
	int r;

	r = record_new("factor_set", &o);
	if (r < 0)
		return r;
	supposed_names(o, "factors", start, set);
	json_out_bool(o, "key", start->n > 0);
	json_out_bool(o, "enrolled", (set & ~x->can) == 0);
	json_out_bool(o, "asked", is_asked(x, &x->ways[at].plan, set));
	return record_send(x->dlg, o);
}

static int
send_sets(const struct explaining *x)
{
	int r = 0;

	for (size_t at = 0; at < x->starts->n; at++)
		for (size_t i = 0; r == 0 && i < x->ways[at].sets.n; i++)
			r = send_set(x, at, x->ways[at].sets.v[i]);
	return r;
}

static int
send_policy(const struct policy_said *said, void *arg)
{
	const struct explaining *x = arg;
	struct json_out *o;
	int r;

	r = record_new("policy", &o);
	if (r == 0)
		policy_said_json(said, o);
	return r < 0 ? r : record_send(x->dlg, o);
}

static void
json_times(struct json_out *o, int64_t now_s)
{
	time_t now = (time_t)now_s;
	struct tm tm = { 0 };

	(void)localtime_r(&now, &tm);
	json_out_i64(o, "now_s", now_s);
	json_out_i64(o, "time_of_day_s", tm.tm_hour * 3600 + tm.tm_min * 60 +
	    tm.tm_sec);
	json_out_i64(o, "weekday", tm.tm_wday == 0 ? 7 : tm.tm_wday);
}

static void
json_item(struct json_out *o, struct aia_span item, size_t *left)
{
	if (item.len + 1 >= *left) {
		*left = 0;
		return;
	}
	*left -= item.len + 1;
	json_out_span(o, NULL, item);
}

static void
json_lists(const struct explaining *x, struct json_out *o)
{
	const struct host *host = policy_host(policy_of(x));
	struct aia_span list = x->req.attributes, item;
	size_t left = LISTS_MAX;

	json_out_open_arr(o, "roles");
	for (size_t i = 0; i < x->lg.roles.n; i++)
		if (policy_role_counts(policy_of(x), &x->lg.roles.v[i]))
			json_item(o, aia_span_str(x->lg.roles.v[i].text),
			    &left);
	json_out_close(o);
	json_out_open_arr(o, "attributes");
	while (aia_list_next(&list, &item))
		json_item(o, item, &left);
	json_out_close(o);
	json_out_open_arr(o, "host_groups");
	for (size_t i = 0; i < host->n_groups; i++)
		json_item(o, aia_span_str(host->groups[i]), &left);
	json_out_close(o);
	json_out_bool(o, "cut", left == 0);
}

static int
send_circumstances(const struct explaining *x)
{
	const struct policy_request *req = &x->req;
	struct json_out *o;
	int r;

	r = record_new("circumstances", &o);
	if (r < 0)
		return r;
	json_out_bool(o, "active", req->active);
	json_out_bool(o, "local", req->local);
	json_out_str(o, "source", req->source);
	json_out_str(o, "mail", req->mail == NULL ? "" : req->mail);
	json_out_str(o, "host", policy_host(policy_of(x))->name);
	json_out_str(o, "service", req->service);
	json_out_str(o, "src", req->src == NULL ? "" : req->src);
	json_times(o, req->now_s);
	json_out_i64(o, "directory_age_s", req->directory_age_s);
	json_lists(x, o);
	return record_send(x->dlg, o);
}

static int
explain(struct explaining *x)
{
	int r;

	if (!x->lg.person.known)
		return dialogue_result(x->dlg, AIA_R_NOT_FOUND,
		    N_("no such user"));
	r = consider(x);
	if (r == 0)
		r = send_explanation(x);
	if (r == 0)
		r = send_sets(x);
	if (r == 0)
		r = policy_explain(policy_of(x), x->facts, send_policy, x,
		    &x->d);
	if (r == 0)
		r = send_circumstances(x);
	return r < 0 ? r : dialogue_result(x->dlg, AIA_R_OK, NULL);
}

int
admin_explain(struct dialogue *dlg, const struct aia_m_admin *req)
{
	struct explaining *x = calloc(1, sizeof(*x));
	int r;

	if (x == NULL)
		return -ENOMEM;
	x->dlg = dlg;
	r = supposed_init(&dlg->worker->conf, req, &x->s);
	if (r == 0)
		r = login_init(&x->lg, dlg, &req->user, NULL);
	if (r == 0)
		r = explain(x);
	login_clear(&x->lg);
	supposed_clear(&x->s);
	free(x->starts);
	free(x->facts);
	free(x);
	return r;
}
