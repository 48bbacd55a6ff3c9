/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_refusal.c - what one process writes another one reads, whole.
 */
#include "config.h"

#include "aiauthd/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
across_processes(void **state)
{
	char text[REFUSAL_TEXT_MAX + 1] = "x";
	struct refusal *r = NULL;
	int64_t when_s = 1;
	pid_t pid;

	(void)state;
	assert_int_equal(refusal_new(&r), 0);
	assert_false(refusal_get(r, &when_s, text));
	assert_int_equal(when_s, 0);
	assert_string_equal(text, "");
	pid = fork();
	if (pid == 0) {
		refusal_set(r, 1700000000, "a.cedar:1:2: why");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(refusal_get(r, &when_s, text));
	assert_int_equal(when_s, 1700000000);
	assert_string_equal(text, "a.cedar:1:2: why");
	refusal_clear(r);
	assert_false(refusal_get(r, &when_s, text));
	assert_string_equal(text, "");
	refusal_free(r);
}

static void
long_text(void **state)
{
	char in[REFUSAL_TEXT_MAX + 2], text[REFUSAL_TEXT_MAX + 1];
	struct refusal *r = NULL;
	int64_t when_s;

	(void)state;
	memset(in, 'x', sizeof(in) - 1);
	in[sizeof(in) - 1] = '\0';
	assert_int_equal(refusal_new(&r), 0);
	refusal_set(r, 1, in);
	assert_true(refusal_get(r, &when_s, text));
	assert_string_equal(text, in + 1);
	refusal_set(r, 2, "short");
	assert_true(refusal_get(r, &when_s, text));
	assert_string_equal(text, "short");
	refusal_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(across_processes),
		cmocka_unit_test(long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
