/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * index.c - which policies a request can concern at all.
 */
#include <errno.h>
#include <stdlib.h>

#include "cedar/set.h"

static int
entry_uid_cmp(const struct index_entry *a, enum index_kind kind,
    const struct uid *uid)
{
	int c;

	if (a->kind != kind)
		return a->kind < kind ? -1 : 1;
	if (a->uid->hash != uid->hash)
		return a->uid->hash < uid->hash ? -1 : 1;
	c = str_cmp(a->uid->type, uid->type);
	return c != 0 ? c : str_cmp(a->uid->id, uid->id);
}

static int
entry_qcmp(const void *a, const void *b)
{
	const struct index_entry *ea = a, *eb = b;
	int c = entry_uid_cmp(ea, eb->kind, eb->uid);

	return c != 0 ? c : (ea->policy > eb->policy) -
	    (ea->policy < eb->policy);
}

/* The first entry that is not before (kind, uid), or that is behind it. */
static size_t
bound(const struct cedar_set *set, enum index_kind kind,
    const struct uid *uid, bool behind)
{
	size_t lo = 0, hi = set->n_index;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = entry_uid_cmp(&set->index[mid], kind, uid);

		if (c < 0 || (behind && c == 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
set_lookup(const struct cedar_set *set, enum index_kind kind,
    const struct uid *uid, const struct index_entry **ret)
{
	size_t from = bound(set, kind, uid, false);

	*ret = set->index + from;
	if (from == set->n_index ||
	    entry_uid_cmp(*ret, kind, uid) != 0)
		return 0;
	return bound(set, kind, uid, true) - from;
}

/* Entities that this part of a scope names: uids, in a row. */
static const struct uid *
named(const struct scope *s, size_t *ret_n)
{
	*ret_n = s->op == S_IN_LIST ? s->n : 1;
	switch (s->op) {
	case S_EQ:
	case S_IN:
	case S_IS_IN:
		return s->e;
	case S_IN_LIST:
		return s->list;
	case S_ANY:
	case S_IS:
		break;
	}
	return NULL;
}

static const struct scope *
part(const struct policy *p, enum index_kind kind)
{
	return kind == I_PRINCIPAL ? &p->principal :
	    kind == I_ACTION ? &p->action : &p->resource;
}

static void
add_entries(struct cedar_set *set, const struct policy *p,
    enum index_kind kind, uint32_t number)
{
	size_t n;
	const struct uid *uid = named(part(p, kind), &n);

	for (size_t i = 0; uid != NULL && i < n; i++)
		set->index[set->n_index++] = (struct index_entry){
		    .kind = kind, .uid = uid + i, .policy = number };
}

/* How many policies name what this one names there; SIZE_MAX: it names none. */
static size_t
company(const struct cedar_set *set, const struct policy *p,
    enum index_kind kind)
{
	const struct index_entry *e;
	size_t n, sum = 0;
	const struct uid *uid = named(part(p, kind), &n);

	for (size_t i = 0; uid != NULL && i < n; i++)
		sum += set_lookup(set, kind, uid + i, &e);
	return uid == NULL ? SIZE_MAX : sum;
}

static size_t
count_entries(const struct policy *p, size_t n_policies)
{
	size_t total = 0, n;

	for (size_t i = 0; i < n_policies; i++)
		for (enum index_kind k = I_PRINCIPAL; k <= I_RESOURCE; k++)
			if (named(part(&p[i], k), &n) != NULL)
				total += n;
	return total;
}

static void
choose(const struct cedar_set *set, const struct policy *p,
    enum index_kind *kinds)
{
	for (size_t i = 0; i < set->policies.n; i++) {
		size_t least = SIZE_MAX;

		for (enum index_kind k = I_PRINCIPAL; k <= I_RESOURCE; k++) {
			size_t n = company(set, &p[i], k);

			if (n < least) {
				least = n;
				kinds[i] = k;
			}
		}
	}
}

int
cedar_set_index(struct cedar_set *set)
{
	const struct policy *p = set->policies.p;
	size_t n = set->policies.n, cap = count_entries(p, n);
	enum index_kind *kinds = calloc(n + 1, sizeof(*kinds));
	int r = -ENOMEM;

	set->index = mem_get(&set->mem, cap + 1, sizeof(*set->index));
	set->always = mem_get(&set->mem, n + 1, sizeof(*set->always));
	if (kinds == NULL || set->index == NULL || set->always == NULL)
		goto out;
	set->n_index = set->n_always = 0;
	for (size_t i = 0; i < n; i++)
		for (enum index_kind k = I_PRINCIPAL; k <= I_RESOURCE; k++)
			add_entries(set, &p[i], k, (uint32_t)i);
	qsort(set->index, set->n_index, sizeof(*set->index), entry_qcmp);
	choose(set, p, kinds);
	set->n_index = 0;
	for (size_t i = 0; i < n; i++) {
		if (policy_is_template(&p[i]))
			continue;
		if (kinds[i] == 0)
			set->always[set->n_always++] = (uint32_t)i;
		else
			add_entries(set, &p[i], kinds[i], (uint32_t)i);
	}
	qsort(set->index, set->n_index, sizeof(*set->index), entry_qcmp);
	set->indexed = true;
	r = 0;
out:
	free(kinds);
	return r;
}
