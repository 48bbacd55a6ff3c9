/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * planner.c - sets of factors, by burden.
 */
#include "config.h"

#include "aiauthd/login/planner.h"

#include <errno.h>
#include <stdlib.h>

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

int
planner_suppose(const struct factor_ops *const *table, size_t n, unsigned set,
    struct facts *facts)
{
	int r;

	for (size_t i = 0; i < n; i++) {
		if ((set >> i & 1) == 0)
			continue;
		for (size_t j = 0; j < FACTOR_PROVES_MAX; j++) {
			if (table[i]->proves[j] == 0)
				break;
			r = facts_add(facts, table[i]->proves[j], "", true);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

unsigned
planner_available(const struct login *lg,
    const struct factor_ops *const *table, size_t n)
{
	unsigned set = 0;

	for (size_t i = 0; i < n; i++)
		if (table[i]->available(lg))
			set |= 1u << i;
	return set;
}

static struct plan
decoy(const struct factor_ops *const *table, size_t n)
{
	struct plan p = { .decoy = true };

	for (size_t i = 0; i < n; i++)
		if (table[i]->is_decoy && (p.set == 0 ||
		    lighter(cost_of(table, n, 1u << i),
		    cost_of(table, n, p.set))))
			p.set = 1u << i;
	return p;
}

int
planner_plan(const struct login *lg, const struct policy_request *req,
    const struct facts *have, const struct factor_ops *const *table, size_t n,
    struct plan *ret)
{
	const unsigned can = planner_available(lg, table, n);
	struct plan best = decoy(table, n);
	struct policy_decision decision;
	struct facts *facts;
	int r = 0;

	facts = malloc(sizeof(*facts));
	if (facts == NULL)
		return -ENOMEM;
	r = policy_consider(lg->worker->policy, req);
	if (r < 0)
		goto out;
	for (unsigned set = 0; set < 1u << n; set++) {
		if ((set & ~can) != 0)
			continue;
		*facts = *have;
		r = planner_suppose(table, n, set, facts);
		if (r < 0)
			goto out;
		policy_decide(lg->worker->policy, facts, &decision);
		if (decision.permit && (best.decoy ||
		    lighter(cost_of(table, n, set),
		    cost_of(table, n, best.set))))
			best = (struct plan){ .set = set };
	}
	*ret = best;
out:
	free(facts);
	return r;
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

/* By number of members, so that the parts of a set come before it. */
int
planner_sets(struct policy *policy, const struct policy_request *req,
    const struct facts *have, const struct factor_ops *const *table, size_t n,
    unsigned can, struct plan_sets *ret)
{
	struct policy_decision decision;
	struct facts *facts = malloc(sizeof(*facts));
	int r;

	*ret = (struct plan_sets){ 0 };
	if (facts == NULL)
		return -ENOMEM;
	r = policy_consider(policy, req);
	for (size_t members = 0; r == 0 && members <= n; members++)
		for (unsigned set = 0; r == 0 && set < 1u << n; set++) {
			if ((set & ~can) != 0 ||
			    cost_of(table, n, set).members != members)
				continue;
			*facts = *have;
			r = planner_suppose(table, n, set, facts);
			if (r < 0)
				break;
			policy_decide(policy, facts, &decision);
			if (decision.permit)
				sets_add(ret, table, n, set);
		}
	free(facts);
	return r;
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
	if (r < 0 || v != FACTOR_PROVEN)
		return r;
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

int
planner_run(const struct login *lg, struct dialogue *dlg,
    const struct plan *plan, const struct factor_ops *const *table, size_t n,
    struct facts *facts)
{
	enum factor_verdict v = FACTOR_PROVEN;
	int r = 0;

	for (size_t i = 0; r == 0 && v == FACTOR_PROVEN && i < n; i++) {
		if ((plan->set >> i & 1) == 0)
			continue;
		v = FACTOR_DENIED;
		r = run_one(lg, dlg, table[i], facts, &v);
	}
	return r;
}
