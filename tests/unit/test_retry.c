/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_retry.c - what servers say about when to come back.
 */
#include "config.h"

#include "netd/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/err.h"

#define NOW_S 784111777		/* Sun, 06 Nov 1994 08:49:37 GMT */

static struct retry_row {
	const char *name, *retry_after, *reset;
	uint32_t want;
} retry_rows[] = {
	{ "nothing said", NULL, NULL, 0 },
	{ "seconds", "120", NULL, 120 },
	{ "at once", "0", NULL, 0 },
	{ "more than a day", "86401", NULL, RETRY_MAX_S },
	{ "2^32", "4294967296", NULL, RETRY_MAX_S },
	{ "for ever", "99999999999999999999999", NULL, RETRY_MAX_S },
	{ "for ever and a word", "99999999999999999999999s", NULL, 0 },
	{ "leading zeros", "0000000000001", NULL, 0 },
	{ "nine digits", "999999999", NULL, RETRY_MAX_S },
	{ "leading zero", "05", NULL, 0 },
	{ "negative", "-5", NULL, 0 },
	{ "a fraction", "1.5", NULL, 0 },
	{ "two values", "5, 6", NULL, 0 },
	{ "empty", "", NULL, 0 },
	{ "a word", "soon", NULL, 0 },
	/* RFC 9110 section 5.6.7, each 90 s later */
	{ "date", "Sun, 06 Nov 1994 08:51:07 GMT", NULL, 90 },
	{ "RFC 850 date", "Sunday, 06-Nov-94 08:51:07 GMT", NULL, 90 },
	{ "asctime date", "Sun Nov  6 08:51:07 1994", NULL, 90 },
	{ "a date in the past", "Sun, 06 Nov 1994 08:00:00 GMT", NULL, 0 },
	{ "a date next year", "Mon, 06 Nov 1995 08:49:37 GMT", NULL,
	    RETRY_MAX_S },
	{ "a date and more", "Sun, 06 Nov 1994 08:51:07 GMT x", NULL, 0 },
	{ "another zone", "Sun, 06 Nov 1994 08:51:07 CET", NULL, 0 },
	{ "reset in seconds", NULL, "30", 30 },
	{ "reset as Unix time is past now", NULL, "1000000000", RETRY_MAX_S },
	{ "Retry-After goes first", "10", "30", 10 },
	{ "unless it says nothing", "soon", "30", 30 },
	{ "both nonsense", "soon", "later", 0 },
};

static void
retry(void **state)
{
	const struct retry_row *row = *state;

	assert_int_equal(retry_wait_s(row->retry_after, row->reset, NOW_S),
	    row->want);
}

/* As Unix time, by the server's clock and not by ours. */
static void
unix_time(void **state)
{
	(void)state;
	assert_int_equal(retry_wait_s(NULL, "1700000060", 1700000000), 60);
	assert_int_equal(retry_wait_s(NULL, "1700000000", 1700000000), 0);
	assert_int_equal(retry_wait_s(NULL, "1699999999", 1700000000), 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(retry_rows) + 1] = {
		cmocka_unit_test(unix_time),
	};

	for (size_t i = 0; i < ARRAY_LEN(retry_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = retry_rows[i].name, .test_func = retry,
		    .initial_state = &retry_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
