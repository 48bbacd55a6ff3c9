/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.c - all objects together: who meets whom in names and ids.
 *
 * Each rule sorts an array of pointers and looks at runs of equals, so that
 * the outcome does not depend on the order in which records came.
 */
#include "config.h"

#include "aiauthd/keeper/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/grow.h"

struct model {
	struct candidate	*v;
	size_t			 n, cap;
};

typedef int cmp_fn(const struct candidate *a, const struct candidate *b);
typedef void run_fn(struct candidate **run, size_t n);

int
model_new(struct model **ret)
{
	struct model *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -ENOMEM;
	*ret = m;
	return 0;
}

void
model_free(struct model *m)
{
	if (m == NULL)
		return;
	free(m->v);
	free(m);
}

int
model_add(struct model *m, const struct candidate *c)
{
	struct candidate *v = grow_one(m->v, m->n, &m->cap, sizeof(*v));

	if (v == NULL)
		return -ENOMEM;
	m->v = v;
	v[m->n++] = *c;
	return 0;
}

size_t
model_len(const struct model *m)
{
	return m->n;
}

struct candidate *
model_at(struct model *m, size_t i)
{
	return &m->v[i];
}

static int
object_cmp(const void *key, const void *item)
{
	const int64_t *object = key;
	const struct candidate *c = item;

	return *object < c->object ? -1 : *object > c->object;
}

struct candidate *
model_find(struct model *m, int64_t object)
{
	if (m->n == 0)
		return NULL;
	return bsearch(&object, m->v, m->n, sizeof(*m->v), object_cmp);
}

static void
refuse(struct candidate *c, enum reason reason)
{
	if (c->reason == REASON_NONE)
		c->reason = (uint8_t)reason;
}

static int
by_name(const struct candidate *a, const struct candidate *b)
{
	int c = (int)a->kind - (int)b->kind;

	return c != 0 ? c : strcmp(a->name.s, b->name.s);
}

static int
by_id(const struct candidate *a, const struct candidate *b)
{
	return a->id < b->id ? -1 : a->id > b->id;
}

static int
by_name_of_group(const struct candidate *a, const struct candidate *b)
{
	return strcmp(a->name.s, b->name.s);
}

/* Neighbours that are equal by cmp are one run. */
static void
runs(struct candidate **v, size_t n, cmp_fn *cmp, run_fn *settle)
{
	size_t end;

	for (size_t at = 0; at < n; at = end) {
		for (end = at + 1; end < n && cmp(v[at], v[end]) == 0; end++)
			;
		if (end - at > 1)
			settle(v + at, end - at);
	}
}

/*
 * Against those of a later source the earliest stands; within it one that is
 * held stands against those that came, so that a listing whose objects all
 * have new ids does not take the names of the people it would remove.
 */
static void
settle_names(struct candidate **run, size_t n)
{
	uint32_t first = UINT32_MAX;
	size_t n_first = 0, n_held = 0;

	for (size_t i = 0; i < n; i++)
		if (run[i]->place < first)
			first = run[i]->place;
	for (size_t i = 0; i < n; i++) {
		n_first += run[i]->place == first;
		n_held += run[i]->place == first && run[i]->held;
	}
	for (size_t i = 0; i < n; i++) {
		if (run[i]->place != first || (n_held == 1 && !run[i]->held))
			refuse(run[i], REASON_NAME_SHADOWED);
		else if (n_first > 1 && n_held != 1)
			refuse(run[i], REASON_NAME_TWICE);
	}
}

static bool
is_private_of(const struct candidate *group, const struct candidate *user)
{
	return group->kind == STORE_GROUP && user->kind == STORE_USER &&
	    aia_name_eq(&group->name, &user->name) && user->gid == user->id;
}

/*
 * Those of later sources are refused; the others come to the front: how many.
 * What a later source says of an id or a name is no reason to refuse anything
 * to an earlier one.
 */
static size_t
earliest(struct candidate **run, size_t n, enum reason reason)
{
	uint32_t first = UINT32_MAX;
	size_t n_first = 0;

	for (size_t i = 0; i < n; i++)
		if (run[i]->place < first)
			first = run[i]->place;
	for (size_t i = 0; i < n; i++) {
		if (run[i]->place == first)
			run[n_first++] = run[i];
		else
			refuse(run[i], reason);
	}
	return n_first;
}

static void
settle_ids(struct candidate **run, size_t n_run)
{
	size_t n = earliest(run, n_run, REASON_ID_TWICE);
	const struct candidate *owner = NULL;

	if (n == 1)
		return;
	if (n == 2 && is_private_of(run[0], run[1]))
		owner = run[1];
	if (owner == NULL && n == 2 && is_private_of(run[1], run[0]))
		owner = run[0];
	for (size_t i = 0; i < n; i++) {
		if (run[i] == owner)
			continue;
		refuse(run[i], owner == NULL ? REASON_ID_TWICE :
		    REASON_NAME_OF_USER);
	}
}

/* At most one user and one group are left of each name here. */
static void
settle_private(struct candidate **run, size_t n)
{
	struct candidate *user = NULL, *group = NULL;

	for (size_t i = 0; i < n; i++) {
		if (run[i]->kind == STORE_GROUP)
			group = run[i];
		else if (run[i]->gid == run[i]->id)
			user = run[i];
	}
	if (user == NULL || group == NULL)
		return;
	if (group->place < user->place)
		refuse(user, REASON_NAME_SHADOWED);
	else
		refuse(group, REASON_NAME_OF_USER);
}

static int
sort_by_name(const void *a, const void *b)
{
	return by_name(*(struct candidate *const *)a,
	    *(struct candidate *const *)b);
}

static int
sort_by_id(const void *a, const void *b)
{
	return by_id(*(struct candidate *const *)a,
	    *(struct candidate *const *)b);
}

static int
sort_by_name_of_group(const void *a, const void *b)
{
	return by_name_of_group(*(struct candidate *const *)a,
	    *(struct candidate *const *)b);
}

/* What is gone, and was not served anyway, stands in nobody's way. */
static bool
has_name(const struct candidate *c)
{
	return c->has_name && !(c->held && c->reason != REASON_NONE);
}

static bool
is_served(const struct candidate *c)
{
	return c->reason == REASON_NONE;
}

static bool
has_id(const struct candidate *c)
{
	return is_served(c) && c->id != 0;
}

static const struct {
	bool	(*takes_part)(const struct candidate *c);
	int	(*sort)(const void *a, const void *b);
	cmp_fn	*cmp;
	run_fn	*settle;
} steps[] = {
	{ has_name, sort_by_name, by_name, settle_names },
	{ has_id, sort_by_id, by_id, settle_ids },
	{ has_id, sort_by_name_of_group, by_name_of_group, settle_private },
};

/* gids of the groups served, sorted, in v: how many. */
static size_t
groups_served(struct model *m, struct candidate **v)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].kind == STORE_GROUP && has_id(&m->v[i]))
			v[n++] = &m->v[i];
	qsort(v, n, sizeof(*v), sort_by_id);
	return n;
}

static void
settle_primary(struct model *m, struct candidate **v)
{
	size_t n = groups_served(m, v);

	for (size_t i = 0; i < m->n; i++) {
		struct candidate want = { .id = m->v[i].gid }, *key = &want;
		struct candidate **group;

		if (m->v[i].kind != STORE_USER || m->v[i].gid == m->v[i].id ||
		    m->v[i].gid_is_group)
			continue;
		group = bsearch(&key, v, n, sizeof(*v), sort_by_id);
		/* Nobody puts his people into a group of an earlier source. */
		if (group == NULL || (*group)->place < m->v[i].place)
			refuse(&m->v[i], REASON_GROUP_UNKNOWN);
	}
}

int
model_settle(struct model *m)
{
	struct candidate **v;

	if (m->n == 0)
		return 0;
	v = calloc(m->n, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		size_t n = 0;

		for (size_t i = 0; i < m->n; i++)
			if (steps[s].takes_part(&m->v[i]))
				v[n++] = &m->v[i];
		qsort(v, n, sizeof(*v), steps[s].sort);
		runs(v, n, steps[s].cmp, steps[s].settle);
	}
	settle_primary(m, v);
	free(v);
	return 0;
}
