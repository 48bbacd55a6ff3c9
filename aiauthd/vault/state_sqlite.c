/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state_sqlite.c - the state of one host, in state.db.
 *
 * A batch is one SQLite transaction, and so one fsync; each question's commit
 * is a savepoint in it.  A file that is damaged, not ours or newer than we are
 * is left alone: losing it would make used codes work again.
 */
#include "config.h"

#include "aiauthd/vault/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/db.h"

/* A row that was deleted and made again must not look like the old one: the
 * revision counts commits of the whole database, in one row of its own. */
static const char *const schema[STATE_VERSION] = {
	"CREATE TABLE state ("
	" key TEXT NOT NULL PRIMARY KEY CHECK (typeof(key) = 'text'),"
	" value BLOB NOT NULL CHECK (typeof(value) = 'blob'),"
	" revision INTEGER NOT NULL CHECK (revision > 0),"
	" expires_s INTEGER NOT NULL CHECK (expires_s >= 0)"
	") WITHOUT ROWID;"
	"CREATE INDEX state_expires ON state (expires_s) WHERE expires_s > 0;"
	"CREATE TABLE counter (revision INTEGER NOT NULL);"
	"INSERT INTO counter VALUES (0);",
};

enum query {
	Q_GET, Q_RANGE, Q_SEEK, Q_REVISION, Q_COUNT, Q_PUT, Q_DELETE,
	Q_DELETE_PREFIX, Q_SWEEP, N_QUERIES,
};

/* A prefix is a range of keys: '\x7f' follows every byte a key may hold. */
static const char *const queries[N_QUERIES] = {
	[Q_GET] = "SELECT key, value, revision, expires_s FROM state"
	    " WHERE key = ?1 AND (expires_s = 0 OR expires_s > ?2)",
	[Q_RANGE] = "SELECT key, value, revision, expires_s FROM state"
	    " WHERE key >= ?1 AND key < ?1 || char(127)"
	    " AND (expires_s = 0 OR expires_s > ?2) ORDER BY key",
	[Q_SEEK] = "SELECT key FROM state"
	    " WHERE key >= ?1 AND key < ?3 || char(127)"
	    " AND (expires_s = 0 OR expires_s > ?2) ORDER BY key LIMIT 1",
	[Q_REVISION] = "SELECT revision FROM counter",
	[Q_COUNT] = "UPDATE counter SET revision = revision + 1",
	[Q_PUT] = "INSERT OR REPLACE INTO state"
	    " (key, value, revision, expires_s) VALUES (?1, ?2, ?3, ?4)",
	[Q_DELETE] = "DELETE FROM state WHERE key = ?1",
	[Q_DELETE_PREFIX] = "DELETE FROM state"
	    " WHERE key >= ?1 AND key < ?1 || char(127)",
	[Q_SWEEP] = "DELETE FROM state WHERE expires_s > 0 AND expires_s <= ?1",
};

struct store {
	struct state	 state;		/* first */
	struct db	*db;
	struct db_stmt	*q[N_QUERIES];
	int64_t		 now_s;		/* of the batch */
};

static struct store *
store_of(struct state *st)
{
	return (struct store *)st;
}

static void
sqlite_close(struct state *st)
{
	struct store *s = store_of(st);

	if (s == NULL)
		return;
	for (size_t i = 0; i < N_QUERIES; i++)
		db_stmt_free(s->q[i]);
	db_close(s->db);
	free(s);
}

static int
sqlite_open(const struct paths *paths, struct state **ret)
{
	char path[AIA_PATH_MAX];
	struct store *s = NULL;
	int r;

	r = path_join(paths->state, STATE_FILE, path);
	if (r < 0)
		goto out;
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		r = -ENOMEM;
		goto out;
	}
	s->state.ops = &state_sqlite;
	r = db_open(path, DB_OWN, &s->db);
	if (r < 0)
		goto out;
	r = db_check(s->db);
	if (r < 0)
		goto out;
	r = db_migrate(s->db, STATE_APPLICATION, schema, STATE_VERSION);
	for (size_t i = 0; r == 0 && i < N_QUERIES; i++)
		r = db_prepare(s->db, queries[i], &s->q[i]);
	if (r < 0)
		goto out;
	*ret = &s->state;
	s = NULL;
out:
	if (s != NULL)
		sqlite_close(&s->state);
	return r;
}

static int
sqlite_begin(struct state *st, int64_t now_s)
{
	store_of(st)->now_s = now_s;
	return db_begin(store_of(st)->db);
}

static int
sqlite_end(struct state *st)
{
	return db_commit(store_of(st)->db);
}

static void
sqlite_abort(struct state *st)
{
	db_rollback(store_of(st)->db);
}

static int
row_take(struct db_stmt *q, char key[STATE_KEY_MAX + 1], struct state_row *ret)
{
	struct aia_span value;

	db_col_str(q, 0, key, STATE_KEY_MAX + 1);
	value = db_col_blob(q, 1);
	ret->revision = db_col_int(q, 2, 1, INT64_MAX);
	ret->expires_s = db_col_int(q, 3, 0, INT64_MAX);
	if (db_row_end(q) < 0 || value.len > sizeof(ret->value))
		return AIA_EDAMAGED;
	memcpy(ret->value, value.p, value.len);
	ret->len = value.len;
	return 0;
}

static int
sqlite_get(struct state *st, const char *key, struct state_row *ret)
{
	struct db_stmt *q = store_of(st)->q[Q_GET];
	char found[STATE_KEY_MAX + 1];
	int r;

	ret->revision = 0;
	ret->expires_s = 0;
	ret->len = 0;
	db_bind_text(q, 1, key);
	db_bind_int(q, 2, store_of(st)->now_s);
	r = db_step(q);
	if (r == 1)
		r = row_take(q, found, ret);
	db_reset(q);
	return r;
}

static int
sqlite_range(struct state *st, const char *prefix, state_each *each,
    void *arg)
{
	struct db_stmt *q = store_of(st)->q[Q_RANGE];
	char key[STATE_KEY_MAX + 1];
	struct state_row row;
	int r;

	db_bind_text(q, 1, prefix);
	db_bind_int(q, 2, store_of(st)->now_s);
	while ((r = db_step(q)) == 1) {
		r = row_take(q, key, &row);
		if (r == 0)
			r = each(key, &row, arg);
		if (r < 0)
			break;
	}
	db_reset(q);
	return r;
}

static int
sqlite_seek(struct state *st, const char *prefix, const char *from,
    char ret[STATE_KEY_MAX + 1])
{
	struct db_stmt *q = store_of(st)->q[Q_SEEK];
	int r;

	db_bind_text(q, 1, from);
	db_bind_int(q, 2, store_of(st)->now_s);
	db_bind_text(q, 3, prefix);
	r = db_step(q);
	if (r == 1) {
		db_col_str(q, 0, ret, STATE_KEY_MAX + 1);
		r = db_row_end(q);
	} else if (r == 0) {
		r = -ENOENT;
	}
	db_reset(q);
	return r;
}

static int
cond_check(struct state *st, const struct state_cond *cond)
{
	struct state_row row;
	int r = sqlite_get(st, cond->key, &row);

	if (r < 0)
		return r;
	return row.revision == cond->revision ? 0 : AIA_ECONFLICT;
}

static int
revision_next(struct store *s, int64_t *ret)
{
	struct db_stmt *q = s->q[Q_REVISION];
	int r;

	r = db_run(s->q[Q_COUNT]);
	if (r < 0)
		return r;
	r = db_step(q);
	if (r == 1) {
		*ret = db_col_int(q, 0, 1, INT64_MAX);
		r = db_row_end(q);
	} else if (r == 0) {
		r = AIA_EDAMAGED;
	}
	db_reset(q);
	return r;
}

static int
write_one(struct store *s, const struct state_write *w, int64_t revision)
{
	struct db_stmt *q;

	switch (w->verb) {
	case STATE_PUT:
		if (w->value.len > STATE_VALUE_MAX ||
		    strlen(w->key) > STATE_KEY_MAX)
			return -EMSGSIZE;
		q = s->q[Q_PUT];
		db_bind_text(q, 1, w->key);
		db_bind_blob(q, 2, w->value);
		db_bind_int(q, 3, revision);
		db_bind_int(q, 4, w->expires_s);
		return db_run(q);
	case STATE_DELETE:
		q = s->q[Q_DELETE];
		db_bind_text(q, 1, w->key);
		return db_run(q);
	case STATE_DELETE_PREFIX:
		q = s->q[Q_DELETE_PREFIX];
		db_bind_text(q, 1, w->key);
		return db_run(q);
	}
	return -EINVAL;
}

static int
sqlite_commit(struct state *st, const struct state_cond *conds,
    size_t n_conds, const struct state_write *writes, size_t n_writes)
{
	struct store *s = store_of(st);
	int64_t revision = 0;
	int r = 0, undone;

	for (size_t i = 0; r == 0 && i < n_conds; i++)
		r = cond_check(st, &conds[i]);
	if (r < 0)
		return r;
	r = db_savepoint(s->db);
	if (r < 0)
		return r;
	r = revision_next(s, &revision);
	for (size_t i = 0; r == 0 && i < n_writes; i++)
		r = write_one(s, &writes[i], revision);
	if (r == 0)
		return db_savepoint_keep(s->db);
	undone = db_savepoint_undo(s->db);
	return undone < 0 ? undone : r;
}

static int
sqlite_sweep(struct state *st)
{
	struct db_stmt *q = store_of(st)->q[Q_SWEEP];

	db_bind_int(q, 1, store_of(st)->now_s);
	return db_run(q);
}

const struct state_ops state_sqlite = {
	.name = "sqlite",
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = sqlite_begin,
	.end = sqlite_end,
	.abort = sqlite_abort,
	.get = sqlite_get,
	.range = sqlite_range,
	.seek = sqlite_seek,
	.commit = sqlite_commit,
	.sweep = sqlite_sweep,
};
