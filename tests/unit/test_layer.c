/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_layer.c - changes of files written down, done, cut off, taken back.
 */
#include "config.h"

#include "aiauthctl/layer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

struct rig { char top[64], dir[80], a[80], b[80]; };

static int
set_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	(void)snprintf(rig->top, sizeof(rig->top), "/tmp/layer.XXXXXX");
	assert_non_null(mkdtemp(rig->top));
	(void)snprintf(rig->dir, sizeof(rig->dir), "%s/layers", rig->top);
	(void)snprintf(rig->a, sizeof(rig->a), "%s/a", rig->top);
	(void)snprintf(rig->b, sizeof(rig->b), "%s/b", rig->top);
	*state = rig;
	return 0;
}

static int
tear_down(void **state)
{
	struct rig *rig = *state;
	char path[128];

	(void)unlink(rig->a);
	(void)unlink(rig->b);
	for (unsigned n = 1; n < 4; n++) {
		(void)snprintf(path, sizeof(path), "%s/%04u/journal.json",
		    rig->dir, n);
		(void)unlink(path);
		for (unsigned i = 0; i < 4; i++) {
			(void)snprintf(path, sizeof(path),
			    "%s/%04u/%02u.%s", rig->dir, n, i / 2,
			    i % 2 == 0 ? "old" : "new");
			(void)unlink(path);
		}
		(void)snprintf(path, sizeof(path), "%s/%04u", rig->dir, n);
		(void)rmdir(path);
	}
	(void)rmdir(rig->dir);
	assert_int_equal(rmdir(rig->top), 0);
	free(rig);
	return 0;
}

static void
put(const char *path, const char *text, mode_t mode)
{
	struct file f = { 0 };

	assert_int_equal(file_make(text, strlen(text), &f), 0);
	f.mode = mode;
	f.uid = geteuid();
	f.gid = getegid();
	assert_int_equal(file_write(path, &f), 0);
	file_clear(&f);
}

static void
expect(const char *path, const char *want, mode_t mode)
{
	struct file f = { 0 };

	assert_int_equal(file_read(path, &f), 0);
	assert_int_equal(f.there, want != NULL);
	if (want != NULL) {
		assert_string_equal(f.text, want);
		assert_int_equal(f.mode, mode);
	}
	file_clear(&f);
}

/* What changes path to text, in the layer. */
static void
add(struct layer *ly, const char *path, const char *text)
{
	struct file old = { 0 }, new = { 0 };

	assert_int_equal(file_read(path, &old), 0);
	assert_int_equal(file_make(text, strlen(text), &new), 0);
	new.uid = geteuid();
	new.gid = getegid();
	if (old.there)
		new.mode = old.mode;
	assert_int_equal(layer_add(ly, path, &old, &new), 0);
}

/* a changes, b is new. */
static struct layer *
make(const struct rig *rig)
{
	struct layer *ly = calloc(1, sizeof(*ly));

	assert_non_null(ly);
	put(rig->a, "one\ntwo\nthree\n", 0640);
	add(ly, rig->a, "one\n2\nthree\n");
	add(ly, rig->b, "new\n");
	ly->pending = true;
	assert_int_equal(boot_now(&ly->due), 0);
	ly->due.ms += 60000;
	ly->applied_ms = 5;
	ly->session_max = 7;
	assert_int_equal(layer_save(rig->dir, ly), 0);
	return ly;
}

static unsigned n_conflicts;

static void
conflict(const char *path)
{
	assert_non_null(path);
	n_conflicts++;
}

static struct layer *
load(const struct rig *rig)
{
	struct layer *ly = NULL;

	assert_int_equal(layer_load(rig->dir, &ly), 0);
	n_conflicts = 0;
	return ly;
}

/* While it was shown, another changed one file, or made the other. */
static void
not_as_shown(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	n_conflicts = 0;
	assert_int_equal(layer_check(ly, conflict), 0);
	put(rig->a, "one\ntwo\nthree\nfour\n", 0640);
	assert_int_equal(layer_check(ly, conflict), AIA_ECONFLICT);
	put(rig->a, "one\ntwo\nthree\n", 0640);
	assert_int_equal(layer_check(ly, conflict), 0);
	put(rig->b, "", 0644);
	assert_int_equal(layer_check(ly, conflict), AIA_ECONFLICT);
	assert_int_equal(n_conflicts, 2);
	layer_free(ly);
}

static void
there_and_back(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig), *read = NULL;
	struct stat st;

	assert_int_equal(stat(rig->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(layer_apply(ly), 0);
	expect(rig->a, "one\n2\nthree\n", 0640);
	expect(rig->b, "new\n", 0644);
	layer_free(ly);
	read = load(rig);
	assert_true(read->pending);
	assert_int_equal(read->session_max, 7);
	assert_int_equal(read->applied_ms, 5);
	assert_int_equal(read->n_files, 2);
	assert_int_equal(layer_restore(read, true, conflict), 0);
	expect(rig->a, "one\ntwo\nthree\n", 0640);
	expect(rig->b, NULL, 0);
	/* Once more changes nothing. */
	assert_int_equal(layer_restore(read, true, conflict), 0);
	assert_int_equal(layer_remove(rig->dir, read), 0);
	layer_free(read);
	assert_int_equal(layer_load(rig->dir, &read), AIA_ENOUSER);
}

/* As set-up writes it down before it is done. */
static void
not_yet(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig), *read = NULL;

	ly->applied_ms = LAYER_NEVER_MS;
	ly->session_max = LAYER_NONE;
	assert_int_equal(layer_update(rig->dir, ly), 0);
	layer_free(ly);
	read = load(rig);
	assert_int_equal(read->applied_ms, LAYER_NEVER_MS);
	assert_int_equal(read->session_max, LAYER_NONE);
	layer_free(read);
}

/* Written down, and killed before, or in the middle of, doing it. */
static void
cut_off(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	layer_free(ly);
	ly = load(rig);
	assert_int_equal(layer_restore(ly, false, conflict), 0);
	expect(rig->a, "one\ntwo\nthree\n", 0640);
	assert_int_equal(file_write(rig->a, &ly->files[0].new), 0);
	assert_int_equal(layer_restore(ly, false, conflict), 0);
	expect(rig->a, "one\ntwo\nthree\n", 0640);
	assert_int_equal(n_conflicts, 0);
	layer_free(ly);
}

static void
changed_elsewhere(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	assert_int_equal(layer_apply(ly), 0);
	put(rig->a, "one\n2\nthree\nfour\n", 0600);
	assert_int_equal(layer_restore(ly, true, conflict), 0);
	expect(rig->a, "one\ntwo\nthree\nfour\n", 0600);
	layer_free(ly);
}

static void
changed_there(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	n_conflicts = 0;
	assert_int_equal(layer_apply(ly), 0);
	put(rig->a, "one\nII\nthree\n", 0640);
	assert_int_equal(layer_restore(ly, true, conflict), AIA_ECONFLICT);
	assert_int_equal(n_conflicts, 1);
	expect(rig->b, "new\n", 0644);
	assert_int_equal(layer_restore(ly, false, conflict), AIA_ECONFLICT);
	expect(rig->a, "one\nII\nthree\n", 0640);
	expect(rig->b, NULL, 0);
	put(rig->b, "another's\n", 0644);
	assert_int_equal(layer_restore(ly, false, conflict), AIA_ECONFLICT);
	expect(rig->b, "another's\n", 0644);
	layer_free(ly);
}

static void
a_link_by_now(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	n_conflicts = 0;
	assert_int_equal(layer_apply(ly), 0);
	assert_int_equal(unlink(rig->a), 0);
	assert_int_equal(symlink("b", rig->a), 0);
	assert_int_equal(layer_restore(ly, true, conflict), AIA_ECONFLICT);
	expect(rig->b, "new\n", 0644);
	layer_free(ly);
}

static void
two_layers(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);

	assert_int_equal(layer_apply(ly), 0);
	assert_int_equal(layer_keep(rig->dir, ly), 0);
	layer_free(ly);
	ly = calloc(1, sizeof(*ly));
	assert_non_null(ly);
	add(ly, rig->a, "one\n2\n3\n");
	assert_int_equal(boot_now(&ly->due), 0);
	assert_int_equal(layer_save(rig->dir, ly), 0);
	assert_int_equal(layer_apply(ly), 0);
	layer_free(ly);
	for (unsigned number = 2; number > 0; number--) {
		ly = load(rig);
		assert_int_equal(ly->number, number);
		assert_false(ly->pending);
		assert_int_equal(layer_restore(ly, true, conflict), 0);
		assert_int_equal(layer_remove(rig->dir, ly), 0);
		layer_free(ly);
	}
	expect(rig->a, "one\ntwo\nthree\n", 0640);
	expect(rig->b, NULL, 0);
}

/* A folder that was never finished is not taken for a layer. */
static void
unfinished(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig), *read = NULL;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/0001/journal.json", rig->dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(layer_load(rig->dir, &read), AIA_ENOUSER);
	put(path, "{\"version\": 1}", 0600);
	assert_int_equal(layer_load(rig->dir, &read), AIA_EDAMAGED);
	layer_free(ly);
}

static void
due(void **state)
{
	struct layer ly = { .pending = true, .due = { .ms = 100,
	    .id = "00000000-0000-0000-0000-000000000000" } };
	struct boot_time now = ly.due;

	(void)state;
	assert_true(layer_is_due(&ly, &now));
	now.ms = 99;
	assert_false(layer_is_due(&ly, &now));
	now.id[0] = '1';
	assert_true(layer_is_due(&ly, &now));
	ly.pending = false;
	assert_false(layer_is_due(&ly, &now));
}

/* Labels and access lists stay with the place. */
static void
attributes_stay(void **state)
{
	const struct rig *rig = *state;
	struct layer *ly = make(rig);
	char value[8] = "";

	if (setxattr(rig->a, "user.x", "kept", 4, 0) < 0) {
		assert_int_equal(errno, ENOTSUP);
		layer_free(ly);
		skip();
	}
	assert_int_equal(layer_apply(ly), 0);
	assert_int_equal(getxattr(rig->a, "user.x", value, 4), 4);
	assert_int_equal(layer_restore(ly, true, conflict), 0);
	assert_int_equal(getxattr(rig->a, "user.x", value, 4), 4);
	assert_string_equal(value, "kept");
	layer_free(ly);
}

static void
bad_files(void **state)
{
	const struct rig *rig = *state;
	struct file f = { 0 };
	FILE *out;

	out = fopen(rig->a, "we");
	assert_non_null(out);
	assert_int_equal(fwrite("a\0b", 1, 3, out), 3);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(file_read(rig->a, &f), AIA_EPROTO);
	assert_int_equal(truncate(rig->a, FILE_LEN_MAX + 1), 0);
	assert_int_equal(file_read(rig->a, &f), -EFBIG);
	assert_int_equal(unlink(rig->a), 0);
	assert_int_equal(mkfifo(rig->a, 0600), 0);
	assert_int_equal(file_read(rig->a, &f), AIA_EUNTRUSTED);
	assert_int_equal(file_read(rig->top, &f), AIA_EUNTRUSTED);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(there_and_back), T(not_as_shown), T(not_yet), T(cut_off),
		T(changed_elsewhere),
		T(changed_there), T(a_link_by_now), T(two_layers),
		T(unfinished), T(attributes_stay), T(bad_files),
		cmocka_unit_test(due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
