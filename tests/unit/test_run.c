/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_run.c - programs that end well, badly, and not at all.
 */
#include "config.h"

#include "aiauthctl/run.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/client.h"

static struct run_row {
	const char *name, *script;
	int want;
	const char *out;
} run_rows[] = {
	{ "what it prints", "echo a; echo b", 0, "a\nb\n" },
	{ "its status", "echo x; exit 7", 7, "x\n" },
	{ "a signal", "kill -9 $$", 128 + SIGKILL, "" },
	{ "cut at the room", "echo 0123456789abcdef", 0, "0123456789abcde" },
	{ "it waits for nothing", "sleep 100 & sleep 100", -ETIMEDOUT, "" },
	{ "nothing to read", "cat", 0, "" },
	{ "a clean environment", "env | grep -c SECRET", 1, "0\n" },
	{ "what it is given", "echo $X $LC_ALL", 0, "y C\n" },
	{ "no descriptor of ours", "ls /proc/self/fd | wc -l", 0, "4\n" },
};

static void
run(void **state)
{
	const struct run_row *row = *state;
	const char *const argv[] = { "/bin/sh", "-c", row->script, NULL };
	const char *const env[] = { "X=y", NULL };
	int64_t began_ms = aia_now_ms();
	char room[16];

	assert_int_equal(setenv("SECRET", "s", 1), 0);
	assert_int_equal(run_program(argv, env, row->want == -ETIMEDOUT ? 1 :
	    20, false, room, sizeof(room)), row->want);
	assert_string_equal(room, row->out);
	assert_true(aia_now_ms() - began_ms < 10000);
}

static void
not_there(void **state)
{
	const char *const argv[] = { "/nonexistent", NULL };
	const char *const paths[] = { "/nonexistent", "/bin/sh", NULL };

	(void)state;
	assert_int_equal(run_program(argv, NULL, 5, false, NULL, 0), -ENOENT);
	assert_string_equal(run_find(paths), "/bin/sh");
	assert_null(run_find(argv));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(run_rows) + 1] = {
		{ .name = "not there", .test_func = not_there },
	};

	for (size_t i = 0; i < ARRAY_LEN(run_rows); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = run_rows[i].name,
		    .test_func = run, .initial_state = &run_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
