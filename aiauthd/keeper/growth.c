/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * growth.c - the alarm when a role that gives a local group grows suddenly.
 */
#include "config.h"

#include "aiauthd/keeper/growth.h"

#include <string.h>

#include "aiauthd/keeper/store.h"
#include "base/log.h"

enum { Q_GET, Q_PUT, Q_LIST, Q_EMPTY, N_QUERIES };

static const char *const queries[N_QUERIES] = {
	[Q_GET] = "SELECT members, base, base_s, grew_s, grew_from FROM growth"
	    " WHERE label = ?1",
	[Q_PUT] = "INSERT OR REPLACE INTO growth VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6)",
	[Q_LIST] = "SELECT label FROM growth",
	[Q_EMPTY] = "UPDATE growth SET members = 0, base = 0 WHERE label = ?1"
	    " AND (members, base) <> (0, 0)",
};

static int
noted_get(struct db_stmt *st, const char *label, struct growth *ret)
{
	struct growth noted = { 0 };
	int r;

	db_bind_text(st, 1, label);
	r = db_step(st);
	if (r == 0)
		r = AIA_ENOUSER;
	if (r > 0) {
		noted.members = db_col_int(st, 0, 0, INT64_MAX);
		noted.base = db_col_int(st, 1, 0, INT64_MAX);
		noted.base_s = db_col_int(st, 2, 0, INT64_MAX);
		noted.grew_s = db_col_int(st, 3, 0, INT64_MAX);
		noted.grew_from = db_col_int(st, 4, 0, INT64_MAX);
		r = db_row_end(st);
	}
	db_reset(st);
	if (r == 0)
		*ret = noted;
	return r;
}

static int
noted_put(struct db_stmt *st, const char *label, const struct growth *noted)
{
	db_bind_text(st, 1, label);
	db_bind_int(st, 2, noted->members);
	db_bind_int(st, 3, noted->base);
	db_bind_int(st, 4, noted->base_s);
	db_bind_int(st, 5, noted->grew_s);
	db_bind_int(st, 6, noted->grew_from);
	return db_run(st);
}

/* The base follows a role that shrinks, so that growing back is seen. */
static void
base_follow(struct growth *noted, int64_t members, int64_t now_s)
{
	if (now_s - noted->base_s > GROWTH_WITHIN_S ||
	    now_s < noted->base_s) {
		noted->base = noted->members;
		noted->base_s = now_s;
	}
	if (members < noted->base)
		noted->base = members;
}

static int
one_note(struct db_stmt **q, const struct growth_count *count, int64_t now_s)
{
	struct growth noted = { .members = -1, .base = count->members,
	    .base_s = now_s };
	int r;

	r = noted_get(q[Q_GET], count->label, &noted);
	if (r < 0 && r != AIA_ENOUSER)
		return r;
	if (noted.members == count->members)
		return 0;
	base_follow(&noted, count->members, now_s);
	if (count->members > noted.base * GROWTH_FACTOR &&
	    count->members > noted.base + GROWTH_MEMBERS) {
		log_event(LOG_WARNING, "directory.role_grew",
		    LOG_STR("role", count->label),
		    LOG_I64("from", noted.base),
		    LOG_I64("to", count->members));
		noted.grew_s = now_s;
		noted.grew_from = noted.base;
		noted.base = count->members;
		noted.base_s = now_s;
	}
	noted.members = count->members;
	return noted_put(q[Q_PUT], count->label, &noted);
}

static bool
is_counted(const struct growth_count *counts, size_t n, const char *label)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(label, counts[i].label) == 0)
			return true;
	return false;
}

/* A role that goes and comes back with many is no new one. */
static int
others_empty(struct db_stmt **q, const struct growth_count *counts, size_t n)
{
	char label[CONF_VALUE_MAX + 1];
	int r;

	while ((r = db_step(q[Q_LIST])) > 0) {
		db_col_str(q[Q_LIST], 0, label, sizeof(label));
		r = db_row_end(q[Q_LIST]);
		if (r == 0 && !is_counted(counts, n, label)) {
			db_bind_text(q[Q_EMPTY], 1, label);
			r = db_run(q[Q_EMPTY]);
		}
		if (r < 0)
			break;
	}
	db_reset(q[Q_LIST]);
	return r;
}

int
growth_note(struct db *db, const struct growth_count *counts, size_t n,
    int64_t now_s)
{
	struct db_stmt *q[N_QUERIES];
	int r;

	r = store_prepare(db, queries, N_QUERIES, q);
	if (r < 0)
		return r;
	r = db_begin(db);
	if (r < 0)
		goto out;
	r = others_empty(q, counts, n);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = one_note(q, &counts[i], now_s);
	if (r == 0)
		r = db_commit(db);
	if (r < 0)
		db_rollback(db);
out:
	store_release(q, N_QUERIES);
	return r;
}

int
growth_get(struct db *db, const char *label, struct growth *ret)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, queries[Q_GET], &st);
	if (r == 0)
		r = noted_get(st, label, ret);
	db_stmt_free(st);
	return r;
}
