/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_when.c - moments as people write them.
 */
#include "config.h"

#include "base/when.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define NOW_S 1700000000

static struct when_row { const char *in; int r; int64_t want; } rows[] = {
	{ "2023-11-14", 0, 1699920000 },
	{ "2023-11-14T22:13", 0, 1699999980 },
	{ "2023-11-14 22:13", 0, 1699999980 },
	{ "2023-11-14T22:13:20", 0, NOW_S },
	{ "2023-11-14 22:13:20", 0, NOW_S },
	{ "@1700000001", 0, NOW_S + 1 },
	{ "@0", 0, 0 },
	{ "20s", 0, NOW_S - 20 },
	{ "3m", 0, NOW_S - 180 },
	{ "2h", 0, NOW_S - 7200 },
	{ "7d", 0, NOW_S - 604800 },
	{ "0s", 0, NOW_S },
	{ "", -EINVAL, 0 },
	{ "7", -EINVAL, 0 },
	{ "d", -EINVAL, 0 },
	{ "7w", -EINVAL, 0 },
	{ "-7d", -EINVAL, 0 },
	{ "7d ", -EINVAL, 0 },
	{ "@", -EINVAL, 0 },
	{ "@-1", -EINVAL, 0 },
	{ "2023-13-14", -EINVAL, 0 },
	{ "2023-11-14T25:00", -EINVAL, 0 },
	{ "2023-02-29", -EINVAL, 0 },
	{ "2024-02-29", 0, 1709164800 },
	{ "2023-11-14x", -EINVAL, 0 },
	{ "yesterday", -EINVAL, 0 },
};

static void
when(void **state)
{
	const struct when_row *row = *state;
	int64_t got = 0;

	assert_int_equal(when_parse(row->in, NOW_S, &got), row->r);
	assert_int_equal(got, row->want);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	if (setenv("TZ", "UTC", 1) < 0)
		return 1;
	tzset();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].in,
		    .test_func = when, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
