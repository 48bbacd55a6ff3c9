/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_limit.c - a flood of one event, and of kinds of events.
 */
#include "config.h"

#include "base/log_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void
one_event(void **state)
{
	struct log_limit limit = { 0 };
	uint32_t left_out = 99;

	(void)state;
	for (int i = 0; i < LOG_LIMIT_LINES; i++) {
		assert_true(log_limit_pass(&limit, "a", 1000 + i, &left_out));
		assert_int_equal(left_out, 0);
	}
	for (int i = 0; i < 5; i++)
		assert_false(log_limit_pass(&limit, "a", 1100, &left_out));
	/* Another one is not hidden by it. */
	assert_true(log_limit_pass(&limit, "b", 1100, &left_out));
	/* The window began with the first line. */
	assert_false(log_limit_pass(&limit, "a", 999 + LOG_LIMIT_WINDOW_MS,
	    &left_out));
	assert_true(log_limit_pass(&limit, "a", 1000 + LOG_LIMIT_WINDOW_MS,
	    &left_out));
	assert_int_equal(left_out, 6);
	assert_true(log_limit_pass(&limit, "a", 1001 + LOG_LIMIT_WINDOW_MS,
	    &left_out));
	assert_int_equal(left_out, 0);
}

/* More kinds than rows share the last one: limited, never beyond the table. */
static void
many_events(void **state)
{
	static char names[LOG_LIMIT_EVENTS * 2][8];
	struct log_limit limit = { 0 };
	uint32_t left_out = 0;
	size_t passed = 0;

	(void)state;
	for (size_t i = 0; i < LOG_LIMIT_EVENTS * 2; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "e%zu", i);
		passed += log_limit_pass(&limit, names[i], 0, &left_out);
	}
	assert_int_equal(passed, LOG_LIMIT_EVENTS - 1 + LOG_LIMIT_LINES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_event),
		cmocka_unit_test(many_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
