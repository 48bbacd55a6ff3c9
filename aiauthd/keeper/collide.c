/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * collide.c - derived ids that meet.
 *
 * Among a hundred thousand objects in the default range there are some twenty
 * pairs; the database is asked only about these.
 */
#include "config.h"

#include "aiauthd/keeper/collide.h"

#include <errno.h>
#include <stdlib.h>

/* Whether ?1 goes before ?2; one without a date is a late one. */
static const char before_sql[] =
    "SELECT (ax.place, coalesce(a.created_s, 9223372036854775807), ao.object_id,"
    " ax.name) < (bx.place, coalesce(b.created_s, 9223372036854775807), bo.object_id,"
    " bx.name)"
    " FROM raw a JOIN object ao ON ao.id = a.object"
    " JOIN source ax ON ax.id = a.source,"
    " raw b JOIN object bo ON bo.id = b.object"
    " JOIN source bx ON bx.id = b.source"
    " WHERE a.object = ?1 AND b.object = ?2";

static int
sort_by_id(const void *a, const void *b)
{
	const struct candidate *x = *(struct candidate *const *)a;
	const struct candidate *y = *(struct candidate *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int
goes_before(struct db_stmt *st, const struct candidate *a,
    const struct candidate *b, bool *ret)
{
	int r;

	if (a->id_owned || b->id_owned) {
		*ret = a->id_owned;
		return 0;
	}
	db_bind_int(st, 1, a->object);
	db_bind_int(st, 2, b->object);
	r = db_step(st);
	if (r == 0)
		r = AIA_EDAMAGED;
	if (r > 0) {
		*ret = db_col_int(st, 0, 0, 1) != 0;
		r = db_row_end(st);
	}
	db_reset(st);
	return r;
}

static int
run_settle(struct db_stmt *st, struct candidate **run, size_t n)
{
	struct candidate *first = run[0];
	bool before = false;
	int r;

	for (size_t i = 1; i < n; i++) {
		r = goes_before(st, run[i], first, &before);
		if (r < 0)
			return r;
		if (before)
			first = run[i];
	}
	for (size_t i = 0; i < n; i++)
		if (run[i] != first && run[i]->reason == REASON_NONE)
			run[i]->reason = REASON_ID_COLLIDES;
	return 0;
}

static int
runs_settle(struct db *db, struct candidate **v, size_t n)
{
	struct db_stmt *st = NULL;
	size_t end;
	int r;

	r = db_prepare(db, before_sql, &st);
	for (size_t at = 0; r == 0 && at < n; at = end) {
		for (end = at + 1; end < n && v[end]->id == v[at]->id; end++)
			;
		r = run_settle(st, v + at, end - at);
	}
	db_stmt_free(st);
	return r;
}

int
collide_settle(struct db *db, struct model *m)
{
	struct candidate **v;
	size_t n = 0;
	int r = 0;

	v = calloc(model_len(m) + 1, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < model_len(m); i++)
		if (model_at(m, i)->id_derived)
			v[n++] = model_at(m, i);
	if (n > 0) {
		qsort(v, n, sizeof(*v), sort_by_id);
		r = runs_settle(db, v, n);
	}
	free(v);
	return r;
}
