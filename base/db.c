/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * db.c - the one door to SQLite: opening, transactions, schema.
 */
#include "config.h"

#include "base/db.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#define BUSY_MS 2000		/* a reader may meet the writer's checkpoint */
#define LENGTH_MAX (1 << 20)	/* bytes of one value, row or statement */

struct db { sqlite3 *sq; };

struct db_stmt {
	sqlite3_stmt	*sq;
	int		 bad;	/* sticky error of a bind */
	bool		 odd;	/* sticky: a column was not what it must be */
};

static const struct { int code, r; } errors[] = {
	{ SQLITE_CORRUPT, AIA_EDAMAGED },
	{ SQLITE_NOTADB, AIA_EDAMAGED },
	{ SQLITE_CONSTRAINT, AIA_ECONFLICT },
	{ SQLITE_FULL, -ENOSPC },
	{ SQLITE_BUSY, -EBUSY },
	{ SQLITE_LOCKED, -EBUSY },
	{ SQLITE_READONLY, -EROFS },
	{ SQLITE_NOMEM, -ENOMEM },
	{ SQLITE_TOOBIG, -EMSGSIZE },
	{ SQLITE_PERM, -EACCES },
	{ SQLITE_CANTOPEN, -EACCES },
};

static int
code_to_err(int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].code == (code & 0xff))
			return errors[i].r;
	return -EIO;
}

void
db_cache(struct db *db, unsigned kib)
{
	char pragma[48];

	(void)snprintf(pragma, sizeof(pragma), "PRAGMA cache_size=-%u", kib);
	(void)!db_exec(db, pragma);
	(void)sqlite3_db_release_memory(db->sq);
}

const char *
db_error(const struct db *db)
{
	return sqlite3_errmsg(db->sq);
}

int
db_exec(struct db *db, const char *sql)
{
	return code_to_err(sqlite3_exec(db->sq, sql, NULL, NULL, NULL));
}

/*
 * SQLite would create the file with the process's umask; ours gets its mode
 * before the first byte.  Looking with lstat(), because closing a descriptor
 * of a database drops the locks another handle of this process holds on it.
 */
static int
file_prepare(const char *path, enum db_use use)
{
	mode_t mode = use == DB_OWN_SHARED ? 0640 : 0600;
	struct stat st;
	int fd, r = 0;

	if (use != DB_READ) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, mode);
		if (fd < 0 && errno != EEXIST)
			return -errno;
		if (fd >= 0 && fchmod(fd, mode) < 0)
			r = -errno;
		if (fd >= 0)
			(void)close(fd);
		if (r < 0)
			return r;
	}
	if (lstat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return AIA_EUNTRUSTED;
	return 0;
}

static const struct { int option, value; } switches[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
	{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },
};
static const struct { int limit, value; } limits[] = {
	{ SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LENGTH, LENGTH_MAX },
	{ SQLITE_LIMIT_SQL_LENGTH, LENGTH_MAX },
};
static const char *const pragmas_own =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;";
static const char *const pragmas_read = "PRAGMA query_only=ON;";
static const char *const pragmas_all =
    "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;";

static int
one_int(struct db *db, const char *sql, int64_t *ret)
{
	struct db_stmt *st = NULL;
	int64_t v;
	int r;

	r = db_prepare(db, sql, &st);
	if (r < 0)
		goto out;
	r = db_step(st);
	if (r < 0)
		goto out;
	v = r == 1 ? db_col_int(st, 0, INT64_MIN, INT64_MAX) : 0;
	r = r == 1 ? db_row_end(st) : AIA_EDAMAGED;
	if (r == 0)
		*ret = v;
out:
	db_stmt_free(st);
	return r;
}

static int
set_up(struct db *db, enum db_use use)
{
	int64_t schema_version;
	int one = 1, r;

	for (size_t i = 0; i < ARRAY_LEN(switches); i++)
		if (sqlite3_db_config(db->sq, switches[i].option,
		    switches[i].value, NULL) != SQLITE_OK)
			return -EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		(void)sqlite3_limit(db->sq, limits[i].limit, limits[i].value);
	(void)sqlite3_busy_timeout(db->sq, BUSY_MS);
	if (use == DB_OWN_SHARED && sqlite3_file_control(db->sq, "main",
	    SQLITE_FCNTL_PERSIST_WAL, &one) != SQLITE_OK)
		return -EINVAL;
	r = db_exec(db, pragmas_all);
	if (r < 0)
		return r;
	r = db_exec(db, use == DB_READ ? pragmas_read : pragmas_own);
	if (r < 0)
		return r;
	/* The first real read: what cannot be used fails here, not later. */
	return one_int(db, "PRAGMA schema_version", &schema_version);
}

int
db_open(const char *path, enum db_use use, struct db **ret)
{
	int flags = SQLITE_OPEN_NOMUTEX |
	    (use == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	struct db *db = NULL;
	int r;

	r = file_prepare(path, use);
	if (r < 0)
		goto out;
	db = calloc(1, sizeof(*db));
	if (db == NULL) {
		r = -ENOMEM;
		goto out;
	}
	r = code_to_err(sqlite3_open_v2(path, &db->sq, flags, NULL));
	if (r < 0)
		goto out;
	r = set_up(db, use);
	if (r < 0)
		goto out;
	*ret = db;
	db = NULL;
out:
	db_close(db);
	return r;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	(void)sqlite3_close_v2(db->sq);
	free(db);
}

int
db_check(struct db *db)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, "PRAGMA integrity_check(1)", &st);
	if (r < 0)
		goto out;
	r = db_step(st);
	if (r < 0)
		goto out;
	r = r == 1 && aia_span_eq(db_col_text(st, 0), aia_span_str("ok")) ?
	    0 : AIA_EDAMAGED;
out:
	db_stmt_free(st);
	return r;
}

int
db_version(struct db *db, uint32_t application_id, uint32_t *ret)
{
	int64_t app, version;
	int r;

	r = one_int(db, "PRAGMA application_id", &app);
	if (r == 0)
		r = one_int(db, "PRAGMA user_version", &version);
	if (r < 0)
		return r;
	if (version < 0 || app != (version == 0 ? 0 : (int64_t)application_id))
		return AIA_EVERSION;
	*ret = (uint32_t)version;
	return 0;
}

static int
migrate_step(struct db *db, uint32_t application_id, const char *sql,
    uint32_t version)
{
	char pragmas[96];
	int r;

	(void)snprintf(pragmas, sizeof(pragmas),
	    "PRAGMA application_id=%u; PRAGMA user_version=%u;",
	    application_id, version);
	r = db_begin(db);
	if (r < 0)
		return r;
	r = db_exec(db, sql);
	if (r == 0)
		r = db_exec(db, pragmas);
	if (r == 0)
		r = db_commit(db);
	if (r < 0)
		db_rollback(db);
	return r;
}

int
db_copy_name(const char *path, uint32_t version, char *room, size_t cap)
{
	return (size_t)snprintf(room, cap, "%s.schema-%u", path, version) >=
	    cap ? -ENAMETOOLONG : 0;
}

/* All pages, in one transaction of the new database. */
static int
pages_copy(struct db *db, struct db *copy)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy->sq, "main", db->sq,
	    "main");
	int code;

	if (backup == NULL)
		return code_to_err(sqlite3_errcode(copy->sq));
	code = sqlite3_backup_step(backup, -1);
	(void)sqlite3_backup_finish(backup);
	return code == SQLITE_OK ? -EIO : code_to_err(code);
}

static int
copy_write(struct db *db, const char *to, uint32_t application_id,
    uint32_t version)
{
	struct db *copy = NULL;
	uint32_t has = 0;
	int r;

	if (unlink(to) < 0 && errno != ENOENT)
		return -errno;
	r = db_open(to, DB_OWN, &copy);
	if (r == 0)
		r = pages_copy(db, copy);
	if (r == 0)
		r = db_check(copy);
	if (r == 0)
		r = db_version(copy, application_id, &has);
	if (r == 0 && has != version)
		r = AIA_EDAMAGED;
	db_close(copy);
	return r;
}

static int
folder_sync(const char *path)
{
	char dir[PATH_MAX];
	size_t len = (size_t)(strrchr(path, '/') - path);
	int fd, r;

	memcpy(dir, path, len);
	memcpy(dir + len, "/", 2);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fsync(fd) < 0 ? -errno : 0;
	(void)close(fd);
	return r;
}

/* The way back to the version before: whole, or not under that name. */
static int
copy_leave(struct db *db, uint32_t application_id, uint32_t version)
{
	const char *path = sqlite3_db_filename(db->sq, "main");
	char name[PATH_MAX], scratch[PATH_MAX];
	struct stat st;
	int r;

	r = db_copy_name(path, version, name, sizeof(name));
	if (r == 0 && (size_t)snprintf(scratch, sizeof(scratch), "%s.new",
	    name) >= sizeof(scratch))
		r = -ENAMETOOLONG;
	if (r < 0)
		return r;
	r = copy_write(db, scratch, application_id, version);
	/* For whom the database is, its copy is too. */
	if (r == 0 && (lstat(path, &st) < 0 ||
	    chmod(scratch, st.st_mode & 0777) < 0 || rename(scratch, name) < 0))
		r = -errno;
	if (r < 0) {
		(void)unlink(scratch);
		return r;
	}
	return folder_sync(name);
}

int
db_migrate(struct db *db, uint32_t application_id, const char *const *steps,
    uint32_t n)
{
	uint32_t version;
	int r;

	r = db_version(db, application_id, &version);
	if (r < 0)
		return r;
	if (version > n)
		return AIA_ENEWER;
	if (version > 0 && version < n)
		r = copy_leave(db, application_id, version);
	for (uint32_t i = version; r == 0 && i < n; i++)
		r = migrate_step(db, application_id, steps[i], i + 1);
	return r;
}

int
db_expect(struct db *db, uint32_t application_id, uint32_t version)
{
	uint32_t have;
	int r;

	r = db_version(db, application_id, &have);
	if (r < 0)
		return r;
	return have >= version && have > 0 ? 0 : AIA_EVERSION;
}

int
db_begin(struct db *db)
{
	return db_exec(db, "BEGIN IMMEDIATE");
}

int
db_begin_read(struct db *db)
{
	int64_t n;
	int r;

	r = db_exec(db, "BEGIN DEFERRED");
	if (r < 0)
		return r;
	/* DEFERRED takes its view with the first read. */
	r = one_int(db, "SELECT count(*) FROM sqlite_schema", &n);
	if (r < 0)
		db_rollback(db);
	return r;
}

int
db_commit(struct db *db)
{
	int r = db_exec(db, "COMMIT");

	if (r < 0)
		db_rollback(db);
	return r;
}

void
db_rollback(struct db *db)
{
	/* SQLite has rolled back by itself after some errors. */
	if (sqlite3_get_autocommit(db->sq) == 0)
		(void)sqlite3_exec(db->sq, "ROLLBACK", NULL, NULL, NULL);
}

int
db_savepoint(struct db *db)
{
	return db_exec(db, "SAVEPOINT one");
}

int
db_savepoint_keep(struct db *db)
{
	return db_exec(db, "RELEASE one");
}

int
db_savepoint_undo(struct db *db)
{
	return db_exec(db, "ROLLBACK TO one; RELEASE one");
}

int
db_prepare(struct db *db, const char *sql, struct db_stmt **ret)
{
	struct db_stmt *st = calloc(1, sizeof(*st));
	int r;

	if (st == NULL)
		return -ENOMEM;
	r = code_to_err(sqlite3_prepare_v3(db->sq, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &st->sq, NULL));
	if (r < 0) {
		db_stmt_free(st);
		return r;
	}
	*ret = st;
	return 0;
}

void
db_stmt_free(struct db_stmt *st)
{
	if (st == NULL)
		return;
	(void)sqlite3_finalize(st->sq);
	free(st);
}

static void
bound(struct db_stmt *st, int code)
{
	if (st->bad == 0)
		st->bad = code_to_err(code);
}

void
db_bind_int(struct db_stmt *st, int at, int64_t v)
{
	bound(st, sqlite3_bind_int64(st->sq, at, v));
}

void
db_bind_span(struct db_stmt *st, int at, struct aia_span text)
{
	bound(st, sqlite3_bind_text64(st->sq, at, (const char *)text.p,
	    text.len, SQLITE_STATIC, SQLITE_UTF8));
}

void
db_bind_text(struct db_stmt *st, int at, const char *s)
{
	db_bind_span(st, at, aia_span_str(s));
}

void
db_bind_blob(struct db_stmt *st, int at, struct aia_span blob)
{
	bound(st, sqlite3_bind_blob64(st->sq, at, blob.p, blob.len,
	    SQLITE_STATIC));
}

int
db_step(struct db_stmt *st)
{
	int code;

	if (st->bad < 0)
		return st->bad;
	st->odd = false;
	code = sqlite3_step(st->sq);
	return code == SQLITE_ROW ? 1 : code_to_err(code);
}

void
db_reset(struct db_stmt *st)
{
	(void)sqlite3_reset(st->sq);
	(void)sqlite3_clear_bindings(st->sq);
	st->bad = 0;
	st->odd = false;
}

int
db_run(struct db_stmt *st)
{
	int r = db_step(st);

	db_reset(st);
	return r == 1 ? -EINVAL : r;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes(db->sq);
}

int64_t
db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->sq);
}

static bool
col_is(struct db_stmt *st, int at, int type)
{
	if (sqlite3_column_type(st->sq, at) == type)
		return true;
	st->odd = true;
	return false;
}

int64_t
db_col_int(struct db_stmt *st, int at, int64_t min, int64_t max)
{
	int64_t v;

	if (!col_is(st, at, SQLITE_INTEGER))
		return 0;
	v = sqlite3_column_int64(st->sq, at);
	if (v >= min && v <= max)
		return v;
	st->odd = true;
	return 0;
}

bool
db_col_null(struct db_stmt *st, int at)
{
	return sqlite3_column_type(st->sq, at) == SQLITE_NULL;
}

struct aia_span
db_col_text(struct db_stmt *st, int at)
{
	const unsigned char *p;

	if (!col_is(st, at, SQLITE_TEXT))
		return aia_span_of(NULL, 0);
	p = sqlite3_column_text(st->sq, at);
	st->odd = st->odd || p == NULL;
	return aia_span_of(p, p == NULL ? 0 :
	    (size_t)sqlite3_column_bytes(st->sq, at));
}

struct aia_span
db_col_blob(struct db_stmt *st, int at)
{
	const void *p;
	size_t len;

	if (!col_is(st, at, SQLITE_BLOB))
		return aia_span_of(NULL, 0);
	p = sqlite3_column_blob(st->sq, at);
	len = (size_t)sqlite3_column_bytes(st->sq, at);
	/* SQLite shows an empty blob as NULL; here it is there, and empty. */
	return aia_span_of(p == NULL ? "" : p, p == NULL ? 0 : len);
}

void
db_col_str(struct db_stmt *st, int at, char *room, size_t cap)
{
	struct aia_span s = db_col_text(st, at);

	room[0] = '\0';
	if (s.p == NULL)
		return;
	if (s.len >= cap || memchr(s.p, '\0', s.len) != NULL) {
		st->odd = true;
		return;
	}
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
}

void
db_col_exact(struct db_stmt *st, int at, void *room, size_t len)
{
	struct aia_span s = db_col_blob(st, at);

	if (s.p == NULL || s.len != len) {
		st->odd = true;
		memset(room, 0, len);
		return;
	}
	memcpy(room, s.p, len);
}

int
db_row_end(const struct db_stmt *st)
{
	return st->odd ? AIA_EDAMAGED : 0;
}
