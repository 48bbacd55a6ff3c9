/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authorize.c - policies against a request: allow or deny, and why.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cedar/eval.h"
#include "cedar/set.h"

struct result {		/* of all policies tried; arrays have room for all */
	size_t		*permits, *forbids;
	struct cedar_failure *failures;
	size_t		 n_permits, n_forbids, n_failures;
	bool		 unsure, forbid_failed;
};

static int
number_qcmp(const void *a, const void *b)
{
	const uint32_t *na = a, *nb = b;

	return (*na > *nb) - (*na < *nb);
}

static int
add_all(struct mem *m, struct vec *list, const struct index_entry *e,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t *at = vec_add(m, list, sizeof(*at));

		if (at == NULL)
			return -ENOMEM;
		*at = e[i].policy;
	}
	return 0;
}

/* Policies that name this entity or one above it. */
static int
add_about(struct eval *ev, const struct cedar_set *set,
    enum index_kind kind, const struct uid *uid, struct vec *list)
{
	const struct index_entry *e;
	struct above above;
	size_t n;
	int r;

	n = set_lookup(set, kind, uid, &e);
	r = add_all(ev->m, list, e, n);
	if (r < 0 || !eval_above(ev, uid, &above))
		return -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < above.n; i++) {
		n = set_lookup(set, kind,
		    &ev->store->nodes[above.list[i]].uid, &e);
		r = add_all(ev->m, list, e, n);
	}
	return r;
}

/* Numbers of the policies to try, rising, none twice. */
static int
candidates(struct eval *ev, const struct cedar_set *set, struct vec *ret)
{
	uint32_t *list;
	size_t kept = 0;
	int r = 0;

	for (size_t i = 0; i < set->n_always; i++) {
		uint32_t *at = vec_add(ev->m, ret, sizeof(*at));

		if (at == NULL)
			return -ENOMEM;
		*at = set->always[i];
	}
	r = add_about(ev, set, I_PRINCIPAL, &ev->req->principal, ret);
	if (r == 0)
		r = add_about(ev, set, I_ACTION, &ev->req->action, ret);
	if (r == 0)
		r = add_about(ev, set, I_RESOURCE, &ev->req->resource, ret);
	if (r < 0)
		return r;
	list = ret->p;
	if (ret->n > 1)
		qsort(list, ret->n, sizeof(*list), number_qcmp);
	for (size_t i = 0; i < ret->n; i++)
		if (kept == 0 || list[kept - 1] != list[i])
			list[kept++] = list[i];
	ret->n = kept;
	return 0;
}

static void
try_policy(struct eval *ev, const struct policy *p, size_t number,
    struct result *res)
{
	switch (eval_policy(ev, p)) {
	case EVAL_NO:
		return;
	case EVAL_FAILED:
		res->failures[res->n_failures++] = (struct cedar_failure){
		    .policy = number, .why = ev->why,
		    .line = ev->line, .column = ev->column };
		res->forbid_failed |= !p->permit;
		return;
	case EVAL_UNKNOWN:	/* may permit, does not forbid yet; or both
				 * the other way round */
		res->unsure = true;
		if (p->permit == ev->req->doubt_denies)
			return;
		break;
	case EVAL_YES:
		break;
	}
	if (p->permit)
		res->permits[res->n_permits++] = number;
	else
		res->forbids[res->n_forbids++] = number;
}

static void
answer(const struct result *res, struct cedar_answer *ret)
{
	bool forbidden = res->n_forbids > 0;

	*ret = (struct cedar_answer){
		.decision = !forbidden && res->n_permits > 0 ? CEDAR_ALLOW :
		    CEDAR_DENY,
		.reasons = forbidden ? res->forbids : res->permits,
		.n_reasons = forbidden ? res->n_forbids : res->n_permits,
		.failures = res->failures,
		.n_failures = res->n_failures,
		.forbid_failed = res->forbid_failed,
		.unsure = res->unsure,
	};
}

int
cedar_authorize(const struct cedar_set *set, struct cedar_store *store,
    const struct cedar_request *req, struct mem *m, struct cedar_answer *ret)
{
	const struct policy *policies = set->policies.p;
	struct result res = { 0 };
	struct vec list = { 0 };
	struct eval ev;

	if (!set->indexed)
		return -EINVAL;
	eval_init(&ev, store, req, m);
	if (candidates(&ev, set, &list) < 0)
		return -ENOMEM;
	res.permits = mem_get(m, list.n + 1, sizeof(*res.permits));
	res.forbids = mem_get(m, list.n + 1, sizeof(*res.forbids));
	res.failures = mem_get(m, list.n + 1, sizeof(*res.failures));
	if (res.permits == NULL || res.forbids == NULL ||
	    res.failures == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < list.n; i++) {
		uint32_t number = ((const uint32_t *)list.p)[i];

		try_policy(&ev, &policies[number], number, &res);
	}
	answer(&res, ret);
	return 0;
}

bool
cedar_policy_unmet(const struct cedar_set *set, struct cedar_store *store,
    const struct cedar_request *req, struct mem *m, size_t i,
    unsigned *ret_line, unsigned *ret_column)
{
	const struct policy *policies = set->policies.p;
	const struct expr *x;
	struct eval ev;

	if (cedar_policy_is_template(set, i))
		return false;
	eval_init(&ev, store, req, m);
	x = eval_unmet(&ev, &policies[i]);
	if (x == NULL)
		return false;
	*ret_line = x->line;
	*ret_column = x->column;
	return true;
}
