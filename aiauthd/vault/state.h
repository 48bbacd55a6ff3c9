/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.h - where the vault keeps what must not be forgotten: rows of key and
 * value, each with a revision that changes whenever the row does.
 *
 * A question reads rows, then asks for ONE transaction: conditions on the
 * revisions it saw, and writes that happen together or not at all.  This is
 * what SQLite does alone and what a compare-and-swap store can do for a fleet;
 * a store is one file with one struct state_ops.
 *
 * Common errors: AIA_EDAMAGED, -ENOSPC, -EIO.
 */
#ifndef AIA_VAULT_STATE_H
#define AIA_VAULT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/paths.h"
#include "common/bytes.h"
#include "common/err.h"

#define STATE_KEY_MAX 128	/* bytes of printable ASCII */
#define STATE_VALUE_MAX 12288	/* bytes; a handle with its facts */

struct state_row {
	int64_t	revision;	/* 0: there is no such row */
	int64_t	expires_s;	/* Unix time; 0: never */
	size_t	len;
	uint8_t	value[STATE_VALUE_MAX];
};

struct state_cond {
	const char	*key;
	int64_t		 revision;	/* as seen; 0: there must be none */
};

enum state_verb { STATE_PUT = 1, STATE_DELETE, STATE_DELETE_PREFIX };

struct state_write {
	enum state_verb	 verb;
	const char	*key;		/* or the prefix of keys */
	struct aia_span	 value;		/* PUT */
	int64_t		 expires_s;	/* PUT */
};

/* Called with each row; a negative return ends the walk and is returned. */
typedef int state_each(const char *key, const struct state_row *row,
    void *arg);

struct state;

struct state_ops {
	const char *name;
	int  (*open)(const struct paths *paths, struct state **ret);
	void (*close)(struct state *st);
	/*
	 * Between begin and end are the questions that were waiting together.
	 * Rows that expired by now_s are not seen.  What was committed inside
	 * is durable when end() returns 0; if it does not, nothing of it
	 * happened.  abort() gives the batch up.
	 */
	int  (*begin)(struct state *st, int64_t now_s);
	int  (*end)(struct state *st);
	void (*abort)(struct state *st);
	int  (*get)(struct state *st, const char *key, struct state_row *ret);
	int  (*range)(struct state *st, const char *prefix, state_each *each,
	    void *arg);
	int  (*seek)(struct state *st, const char *prefix, const char *from,
	    char ret[STATE_KEY_MAX + 1]);
	/* AIA_ECONFLICT: a condition did not hold, nothing was written. */
	int  (*commit)(struct state *st, const struct state_cond *conds,
	    size_t n_conds, const struct state_write *writes,
	    size_t n_writes);
	/* Drop what has expired.  Inside a batch, now and then. */
	int  (*sweep)(struct state *st);
};

struct state { const struct state_ops *ops; };	/* first member of each */

#define STATE_FILE "state.db"
#define STATE_APPLICATION 0x61695354u	/* "aiST" */
#define STATE_VERSION 1u
extern const struct state_ops state_sqlite;	/* paths->state/state.db */

/*
 * get: 0 also for a row that is not there.  range: in order of the keys; each
 * must not write.  seek: the first key with this prefix that is not before
 * 'from', which has it too; -ENOENT if there is none.
 */
AIA_MUST_USE int state_get(struct state *st, const char *key,
    struct state_row *ret);
AIA_MUST_USE int state_range(struct state *st, const char *prefix,
    state_each *each, void *arg);
AIA_MUST_USE int state_seek(struct state *st, const char *prefix,
    const char *from, char ret[STATE_KEY_MAX + 1]);

/*
 * One transaction being put together.  Keys and values are borrowed until
 * state_commit().  More than fits is remembered and fails the commit with
 * -ENOBUFS.
 */
#define STATE_TXN_MAX 24
struct state_txn {
	struct state_cond  conds[STATE_TXN_MAX];
	struct state_write writes[STATE_TXN_MAX];
	size_t	n_conds, n_writes;
	bool	full;
};
void state_if(struct state_txn *txn, const char *key, int64_t revision);
void state_put(struct state_txn *txn, const char *key, struct aia_span value,
    int64_t expires_s);
void state_delete(struct state_txn *txn, const char *key);
void state_delete_prefix(struct state_txn *txn, const char *prefix);
AIA_MUST_USE int state_commit(struct state *st, const struct state_txn *txn);

#endif
