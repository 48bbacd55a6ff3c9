/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_snapfile.c - what the writer refuses, what it writes, and how it puts
 * the file in its place.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/snapshot.h"
#include "tests/snaptext.h"

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_reallocarray(void *p, size_t n, size_t size);
void *__wrap_reallocarray(void *p, size_t n, size_t size);

static unsigned calls_left = UINT32_MAX;	/* that get memory */

static bool
refused(void)
{
	if (calls_left == 0)
		return true;
	calls_left--;
	return false;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *
__wrap_reallocarray(void *p, size_t n, size_t size)
{
	return refused() ? NULL : __real_reallocarray(p, n, size);
}

/* Every line that must be refused, each after the same good beginning. */
static struct refuse_row {
	const char *name, *text;
	int want;
} refuse_rows[] = {
	{ "good", "", 0 },
	{ "uid 0", "user:a:0:70000::/:/\n", AIA_EDAMAGED },
	{ "gid 0", "user:a:70001:0::/:/\n", AIA_EDAMAGED },
	{ "system uid", "user:a:999:70000::/:/\n", AIA_EDAMAGED },
	{ "uid of a container",
	  "user:a:524288:70000::/:/\n", AIA_EDAMAGED },
	{ "uid outside the ranges",
	  "user:a:90001:70000::/:/\n", AIA_EDAMAGED },
	{ "gid outside the ranges",
	  "user:a:70001:90001::/:/\n", AIA_EDAMAGED },
	{ "name taken", "user:ada:70001:70000::/:/\n", -EEXIST },
	{ "uid taken", "user:a:70000:70000::/:/\n", -EEXIST },
	{ "control character", "user:a:70001:70000:\001:/:/\n", AIA_EDAMAGED },
	{ "delete", "user:a:70001:70000:\177:/:/\n", AIA_EDAMAGED },
	{ "group gid 0", "group:g:0:\n", AIA_EDAMAGED },
	{ "group outside the ranges", "group:g:90001:\n", AIA_EDAMAGED },
	{ "group name taken", "group:staff:80001:\n", -EEXIST },
	{ "gid taken", "group:g:80000:\n", -EEXIST },
	{ "local group not permitted", "grant:ada:27\n", AIA_EDAMAGED },
	{ "local group as root's", "grant:ada:0\n", AIA_EDAMAGED },
	{ "user and group share a name", "group:ada:70000:\n", 0 },
};

static void
refuse(void **state)
{
	const struct refuse_row *row = *state;
	uint8_t *file = NULL;
	char text[1024];
	unsigned line;
	size_t len;

	(void)snprintf(text, sizeof(text), "range:70000:80999\nlocal:44\n"
	    "user:ada:70000:70000:Ada:/home/ada:/bin/sh\n"
	    "group:staff:80000:ada\n%s", row->text);
	assert_int_equal(snaptext_build(text, &file, &len, &line), row->want);
	free(file);
}

static void
head_refused(void **state)
{
	struct snapfile_head head = { .n_local_gids = 1 };
	struct snapfile *sf = NULL;

	(void)state;
	assert_int_equal(snapfile_new(&head, &sf), AIA_EDAMAGED);
	head.local_gids[0] = UINT32_MAX;
	assert_int_equal(snapfile_new(&head, &sf), AIA_EDAMAGED);
	head.n_local_gids = AIA_SNAP_LOCAL_GIDS_MAX + 1;
	assert_int_equal(snapfile_new(&head, &sf), AIA_EDAMAGED);
	head.n_local_gids = 0;
	head.n_ranges = AIA_SNAP_RANGES_MAX + 1;
	assert_int_equal(snapfile_new(&head, &sf), AIA_EDAMAGED);
}

static void
nobody_there(void **state)
{
	struct snapfile_head head = { 0 };
	struct snapfile *sf = NULL;

	(void)state;
	assert_int_equal(snapfile_new(&head, &sf), 0);
	assert_int_equal(snapfile_member(sf, 0), AIA_EDAMAGED);
	assert_int_equal(snapfile_local(sf, 44), AIA_EDAMAGED);
	snapfile_free(sf);
}

static void
text_length(void **state)
{
	struct snapfile_head head = { .ranges = { { 70000, 70009 } },
	    .n_ranges = 1 };
	char text[AIA_SNAP_TEXT_LEN_MAX + 2];
	struct snapfile *sf = NULL;
	struct aia_name name;

	(void)state;
	assert_int_equal(aia_name_parse("ada", 3, &name), 0);
	assert_int_equal(snapfile_new(&head, &sf), 0);
	memset(text, 'x', sizeof(text));
	text[AIA_SNAP_TEXT_LEN_MAX + 1] = '\0';
	assert_int_equal(snapfile_user(sf, &name, 70000, 70000, "", "/", text), AIA_EDAMAGED);
	text[AIA_SNAP_TEXT_LEN_MAX] = '\0';
	assert_int_equal(snapfile_user(sf, &name, 70000, 70000, "", "/", text), 0);
	snapfile_free(sf);
}

static void
same_input_same_bytes(void **state)
{
	static const char text[] =
	    "user:ada:70000:70000:Ada:/home/ada:/bin/sh\n"
	    "user:bob:70001:70001:Bob:/home/bob:/bin/sh\n"
	    "group:staff:80000:bob,ada,bob\n";
	uint8_t *a = NULL, *b = NULL;
	size_t a_len = 0, b_len = 0;
	unsigned line;

	(void)state;
	assert_int_equal(snaptext_build(text, &a, &a_len, &line), 0);
	assert_int_equal(snaptext_build(text, &b, &b_len, &line), 0);
	assert_int_equal(a_len, b_len);
	assert_memory_equal(a, b, a_len);
	free(a);
	free(b);
}

/* Memory ends at each place in turn: nothing is lost, nothing half done. */
static void
no_memory(void **state)
{
	static const char text[] = "local:44\n"
	    "user:ada:70000:70000:Ada:/home/ada:/bin/sh\n"
	    "group:staff:80000:ada\ngrant:ada:44\n";
	unsigned given = 0, line;
	uint8_t *file = NULL;
	size_t len = 0;
	int r;

	(void)state;
	do {
		calls_left = given++;
		r = snaptext_build(text, &file, &len, &line);
		if (r < 0) {
			assert_int_equal(r, -ENOMEM);
			assert_null(file);
		}
	} while (r < 0);
	calls_left = UINT32_MAX;
	assert_true(given > 10);
	free(file);
}

/* As many uids as a bucket cannot hold, all in one bucket under the key that
 * the writer is told: it must take another key. */
static void
aimed_at_one_bucket(void **state)
{
	struct snapfile_head head = { .ranges = { { 1, INT32_MAX } },
	    .n_ranges = 1, .key = "known" };
	enum { N = AIA_SNAP_BUCKET_MAX + 1 };
	struct snapfile *sf = NULL;
	struct aia_snapshot snap = { 0 };
	struct aia_snap_user user;
	uint32_t uids[N], n = 0;
	uint8_t *file = NULL;
	struct aia_name name;
	char text[16];
	size_t len = 0;

	(void)state;
	assert_int_equal(snapfile_new(&head, &sf), 0);
	for (uint32_t uid = 1000; n < N; uid++)
		if (aia_snap_id_bucket(head.key, uid, N) == 0)
			uids[n++] = uid;
	for (uint32_t i = 0; i < N; i++) {
		(void)snprintf(text, sizeof(text), "u%u", i);
		assert_int_equal(aia_name_parse(text, strlen(text), &name), 0);
		assert_int_equal(snapfile_user(sf, &name, uids[i], uids[i],
		    "", "/", "/"), 0);
	}
	assert_int_equal(snapfile_finish(sf, &file, &len), 0);
	assert_int_equal(aia_snapshot_open_mem(file, len, &snap), 0);
	assert_memory_not_equal(file + AIA_SNAP_AT_KEY, head.key,
	    sizeof(head.key));
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(aia_snap_user_by_uid(&snap, uids[i], &user),
		    0);
	free(file);
	snapfile_free(sf);
}

/* A folder of its own for each test that writes. */
static int
folder_new(void **state)
{
	char *dir = strdup("/tmp/snapfile.XXXXXX");

	*state = dir;
	return dir != NULL && mkdtemp(dir) != NULL && chdir(dir) == 0 ? 0 : -1;
}

static int
folder_free(void **state)
{
	(void)unlink(AIA_SNAPSHOT_FILE);
	(void)unlink(AIA_SNAPSHOT_FILE ".previous");
	(void)rmdir(*state);
	free(*state);
	return chdir("/");
}

static void
has_text(const char *path, const char *want)
{
	char got[16] = "";
	FILE *f = fopen(path, "re");

	if (want == NULL) {
		assert_null(f);
		return;
	}
	assert_non_null(f);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, f), strlen(want));
	(void)fclose(f);
	assert_string_equal(got, want);
}

static void
published(void **state)
{
	struct stat st;

	(void)umask(077);
	assert_int_equal(snapfile_publish(*state, (const uint8_t *)"one", 3,
	    true), 0);
	has_text(AIA_SNAPSHOT_FILE, "one");
	has_text(AIA_SNAPSHOT_FILE ".previous", NULL);
	assert_int_equal(stat(AIA_SNAPSHOT_FILE, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	/* A writer that was killed left this behind. */
	assert_int_equal(symlink("/etc/passwd", AIA_SNAPSHOT_FILE ".new"), 0);
	assert_int_equal(snapfile_publish(*state, (const uint8_t *)"two", 3,
	    true), 0);
	has_text(AIA_SNAPSHOT_FILE, "two");
	has_text(AIA_SNAPSHOT_FILE ".previous", "one");
	has_text(AIA_SNAPSHOT_FILE ".new", NULL);
	assert_int_equal(snapfile_publish(*state, (const uint8_t *)"3", 1,
	    false), 0);
	has_text(AIA_SNAPSHOT_FILE, "3");
	has_text(AIA_SNAPSHOT_FILE ".previous", "one");
}

static void
failed_publish(void **state)
{
	struct rlimit full, none;

	assert_int_equal(snapfile_publish(*state, (const uint8_t *)"one", 3,
	    false), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &full), 0);
	none = (struct rlimit){ .rlim_cur = 2, .rlim_max = full.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(snapfile_publish(*state, (const uint8_t *)"two", 3,
	    false), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	has_text(AIA_SNAPSHOT_FILE, "one");
	has_text(AIA_SNAPSHOT_FILE ".new", NULL);
	assert_int_equal(snapfile_publish("/nonexistent", NULL, 0, false),
	    -ENOENT);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(refuse_rows) + 8] = {
		cmocka_unit_test(head_refused),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(text_length),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(aimed_at_one_bucket),
		cmocka_unit_test_setup_teardown(published, folder_new,
		    folder_free),
		cmocka_unit_test_setup_teardown(failed_publish, folder_new,
		    folder_free),
	};

	(void)signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < ARRAY_LEN(refuse_rows); i++)
		tests[8 + i] = (struct CMUnitTest){
		    .name = refuse_rows[i].name, .test_func = refuse,
		    .initial_state = &refuse_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
