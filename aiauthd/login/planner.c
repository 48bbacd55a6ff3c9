/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * planner.c - sets of factors, by burden.
 */
#include "config.h"

#include "aiauthd/login/planner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/lang.h"

#define CHOICE_TRIES 3	/* then the person wants none of it */

/* What one set costs a person; sets are compared by it. */
struct cost { unsigned burden, members; };

static struct cost
cost_of(const struct factor_ops *const *table, size_t n, unsigned set)
{
	struct cost c = { 0 };

	for (size_t i = 0; i < n; i++) {
		if ((set >> i & 1) == 0)
			continue;
		c.burden += table[i]->burden;
		c.members++;
	}
	return c;
}

static bool
lighter(struct cost a, struct cost b)
{
	return a.burden != b.burden ? a.burden < b.burden :
	    a.members < b.members;
}

/* Where a key is from is told with it, unless that is known already. */
static int
suppose_source(const struct factor_ops *factor, bool local,
    struct facts *facts)
{
	if (!factor->tells_source ||
	    facts_find(facts, FACT_KEY_SOURCE) != NULL)
		return 0;
	return facts_add_str(facts, FACT_KEY_SOURCE, local ? SOURCE_LOCAL :
	    KEY_SOURCE_DIRECTORY, "", local);
}

int
planner_suppose(const struct factor_ops *const *table, size_t n, unsigned set,
    unsigned local, struct facts *facts)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		bool here = (local >> i & 1) != 0;

		if ((set >> i & 1) == 0)
			continue;
		for (size_t j = 0; r == 0 && j < FACTOR_PROVES_MAX &&
		    table[i]->proves[j] != 0; j++)
			r = facts_add(facts, table[i]->proves[j], "", here);
		if (r == 0)
			r = suppose_source(table[i], here, facts);
	}
	return r;
}

struct plan_means
planner_means(const struct login *lg, const struct factor_ops *const *table,
    size_t n)
{
	struct plan_means m = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct factor_ops *f = table[i];
		unsigned bit = 1u << i;

		if ((lg->unable & bit) == 0 && f->available(lg))
			m.can |= bit;
		if (f->first != NULL && !f->first(lg))
			m.later |= bit;
		if (f->is_local != NULL ? f->is_local(lg) :
		    fact_is_local(f->proves[0]))
			m.local |= bit;
	}
	return m;
}

/* Does it begin with a factor that may come first, or is one proved? */
static bool
may_begin(const struct facts *have, unsigned later, unsigned set)
{
	if (set == 0 || (set & ~later) != 0)
		return true;
	for (size_t i = 0; i < have->n; i++)
		if (fact_is_factor(have->v[i].name))
			return true;
	return false;
}

/* Into its place; one that has a part which is there already is not needed. */
static void
sets_add(struct plan_sets *sets, const struct factor_ops *const *table,
    size_t n, unsigned set)
{
	size_t at = sets->n;

	for (size_t i = 0; i < sets->n; i++)
		if ((sets->v[i] & set) == sets->v[i])
			return;
	for (; at > 0 && lighter(cost_of(table, n, set),
	    cost_of(table, n, sets->v[at - 1])); at--)
		sets->v[at] = sets->v[at - 1];
	sets->v[at] = set;
	sets->n++;
}

/* The facts of this set and those at hand; made: by all that there are. */
static int
facts_with(const struct factor_ops *const *table, size_t n, unsigned set,
    const struct facts *have, const struct facts *made, struct facts *ret)
{
	int r = 0;

	facts_copy(ret, have);
	for (size_t i = 0; i < n; i++) {
		if ((set >> i & 1) == 0)
			continue;
		for (size_t j = 0; r == 0 && j < FACTOR_PROVES_MAX &&
		    table[i]->proves[j] != 0; j++)
			r = facts_put(ret, facts_find(made,
			    table[i]->proves[j]));
		if (r == 0 && table[i]->tells_source &&
		    facts_find(ret, FACT_KEY_SOURCE) == NULL)
			r = facts_put(ret, facts_find(made, FACT_KEY_SOURCE));
	}
	return r;
}

/* By number of members, so that the parts of a set come before it. */
int
planner_sets(struct policy *policy, const struct policy_request *req,
    const struct facts *have, const struct factor_ops *const *table, size_t n,
    const struct plan_means *means, struct plan_sets *ret)
{
	struct policy_decision decision;
	struct policy_request look = *req;
	/* Made once: each costs a look at the clock and at the boot's id. */
	struct facts *made = calloc(2, sizeof(*made));
	struct facts *facts;
	int r;

	*ret = (struct plan_sets){ 0 };
	if (made == NULL)
		return -ENOMEM;
	look.unknown |= POLICY_UNKNOWN_OIDC;
	facts = made + 1;
	r = planner_suppose(table, n, means->can, means->local, made);
	if (r == 0)
		r = policy_consider(policy, &look);
	for (size_t members = 0; r == 0 && members <= n; members++)
		for (unsigned set = 0; r == 0 && set < 1u << n; set++) {
			if ((set & ~means->can) != 0 ||
			    cost_of(table, n, set).members != members)
				continue;
			r = facts_with(table, n, set, have, made, facts);
			if (r < 0)
				break;
			policy_decide(policy, facts, &decision);
			if (decision.permit &&
			    may_begin(have, means->later, set))
				sets_add(ret, table, n, set);
		}
	free(made);
	return r;
}

/* One more set that would do: better than those before, as good, or worse. */
static void
offer(struct plan *p, const struct factor_ops *const *table, size_t n,
    unsigned set)
{
	const struct cost cost = cost_of(table, n, set);
	const struct cost best = cost_of(table, n, p->sets[0]);

	if (p->n > 0 && lighter(best, cost))
		return;
	if (p->n > 0 && lighter(cost, best))
		p->n = 0;
	if (p->n < PLAN_CHOICE_MAX)
		p->sets[p->n++] = set;
}

/* Those that the vault names, as far as anybody may be asked for them. */
static unsigned
decoys(const struct login *lg, const struct factor_ops *const *table,
    size_t n)
{
	unsigned any = 0, named = 0;

	for (size_t i = 0; i < n; i++) {
		if (!table[i]->is_decoy)
			continue;
		any |= 1u << i;
		if ((lg->enrolments.decoy >> table[i]->proves[0] & 1) != 0)
			named |= 1u << i;
	}
	return named != 0 ? named : any;
}

static struct plan
decoy(const struct factor_ops *const *table, size_t n, unsigned set)
{
	struct plan p = { .decoy = true };

	for (size_t i = 0; i < n; i++)
		if ((set >> i & 1) != 0)
			offer(&p, table, n, 1u << i);
	return p;
}

/* Nothing at hand: what a decoy has is tried, for the time it takes. */
int
planner_plan(const struct login *lg, const struct policy_request *req,
    const struct facts *have, const struct factor_ops *const *table, size_t n,
    struct plan *ret)
{
	struct plan_means means = planner_means(lg, table, n);
	const unsigned can = means.can, named = decoys(lg, table, n);
	struct plan p = { .n = 0 };
	struct plan_sets sets;
	int r;

	if (can == 0)
		means.can = named;
	r = planner_sets(lg->worker->policy, req, have, table, n, &means,
	    &sets);
	if (r < 0)
		return r;
	for (size_t i = 0; i < sets.n; i++)
		if ((sets.v[i] & ~can) == 0)
			offer(&p, table, n, sets.v[i]);
	*ret = p.n > 0 ? p : decoy(table, n, named);
	return 0;
}

/* "1 one-time code, 2 browser and mail code: " */
static int
choice_text(const struct plan *plan, const struct factor_ops *const *table,
    size_t n, char text[AIA_TEXT_MAX + 1])
{
	FILE *out = fmemopen(text, AIA_TEXT_MAX + 1, "we");
	const char *between;

	if (out == NULL)
		return -errno;
	for (size_t i = 0; i < plan->n; i++) {
		(void)fprintf(out, "%s%zu", i == 0 ? "" : ", ", i + 1);
		between = " ";
		for (size_t j = 0; j < n; j++) {
			if ((plan->sets[i] >> j & 1) == 0)
				continue;
			(void)fprintf(out, "%s%s", between, _(table[j]->title));
			between = _(" and ");
		}
	}
	(void)fprintf(out, ": ");
	return fclose(out) == 0 ? 0 : -errno;
}

/* 0 and the set, or AIA_EDENIED: no number of the list, several times. */
static int
choose(struct dialogue *dlg, const struct plan *plan,
    const struct factor_ops *const *table, size_t n, unsigned *ret)
{
	char text[AIA_TEXT_MAX + 1];
	struct secret answer = { 0 };
	int r;

	r = choice_text(plan, table, n, text);
	for (unsigned i = 0; r == 0 && i < CHOICE_TRIES; i++) {
		unsigned char digit;

		r = dialogue_ask(dlg, AIA_PROMPT_ECHO, AIA_PURPOSE_CHOICE,
		    text, &answer);
		digit = answer.len == 1 ? answer.p[0] : 0;
		secret_clear(&answer);
		if (r == 0 && digit >= '1' && digit < '1' + plan->n) {
			*ret = plan->sets[digit - '1'];
			return 0;
		}
	}
	return r < 0 ? r : AIA_EDENIED;
}

/* One factor; an enrolment code given in its place enrols it. */
static int
run_one(const struct login *lg, struct dialogue *dlg,
    const struct factor_ops *factor, struct facts *facts,
    enum factor_verdict *ret)
{
	enum factor_verdict v = FACTOR_DENIED;
	int r;

	r = factor->run(lg, dlg, facts, &v);
	if (r < 0 || v != FACTOR_PROVEN) {
		*ret = v;
		return r;
	}
	dialogue_proved(dlg);
	if (facts_find(facts, factor->proves[0]) == NULL &&
	    facts_find(facts, FACT_ENROL_CODE) != NULL) {
		v = FACTOR_DENIED;
		if (factor->enrol != NULL)
			r = factor->enrol(lg, dlg, "first login", facts, &v);
	}
	*ret = v;
	return r;
}

static bool
brings(const struct factor_ops *factor, enum fact_name name)
{
	for (size_t i = 0; i < FACTOR_PROVES_MAX; i++)
		if (factor->proves[i] == name)
			return true;
	return false;
}

/* A factor, and those that bring all that it does. */
static unsigned
with_more(const struct factor_ops *const *table, size_t n,
    const struct factor_ops *factor)
{
	unsigned set = 0;

	for (size_t i = 0; i < n; i++) {
		bool all = true;

		for (size_t j = 0; j < FACTOR_PROVES_MAX; j++)
			if (factor->proves[j] != 0 &&
			    !brings(table[i], factor->proves[j]))
				all = false;
		if (all)
			set |= 1u << i;
	}
	return set;
}

/* What was proved as it was supposed to be: of an enrolment on this host, or
 * of none.  Which key it will be only the person knows. */
static bool
as_supposed(const struct factor_ops *factor, const struct facts *facts,
    bool local)
{
	const struct fact *fact = facts_find(facts, factor->proves[0]);

	return fact == NULL || fact->local == local;
}

int
planner_run(const struct login *lg, struct dialogue *dlg,
    const struct plan *plan, const struct factor_ops *const *table, size_t n,
    struct facts *facts, unsigned *unable)
{
	const unsigned local = planner_means(lg, table, n).local;
	enum factor_verdict v = FACTOR_PROVEN;
	unsigned set = plan->sets[0], other = 0;
	int r = 0;

	if (plan->n > 1)
		r = choose(dlg, plan, table, n, &set);
	if (r == AIA_EDENIED)
		return 0;	/* nothing was proved */
	for (size_t i = 0; r == 0 && v == FACTOR_PROVEN && i < n; i++) {
		if ((set >> i & 1) == 0)
			continue;
		v = FACTOR_DENIED;
		r = run_one(lg, dlg, table[i], facts, &v);
		if (r == 0 && v == FACTOR_UNABLE)
			*unable |= with_more(table, n, table[i]);
		if (!as_supposed(table[i], facts, (local >> i & 1) != 0))
			other |= 1u << i;
	}
	if (r == 0 && v == FACTOR_PROVEN)
		*unable |= other;
	return r;
}
