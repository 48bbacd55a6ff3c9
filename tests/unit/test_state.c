/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_state.c - the store: conditions, writes, expiry, what is durable, and a
 * damaged file.  Runs over each store that needs no other machine.
 */
#include "config.h"

#include "aiauthd/vault/state.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/vault_rig.h"

static struct state *
store(void **state)
{
	return ((struct rig *)*state)->desk.state;
}

static int
put_if(struct state *st, const char *key, int64_t revision, const char *value)
{
	struct state_txn txn = { 0 };

	state_if(&txn, key, revision);
	state_put(&txn, key, aia_span_str(value), 0);
	return state_commit(st, &txn);
}

static int64_t
revision(struct state *st, const char *key)
{
	struct state_row row;

	assert_int_equal(state_get(st, key, &row), 0);
	return row.revision;
}

static void
conditions(void **state)
{
	struct state *st = store(state);
	int64_t first, second;

	assert_int_equal(revision(st, "k"), 0);
	assert_int_equal(put_if(st, "k", 1, "x"), AIA_ECONFLICT);
	assert_int_equal(revision(st, "k"), 0);
	assert_int_equal(put_if(st, "k", 0, "x"), 0);
	first = revision(st, "k");
	assert_true(first > 0);
	assert_int_equal(put_if(st, "k", 0, "y"), AIA_ECONFLICT);
	assert_int_equal(put_if(st, "k", first, "x"), 0);
	second = revision(st, "k");
	assert_true(second > first);	/* the same value, yet another row */
	assert_int_equal(put_if(st, "k", first, "z"), AIA_ECONFLICT);
}

/* One condition that fails keeps every write back. */
static void
all_or_nothing(void **state)
{
	struct state *st = store(state);
	struct state_txn txn = { 0 };

	assert_int_equal(put_if(st, "a", 0, "1"), 0);
	state_if(&txn, "b", 0);
	state_if(&txn, "a", 0);
	state_put(&txn, "b", aia_span_str("2"), 0);
	state_delete(&txn, "a");
	assert_int_equal(state_commit(st, &txn), AIA_ECONFLICT);
	assert_int_equal(revision(st, "b"), 0);
	assert_true(revision(st, "a") > 0);
}

/* A write that fails takes those before it back, and nothing else. */
static void
failing_write(void **state)
{
	static const uint8_t large[STATE_VALUE_MAX + 1];
	struct state *st = store(state);
	struct state_txn txn = { 0 };

	assert_int_equal(put_if(st, "before", 0, "1"), 0);
	state_put(&txn, "a", aia_span_str("1"), 0);
	state_put(&txn, "b", aia_span_of(large, sizeof(large)), 0);
	assert_int_equal(state_commit(st, &txn), -EMSGSIZE);
	assert_int_equal(revision(st, "a"), 0);
	assert_true(revision(st, "before") > 0);
}

static void
remade(void **state)
{
	struct state *st = store(state);
	struct state_txn txn = { 0 };
	int64_t first;

	assert_int_equal(put_if(st, "k", 0, "x"), 0);
	first = revision(st, "k");
	state_delete(&txn, "k");
	assert_int_equal(state_commit(st, &txn), 0);
	assert_int_equal(revision(st, "k"), 0);
	assert_int_equal(put_if(st, "k", 0, "x"), 0);
	assert_true(revision(st, "k") > first);
}

static void
expiry(void **state)
{
	struct rig *rig = *state;
	struct state *st = store(state);
	struct state_txn txn = { 0 };
	struct state_row row;

	state_put(&txn, "k", aia_span_str("x"), RIG_NOW_S + 10);
	assert_int_equal(state_commit(st, &txn), 0);
	rig_pass(rig, 9000);
	assert_int_equal(state_get(st, "k", &row), 0);
	assert_int_equal(row.expires_s, RIG_NOW_S + 10);
	assert_true(row.revision > 0);
	rig_pass(rig, 1000);
	assert_int_equal(revision(st, "k"), 0);
	assert_int_equal(put_if(st, "k", 0, "again"), 0);
	assert_int_equal(st->ops->sweep(st), 0);
	assert_true(revision(st, "k") > 0);
}

struct seen { size_t n; char keys[8][STATE_KEY_MAX + 1]; };

static int
see(const char *key, const struct state_row *row, void *arg)
{
	struct seen *seen = arg;

	assert_true(row->revision > 0);
	if (seen->n == ARRAY_LEN(seen->keys))
		return -ENOBUFS;
	(void)snprintf(seen->keys[seen->n++], STATE_KEY_MAX + 1, "%s", key);
	return 0;
}

static void
prefixes(void **state)
{
	static const char *const keys[] = {
		"a/1", "a/2", "a/~", "a0", "a.", "b/1",
	};
	struct state *st = store(state);
	struct state_txn txn = { 0 };
	struct seen seen = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_int_equal(put_if(st, keys[i], 0, "x"), 0);
	assert_int_equal(state_range(st, "a/", see, &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_string_equal(seen.keys[0], "a/1");
	assert_string_equal(seen.keys[1], "a/2");
	assert_string_equal(seen.keys[2], "a/~");
	state_delete_prefix(&txn, "a/");
	assert_int_equal(state_commit(st, &txn), 0);
	seen.n = 0;
	assert_int_equal(state_range(st, "", see, &seen), 0);
	assert_int_equal(seen.n, 4);	/* and "audit/head", the rig's */
	seen.n = ARRAY_LEN(seen.keys);
	assert_int_equal(state_range(st, "", see, &seen), -ENOBUFS);
}

static struct seek_row {
	const char *name, *prefix, *from, *want;	/* NULL: none */
} seek_rows[] = {
	{ "at it", "a/", "a/2", "a/2" },
	{ "before it", "a/", "a/15", "a/2" },
	{ "before all", "a/", "a/", "a/1" },
	{ "behind all", "a/", "a/4", NULL },
	{ "not into the next prefix", "a/", "a/~", NULL },
	{ "what has expired is not there", "b/", "b/", "b/2" },
	{ "no such prefix", "c/", "c/", NULL },
};

static void
seek(void **state)
{
	static const char *const keys[] = { "a/1", "a/2", "a/3", "a0", "b/2" };
	struct state *st = store(state);
	struct state_txn txn = { 0 };
	char found[STATE_KEY_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		assert_int_equal(put_if(st, keys[i], 0, "x"), 0);
	state_put(&txn, "b/1", aia_span_str("x"), RIG_NOW_S);
	assert_int_equal(state_commit(st, &txn), 0);
	for (size_t i = 0; i < ARRAY_LEN(seek_rows); i++) {
		const struct seek_row *row = &seek_rows[i];
		int r = state_seek(st, row->prefix, row->from, found);

		print_message("%s\n", row->name);
		assert_int_equal(r, row->want == NULL ? -ENOENT : 0);
		if (row->want != NULL)
			assert_string_equal(found, row->want);
	}
}

static void
durable(void **state)
{
	struct rig *rig = *state;
	struct state *st;
	int64_t before;

	assert_int_equal(put_if(store(state), "kept", 0, "x"), 0);
	before = revision(store(state), "kept");
	rig_restart(rig);
	st = store(state);
	assert_int_equal(revision(st, "kept"), before);
	assert_int_equal(put_if(st, "lost", 0, "x"), 0);
	st->ops->abort(st);
	assert_int_equal(st->ops->begin(st, RIG_NOW_S), 0);
	assert_int_equal(revision(st, "lost"), 0);
	assert_int_equal(revision(st, "kept"), before);
}

static void
too_many(void **state)
{
	struct state_txn txn = { 0 };

	for (size_t i = 0; i <= STATE_TXN_MAX; i++)
		state_put(&txn, "k", aia_span_str("x"), 0);
	assert_int_equal(state_commit(store(state), &txn), -ENOBUFS);
	assert_int_equal(revision(store(state), "k"), 0);
}

/* Refused, and every byte of it left for a person to look at. */
static void
damaged(void **state)
{
	struct rig *rig = *state;
	struct state *st = store(state), *none = NULL;
	char path[AIA_PATH_MAX], was[8192], is[8192];
	int fd;

	assert_int_equal(put_if(st, "k", 0, "x"), 0);
	assert_int_equal(st->ops->end(st), 0);
	st->ops->close(st);
	assert_int_equal(path_join(rig->paths.state, "state.db", path), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	memset(was, 0xa5, sizeof(was));
	assert_int_equal(pwrite(fd, was, sizeof(was), 4096), sizeof(was));
	assert_int_equal(pread(fd, was, sizeof(was), 0), sizeof(was));
	assert_int_equal(state_sqlite.open(&rig->paths, &none), AIA_EDAMAGED);
	assert_int_equal(state_sqlite.open(&rig->paths, &none), AIA_EDAMAGED);
	assert_int_equal(pread(fd, is, sizeof(is), 0), sizeof(is));
	assert_memory_equal(was, is, sizeof(is));
	(void)close(fd);
	assert_null(none);
	/* For the teardown. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(state_sqlite.open(&rig->paths, &rig->desk.state), 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(conditions), WITH_RIG(all_or_nothing),
		WITH_RIG(failing_write), WITH_RIG(remade), WITH_RIG(expiry),
		WITH_RIG(prefixes), WITH_RIG(seek), WITH_RIG(durable),
		WITH_RIG(too_many), WITH_RIG(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
