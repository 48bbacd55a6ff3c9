/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nest.c - groups inside groups.
 */
#include "config.h"

#include "aiauthd/keeper/nest.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "aiauthd/keeper/grow.h"

struct nest {
	struct group {
		int64_t	object;
		size_t	first, n;	/* in edges */
		uint64_t seen;		/* the walk that was here last */
	}	*groups;		/* sorted by object */
	size_t	 n_groups, groups_cap;
	size_t	*edges;			/* numbers of groups */
	size_t	 n_edges, edges_cap;
	size_t	*queue;			/* of a walk: n_groups of room */
	int64_t	*reached;		/* the same as objects */
	uint64_t walk;
};

static int
group_add(struct nest *ne, int64_t object)
{
	struct group *v;

	v = grow_one(ne->groups, ne->n_groups, &ne->groups_cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	ne->groups = v;
	v[ne->n_groups++] = (struct group){ .object = object };
	return 0;
}

static int
edge_add(struct nest *ne, size_t to)
{
	size_t *v;

	v = grow_one(ne->edges, ne->n_edges, &ne->edges_cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	ne->edges = v;
	v[ne->n_edges++] = to;
	return 0;
}

static int
object_cmp(const void *key, const void *item)
{
	const int64_t *object = key;
	const struct group *group = item;

	return *object < group->object ? -1 : *object > group->object;
}

static struct group *
group_find(struct nest *ne, int64_t object)
{
	if (ne->n_groups == 0)
		return NULL;
	return bsearch(&object, ne->groups, ne->n_groups, sizeof(*ne->groups),
	    object_cmp);
}

static int
groups_load(struct nest *ne, struct db *db)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, "SELECT object FROM raw WHERE kind = 2"
	    " AND defect IS NULL ORDER BY object", &st);
	while (r == 0 && (r = db_step(st)) > 0) {
		int64_t object = db_col_int(st, 0, 1, INT64_MAX);

		r = db_row_end(st);
		if (r == 0)
			r = group_add(ne, object);
	}
	db_stmt_free(st);
	return r;
}

/* In order of the group, so that the edges of one lie together. */
static int
edges_load(struct nest *ne, struct db *db)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, "SELECT m.grp, m.member FROM raw r"
	    " JOIN member m ON m.member = r.object WHERE r.kind = 2"
	    " ORDER BY m.grp", &st);
	while (r == 0 && (r = db_step(st)) > 0) {
		struct group *from, *to;

		from = group_find(ne, db_col_int(st, 0, 1, INT64_MAX));
		to = group_find(ne, db_col_int(st, 1, 1, INT64_MAX));
		r = db_row_end(st);
		if (r < 0 || from == NULL || to == NULL)
			continue;
		if (from->n == 0)
			from->first = ne->n_edges;
		from->n++;
		r = edge_add(ne, (size_t)(to - ne->groups));
	}
	db_stmt_free(st);
	return r;
}

int
nest_load(struct db *db, struct nest **ret)
{
	struct nest *ne = calloc(1, sizeof(*ne));
	int r;

	if (ne == NULL)
		return -ENOMEM;
	r = groups_load(ne, db);
	if (r == 0)
		r = edges_load(ne, db);
	if (r < 0)
		goto out;
	ne->queue = calloc(ne->n_groups + 1, sizeof(*ne->queue));
	ne->reached = calloc(ne->n_groups + 1, sizeof(*ne->reached));
	if (ne->queue == NULL || ne->reached == NULL) {
		r = -ENOMEM;
		goto out;
	}
	*ret = ne;
	ne = NULL;
out:
	nest_free(ne);
	return r;
}

void
nest_free(struct nest *ne)
{
	if (ne == NULL)
		return;
	free(ne->groups);
	free(ne->edges);
	free(ne->queue);
	free(ne->reached);
	free(ne);
}

static void
visit(struct nest *ne, size_t group, size_t *n)
{
	if (ne->groups[group].seen == ne->walk)
		return;
	ne->groups[group].seen = ne->walk;
	ne->queue[*n] = group;
	ne->reached[(*n)++] = ne->groups[group].object;
}

void
nest_reach(struct nest *ne, int64_t group, const int64_t **ret, size_t *ret_n)
{
	const struct group *start = group_find(ne, group);
	size_t at = 0, n = 0;

	ne->walk++;
	if (start != NULL)
		visit(ne, (size_t)(start - ne->groups), &n);
	for (unsigned depth = 0; depth < NEST_DEPTH_MAX && at < n; depth++) {
		size_t level_end = n;

		for (; at < level_end; at++) {
			const struct group *g = &ne->groups[ne->queue[at]];

			for (size_t i = 0; i < g->n; i++)
				visit(ne, ne->edges[g->first + i], &n);
		}
	}
	*ret = ne->reached;
	*ret_n = n;
}
