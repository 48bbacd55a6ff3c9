/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * db.h - the one door to SQLite.
 *
 * Every handle is opened the same careful way: WAL, synchronous=FULL, defensive
 * mode, trusted_schema off, secure_delete on, foreign keys on, no extensions,
 * nothing attached, temporary data in memory.  Statements bind and read typed
 * values and remember having failed, like the readers of bytes.h: a row is a
 * straight list of columns and one db_row_end().  SQLite may be as old as 3.34:
 * no STRICT tables.
 *
 * Common errors: AIA_EDAMAGED (not a database, or one that is broken),
 * AIA_ECONFLICT (a constraint), -ENOSPC, -EIO, -EBUSY, -EROFS, -ENOMEM,
 * -EMSGSIZE.  What SQLite itself says is db_error().
 */
#ifndef AIA_BASE_DB_H
#define AIA_BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

struct db;
struct db_stmt;

enum db_use {
	DB_OWN = 1,	/* the writer; created with mode 0600 */
	/*
	 * The writer of what processes of another uid read.  Created with mode
	 * 0640; the folder must be set-group-ID of the readers' group, so that
	 * this file and the two beside it belong to that group.  These two stay
	 * when the writer ends: a reader that cannot write needs them.
	 */
	DB_OWN_SHARED,
	DB_READ,	/* never writes, whether the writer runs, ended or was
			 * killed */
};

/*
 * Open, and create unless for reading.  Returns 0, -ENOENT (reading: no file),
 * -EACCES, AIA_EUNTRUSTED (not a regular file, or others may write it) or one
 * of the common errors.  A damaged file is never touched, moved or deleted.
 */
AIA_MUST_USE int db_open(const char *path, enum db_use use, struct db **ret);
void db_close(struct db *db);

/* Keep pages of at most so many KiB in memory from now on.  Those that are there
 * go, unless a transaction needs them. */
void db_cache(struct db *db, unsigned kib);

/* The text of the last failure on this handle; valid until the next call. */
const char *db_error(const struct db *db);

/* Walk the whole database: 0 or AIA_EDAMAGED. */
AIA_MUST_USE int db_check(struct db *db);

/*
 * Bring the schema to version n: steps[i] makes version i + 1 of i, each in a
 * transaction of its own.  application_id tells our databases apart and is set
 * on a new one.  Of one that has an older schema a copy is left beside it, by
 * the name of db_copy_name(), and nothing is changed before that copy is whole,
 * checked and durable.  Returns 0, AIA_ENEWER (than n) or AIA_EVERSION (not
 * ours).
 */
AIA_MUST_USE int db_migrate(struct db *db, uint32_t application_id,
    const char *const *steps, uint32_t n);
/* For readers: 0 if the database is ours and at least of this version. */
AIA_MUST_USE int db_expect(struct db *db, uint32_t application_id,
    uint32_t version);
/* The version it has; 0: new.  AIA_EVERSION: not ours. */
AIA_MUST_USE int db_version(struct db *db, uint32_t application_id,
    uint32_t *ret);
/* PATH.schema-VERSION: 0 or -ENAMETOOLONG. */
AIA_MUST_USE int db_copy_name(const char *path, uint32_t version, char *room,
    size_t cap);

/* Statements without parameters or rows, separated by semicolons. */
AIA_MUST_USE int db_exec(struct db *db, const char *sql);

/* Writers' transaction, taken at once: 0 or -EBUSY. */
AIA_MUST_USE int db_begin(struct db *db);
/* One unchanging view for several reads; ends with commit or rollback. */
AIA_MUST_USE int db_begin_read(struct db *db);
/* Durable when it returns 0; everything is undone when it does not. */
AIA_MUST_USE int db_commit(struct db *db);
void db_rollback(struct db *db);
/* One step inside a transaction that can be undone alone; they do not nest. */
AIA_MUST_USE int db_savepoint(struct db *db);
AIA_MUST_USE int db_savepoint_keep(struct db *db);
AIA_MUST_USE int db_savepoint_undo(struct db *db);

/* Compile one statement, for use again and again. */
AIA_MUST_USE int db_prepare(struct db *db, const char *sql,
    struct db_stmt **ret);
void db_stmt_free(struct db_stmt *st);

/*
 * Parameters, counted from 1.  Each use of a statement binds all of them: one
 * left out is NULL.  Borrowed until db_reset(), or the end of db_run().
 */
void db_bind_int(struct db_stmt *st, int at, int64_t v);
void db_bind_text(struct db_stmt *st, int at, const char *s);
void db_bind_span(struct db_stmt *st, int at, struct aia_span text);
void db_bind_blob(struct db_stmt *st, int at, struct aia_span blob);

/* 1: a row; 0: no more rows; or an error.  Then db_reset() before reuse. */
AIA_MUST_USE int db_step(struct db_stmt *st);
void db_reset(struct db_stmt *st);
/* Step a statement that gives no rows to its end, and reset it. */
AIA_MUST_USE int db_run(struct db_stmt *st);
/* Rows that the last INSERT, UPDATE or DELETE changed. */
int64_t db_changes(const struct db *db);
int64_t db_last_id(const struct db *db);

/*
 * Columns of the row, counted from 0.  A value of another type or outside the
 * range gives 0, an empty string or a span that is not there, and makes
 * db_row_end() fail.  Spans live until the next step or reset.
 */
int64_t db_col_int(struct db_stmt *st, int at, int64_t min, int64_t max);
bool db_col_null(struct db_stmt *st, int at);
struct aia_span db_col_text(struct db_stmt *st, int at);
struct aia_span db_col_blob(struct db_stmt *st, int at);
/* Text without NUL bytes into room of cap bytes, terminated. */
void db_col_str(struct db_stmt *st, int at, char *room, size_t cap);
/* A blob of exactly len bytes. */
void db_col_exact(struct db_stmt *st, int at, void *room, size_t len);
/* 0 or AIA_EDAMAGED. */
AIA_MUST_USE int db_row_end(const struct db_stmt *st);

#endif
