/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * absence.c - what a full and complete listing did not show.
 */
#include "config.h"

#include "aiauthd/keeper/absence.h"

#include "aiauthd/keeper/store.h"

#define ABSENT "FROM raw WHERE source = ?1 AND kind = ?2" \
	" AND object IN (SELECT object FROM temp.absent)"

enum { A_COUNT, A_CONFIRM_GRP, A_CONFIRM_MEM, A_CONFIRM, A_HOLD, A_DROP_GRP,
	A_DROP_MEM, A_DROP, A_CLEAR, A_OBJECTS, A_PUT, N_ABSENCE };

static const char *const absence_sql[N_ABSENCE] = {
	[A_COUNT] = "SELECT count(*) " ABSENT,
	[A_CONFIRM_GRP] = "DELETE FROM member WHERE grp IN"
	    " (SELECT object " ABSENT " AND missing <> 0)",
	[A_CONFIRM_MEM] = "DELETE FROM member WHERE member IN"
	    " (SELECT object " ABSENT " AND missing <> 0)",
	[A_CONFIRM] = "DELETE " ABSENT " AND missing <> 0",
	[A_HOLD] = "UPDATE raw SET missing = 1 WHERE missing = 0"
	    " AND object IN (SELECT object " ABSENT ")",
	[A_DROP_GRP] = "DELETE FROM member WHERE grp IN"
	    " (SELECT object " ABSENT ")",
	[A_DROP_MEM] = "DELETE FROM member WHERE member IN"
	    " (SELECT object " ABSENT ")",
	[A_DROP] = "DELETE " ABSENT,
	[A_CLEAR] = "DELETE FROM temp.absent",
	[A_OBJECTS] = "SELECT object FROM raw WHERE source = ?1",
	[A_PUT] = "INSERT INTO temp.absent VALUES (?1)",
};

struct absence {
	struct db	*db;
	struct db_stmt	*st[N_ABSENCE];
	int64_t		 source;
	bool		 changed;
};

/* As a rule there are few, and SQL is told only of these. */
static int
absent_find(struct absence *ab, const struct objset *seen)
{
	struct db_stmt *st = ab->st[A_OBJECTS];
	int r;

	r = db_run(ab->st[A_CLEAR]);
	if (r < 0)
		return r;
	db_bind_int(st, 1, ab->source);
	while ((r = db_step(st)) > 0) {
		int64_t object = db_col_int(st, 0, 1, INT64_MAX);

		r = db_row_end(st);
		if (r == 0 && !objset_has(seen, object)) {
			db_bind_int(ab->st[A_PUT], 1, object);
			r = db_run(ab->st[A_PUT]);
		}
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

/* One or several statements over what is absent. */
static int
absent_run(struct absence *ab, int first, int last, int kind)
{
	int r = 0;

	for (int i = first; r == 0 && i <= last; i++) {
		db_bind_int(ab->st[i], 1, ab->source);
		db_bind_int(ab->st[i], 2, kind);
		r = db_run(ab->st[i]);
		if (r == 0 && db_changes(ab->db) > 0)
			ab->changed = true;
	}
	return r;
}

static int
absent_count(struct absence *ab, int kind, int64_t *ret)
{
	struct db_stmt *st = ab->st[A_COUNT];
	int r;

	db_bind_int(st, 1, ab->source);
	db_bind_int(st, 2, kind);
	r = db_step(st);
	if (r > 0) {
		*ret = db_col_int(st, 0, 0, INT64_MAX);
		r = db_row_end(st);
	}
	db_reset(st);
	return r;
}

static int
kind_run(struct absence *ab, int kind, int64_t n_before,
    const struct apply_rules *rules)
{
	int64_t n = 0;
	int r = 0;

	if (rules->confirm)
		r = absent_run(ab, A_CONFIRM_GRP, A_CONFIRM, kind);
	if (r == 0)
		r = absent_count(ab, kind, &n);
	if (r < 0 || n == 0)
		return r;
	if (n > rules->shrink_users &&
	    n * 100 > n_before * (int64_t)rules->shrink_percent)
		return absent_run(ab, A_HOLD, A_HOLD, kind);
	return absent_run(ab, A_DROP_GRP, A_DROP, kind);
}

int
absence_run(struct db *db, int64_t source, const struct absence_before *before,
    const struct objset *seen, const struct apply_rules *rules,
    bool *ret_changed)
{
	struct absence ab = { .db = db, .source = source };
	int r;

	r = store_prepare(db, absence_sql, N_ABSENCE, ab.st);
	if (r < 0)
		return r;
	r = absent_find(&ab, seen);
	if (r == 0)
		r = kind_run(&ab, STORE_USER, before->users, rules);
	if (r == 0)
		r = kind_run(&ab, STORE_GROUP, before->groups, rules);
	store_release(ab.st, N_ABSENCE);
	if (r == 0)
		*ret_changed = ab.changed;
	return r;
}

int
absence_before(struct db *db, int64_t source, struct absence_before *ret)
{
	int r;

	r = store_count(db, "SELECT count(*) FROM raw WHERE source = ?1"
	    " AND kind = 1", source, &ret->users);
	return r < 0 ? r : store_count(db, "SELECT count(*) FROM raw"
	    " WHERE source = ?1 AND kind = 2", source, &ret->groups);
}

int
absence_held(struct db *db, int64_t source, int64_t *ret)
{
	return store_count(db, "SELECT count(*) FROM raw WHERE source = ?1"
	    " AND missing <> 0", source, ret);
}
