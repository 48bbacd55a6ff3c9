/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_db.c - the door to SQLite: types, transactions, versions, damage, and a
 * reader of another uid while the writer runs, has ended or was killed.
 */
#include "config.h"

#include "base/db.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define APP 0x61696101u
#define READER_UID 64123
#define READER_GID 64124

static const char *const steps[] = {
	"CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER, b BLOB);",
	"CREATE TABLE u (k TEXT PRIMARY KEY REFERENCES t (k));",
};

struct place { char dir[64], path[80]; };

static int
place_make(void **state)
{
	struct place *at = calloc(1, sizeof(*at));

	if (at == NULL)
		return -1;
	(void)snprintf(at->dir, sizeof(at->dir), "/tmp/test_db.XXXXXX");
	if (mkdtemp(at->dir) == NULL)
		return -1;
	(void)snprintf(at->path, sizeof(at->path), "%s/x.db", at->dir);
	*state = at;
	return 0;
}

static int
place_remove(void **state)
{
	static const char *const names[] = { "x.db", "x.db-wal", "x.db-shm",
	    "x.db.schema-1" };
	struct place *at = *state;
	char path[96];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", at->dir, names[i]);
		(void)unlink(path);
	}
	(void)rmdir(at->dir);
	free(at);
	return 0;
}

static struct db *
open_own(const struct place *at, enum db_use use)
{
	struct db *db = NULL;

	assert_int_equal(db_open(at->path, use, &db), 0);
	assert_int_equal(db_migrate(db, APP, steps, ARRAY_LEN(steps)), 0);
	return db;
}

static int
put(struct db *db, const char *k, int64_t n)
{
	struct db_stmt *st = NULL;
	int r;

	assert_int_equal(db_prepare(db,
	    "INSERT INTO t (k, n, b) VALUES (?1, ?2, ?3)", &st), 0);
	db_bind_text(st, 1, k);
	db_bind_int(st, 2, n);
	db_bind_blob(st, 3, aia_span_of("\0\1", 2));
	r = db_run(st);
	db_stmt_free(st);
	return r;
}

static int64_t
count(struct db *db)
{
	struct db_stmt *st = NULL;
	int64_t n;

	assert_int_equal(db_prepare(db, "SELECT count(*) FROM t", &st), 0);
	assert_int_equal(db_step(st), 1);
	n = db_col_int(st, 0, 0, 1000);
	assert_int_equal(db_row_end(st), 0);
	db_stmt_free(st);
	return n;
}

/* Each column read as something else, or out of range, is noticed. */
static void
columns(void **state)
{
	struct db *db = open_own(*state, DB_OWN);
	struct db_stmt *st = NULL;
	uint8_t blob[2];
	char room[4];

	assert_int_equal(put(db, "abc", 7), 0);
	assert_int_equal(db_prepare(db, "SELECT k, n, b, NULL FROM t", &st), 0);
	assert_int_equal(db_step(st), 1);
	db_col_str(st, 0, room, sizeof(room));
	assert_string_equal(room, "abc");
	assert_int_equal(db_col_int(st, 1, 7, 7), 7);
	db_col_exact(st, 2, blob, sizeof(blob));
	assert_memory_equal(blob, "\0\1", 2);
	assert_true(db_col_null(st, 3));
	assert_int_equal(db_row_end(st), 0);

	assert_int_equal(db_col_int(st, 1, 8, 9), 0);
	assert_int_equal(db_row_end(st), AIA_EDAMAGED);
	db_reset(st);
	assert_int_equal(db_step(st), 1);
	db_col_str(st, 0, room, 3);
	assert_int_equal(db_row_end(st), AIA_EDAMAGED);
	db_reset(st);
	assert_int_equal(db_step(st), 1);
	assert_null(db_col_text(st, 1).p);
	assert_int_equal(db_row_end(st), AIA_EDAMAGED);
	db_reset(st);
	assert_int_equal(db_step(st), 1);
	db_col_exact(st, 2, blob, 1);
	assert_int_equal(db_row_end(st), AIA_EDAMAGED);
	db_stmt_free(st);
	db_close(db);
}

static void
binds(void **state)
{
	struct db *db = open_own(*state, DB_OWN);
	struct db_stmt *st = NULL;

	assert_int_equal(db_prepare(db, "DELETE FROM t WHERE n = ?1", &st), 0);
	db_bind_int(st, 2, 1);		/* there is none */
	db_bind_int(st, 1, 1);
	assert_true(db_run(st) < 0);
	db_bind_int(st, 1, 1);
	assert_int_equal(db_run(st), 0);
	db_stmt_free(st);
	assert_int_equal(db_prepare(db, "SELECT nothing", &st), -EIO);
	db_close(db);
}

static void
transactions(void **state)
{
	struct db *db = open_own(*state, DB_OWN);

	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_savepoint(db), 0);
	assert_int_equal(put(db, "a", 1), 0);
	assert_int_equal(db_savepoint_keep(db), 0);
	assert_int_equal(db_savepoint(db), 0);
	assert_int_equal(put(db, "b", 1), 0);
	assert_int_equal(put(db, "a", 1), AIA_ECONFLICT);
	assert_int_equal(db_savepoint_undo(db), 0);
	assert_int_equal(db_commit(db), 0);
	assert_int_equal(count(db), 1);
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(put(db, "c", 1), 0);
	db_rollback(db);
	assert_int_equal(count(db), 1);
	assert_int_equal(db_exec(db, "INSERT INTO u VALUES ('no such t')"),
	    AIA_ECONFLICT);
	assert_int_equal(db_check(db), 0);
	db_close(db);
}

static void
careful(void **state)
{
	struct db *db = open_own(*state, DB_OWN);

	assert_true(db_exec(db, "ATTACH '/tmp/other' AS o") < 0);
	assert_true(db_exec(db, "SELECT load_extension('x')") < 0);
	assert_true(db_exec(db, "SELECT \"a string\"") < 0);
	assert_true(db_exec(db, "PRAGMA writable_schema=ON;"
	    "UPDATE sqlite_schema SET sql = '' WHERE name = 't'") < 0);
	db_close(db);
}

/* Before a schema is changed, what was there is put aside. */
static void
copied(void **state)
{
	const struct place *at = *state;
	struct db *db = NULL;
	char name[96], blocked[128];
	struct stat st;
	uint32_t v = 0;

	assert_int_equal(db_copy_name(at->path, 1, name, sizeof(name)), 0);
	assert_int_equal(db_copy_name(at->path, 1, name, strlen(name)),
	    -ENAMETOOLONG);
	assert_int_equal(db_copy_name(at->path, 1, name, sizeof(name)), 0);
	assert_int_equal(db_open(at->path, DB_OWN_SHARED, &db), 0);
	assert_int_equal(db_version(db, APP, &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(db_migrate(db, APP, steps, 1), 0);
	assert_int_equal(lstat(name, &st), -1);		/* of nothing */
	assert_int_equal(put(db, "abc", 7), 0);

	/* What cannot be put aside is not changed. */
	(void)snprintf(blocked, sizeof(blocked), "%s.new", name);
	assert_int_equal(mkdir(blocked, 0700), 0);
	assert_true(db_migrate(db, APP, steps, 2) < 0);
	assert_int_equal(db_version(db, APP, &v), 0);
	assert_int_equal(v, 1);
	assert_int_equal(rmdir(blocked), 0);

	assert_int_equal(db_migrate(db, APP, steps, 2), 0);
	assert_int_equal(db_expect(db, APP, 2), 0);
	db_close(db);
	assert_int_equal(lstat(name, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(lstat(blocked, &st), -1);

	/* It is whole, and the version before takes it. */
	assert_int_equal(db_open(name, DB_OWN, &db), 0);
	assert_int_equal(db_check(db), 0);
	assert_int_equal(count(db), 1);
	assert_int_equal(db_migrate(db, APP, steps, 1), 0);
	db_close(db);
}

static void
version(void **state)
{
	const struct place *at = *state;
	struct db *db = open_own(at, DB_OWN);

	assert_int_equal(db_expect(db, APP, 2), 0);
	assert_int_equal(db_expect(db, APP, 3), AIA_EVERSION);
	assert_int_equal(db_expect(db, APP + 1, 2), AIA_EVERSION);
	assert_int_equal(db_migrate(db, APP, steps, 1), AIA_ENEWER);
	assert_int_equal(db_migrate(db, APP + 1, steps, 2), AIA_EVERSION);
	assert_int_equal(db_migrate(db, APP, steps, 2), 0);
	db_close(db);
}

static void
modes(void **state)
{
	static const struct { enum db_use use; mode_t mode; } rows[] = {
		{ DB_OWN, 0600 }, { DB_OWN_SHARED, 0640 },
	};
	static const char *const tails[] = { "", "-wal", "-shm" };
	const struct place *at = *state;
	mode_t before = umask(0);
	char path[96];
	struct stat st;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct db *db = open_own(at, rows[i].use);

		for (size_t j = 0; j < ARRAY_LEN(tails); j++) {
			(void)snprintf(path, sizeof(path), "%s%s", at->path,
			    tails[j]);
			assert_int_equal(lstat(path, &st), 0);
			assert_int_equal(st.st_mode & 07777, rows[i].mode);
		}
		db_close(db);
		for (size_t j = 0; j < ARRAY_LEN(tails); j++) {
			(void)snprintf(path, sizeof(path), "%s%s", at->path,
			    tails[j]);
			(void)unlink(path);
		}
	}
	(void)umask(before);
}

static void
not_ours(void **state)
{
	const struct place *at = *state;
	struct db *db = NULL;
	int fd;

	assert_int_equal(db_open(at->path, DB_READ, &db), -ENOENT);
	assert_int_equal(symlink("/etc/hostname", at->path), 0);
	assert_int_equal(db_open(at->path, DB_OWN, &db), AIA_EUNTRUSTED);
	assert_int_equal(unlink(at->path), 0);
	assert_int_equal(mkfifo(at->path, 0600), 0);
	assert_int_equal(db_open(at->path, DB_READ, &db), AIA_EUNTRUSTED);
	assert_int_equal(unlink(at->path), 0);
	fd = open(at->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "this is no database at all, is it?", 34),
	    34);
	assert_int_equal(db_open(at->path, DB_OWN, &db), AIA_EDAMAGED);
	assert_int_equal(fchmod(fd, 0620), 0);
	assert_int_equal(db_open(at->path, DB_OWN, &db), AIA_EUNTRUSTED);
	(void)close(fd);
	assert_null(db);
}

static void
damage(void **state)
{
	const struct place *at = *state;
	struct db *db = open_own(at, DB_OWN);
	char junk[512];
	int fd, r;

	assert_int_equal(put(db, "a", 1), 0);
	db_close(db);
	memset(junk, 0x55, sizeof(junk));
	fd = open(at->path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 4096), sizeof(junk));
	(void)close(fd);
	r = db_open(at->path, DB_OWN, &db);
	if (r == 0) {
		r = db_check(db);
		db_close(db);
	}
	assert_int_equal(r, AIA_EDAMAGED);
}

/* In a child of another uid and group: 0 if it sees n rows and cannot write. */
static int
read_as_other(const struct place *at, int64_t n)
{
	struct db *db = NULL;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (setgroups(0, NULL) < 0 ||
		    setresgid(READER_GID, READER_GID, READER_GID) < 0 ||
		    setresuid(READER_UID, READER_UID, READER_UID) < 0)
			_exit(10);
		if (db_open(at->path, DB_READ, &db) < 0)
			_exit(11);
		if (db_expect(db, APP, 2) < 0 || db_begin_read(db) < 0 ||
		    count(db) != n || db_commit(db) < 0)
			_exit(12);
		if (db_exec(db, "DELETE FROM t") >= 0)
			_exit(13);
		db_close(db);
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
other_uid(void **state)
{
	const struct place *at = *state;
	struct db *db = NULL;
	int status, tell[2];
	pid_t pid;
	char c;

	if (geteuid() != 0)
		skip();		/* takes two uids */
	assert_int_equal(chown(at->dir, 0, READER_GID), 0);
	assert_int_equal(chmod(at->dir, 02750), 0);
	db = open_own(at, DB_OWN_SHARED);
	assert_int_equal(put(db, "a", 1), 0);
	assert_int_equal(read_as_other(at, 1), 0);	/* running */
	db_close(db);
	assert_int_equal(read_as_other(at, 1), 0);	/* ended */

	assert_int_equal(pipe2(tell, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		db = open_own(at, DB_OWN_SHARED);
		(void)put(db, "b", 2);
		(void)!write(tell[1], "x", 1);
		(void)pause();
		_exit(1);
	}
	assert_int_equal(read(tell[0], &c, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)close(tell[0]);
	(void)close(tell[1]);
	assert_int_equal(read_as_other(at, 2), 0);	/* killed */
	db = open_own(at, DB_OWN_SHARED);
	assert_int_equal(put(db, "c", 3), 0);
	assert_int_equal(read_as_other(at, 3), 0);	/* and back */
	db_close(db);
}

#define IN_PLACE(f) \
	cmocka_unit_test_setup_teardown(f, place_make, place_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(columns), IN_PLACE(binds), IN_PLACE(transactions),
		IN_PLACE(careful), IN_PLACE(version), IN_PLACE(copied),
		IN_PLACE(modes), IN_PLACE(not_ours), IN_PLACE(damage),
		IN_PLACE(other_uid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
