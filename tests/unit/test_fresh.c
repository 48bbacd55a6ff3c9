/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fresh.c - the age of a source, and what is left of its grace.
 */
#include "config.h"

#include "base/fresh.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define A "aaaaaaaa-0000-4000-8000-000000000000"
#define B "bbbbbbbb-0000-4000-8000-000000000000"
#define NOON_S INT64_C(1767268800)
#define HOUR INT64_C(3600)
#define GRACE_S 259200u		/* 72 h */

#define AT(boot_id, boot_s, unix_s) \
	{ .at = { .id = boot_id, .ms = (boot_s) * 1000 }, .at_s = unix_s }
#define OLD(age_s, boot_id, boot_s, unix_s) \
	{ .age_ms = (age_s) * 1000, .at = { .id = boot_id, \
	    .ms = (boot_s) * 1000 }, .at_s = unix_s }

static struct age_row {
	const char	*name;
	struct fresh	 f, now;
	int64_t		 want_s;	/* -1: never */
	enum fresh_state state;
	int64_t		 left_s;
} age_rows[] = {
	{ "never there", { .age_ms = -1 }, AT(A, 100, NOON_S), -1, FRESH_NEVER, 0 },
	{ "just now", AT(A, 100, NOON_S), AT(A, 100, NOON_S), 0, FRESH_FINE,
	    259200 },
	{ "an hour", AT(A, 100, NOON_S), AT(A, 3700, NOON_S + HOUR), 3600,
	    FRESH_FINE, 259200 - 3600 },
	{ "71 h 59 min", AT(A, 100, NOON_S),
	    AT(A, 100 + 259140, NOON_S + 259140), 259140, FRESH_FINE, 60 },
	{ "72 h 1 min", AT(A, 100, NOON_S),
	    AT(A, 100 + 259260, NOON_S + 259260), 259260, FRESH_EXPIRED, 0 },
	{ "exactly 72 h", AT(A, 0, NOON_S),
	    AT(A, 259200, NOON_S + 259200), 259200, FRESH_EXPIRED, 0 },
	{ "the wall clock goes back a year", AT(A, 100, NOON_S),
	    AT(A, 3700, NOON_S - 365 * 24 * HOUR), 3600, FRESH_FINE, 255600 },
	{ "the wall clock goes forward a year", AT(A, 100, NOON_S),
	    AT(A, 3700, NOON_S + 365 * 24 * HOUR), 3600, FRESH_FINE, 255600 },
	{ "the wall clock goes to 0", AT(A, 100, NOON_S), AT(A, 3700, 0),
	    3600, FRESH_FINE, 255600 },
	{ "a reboot of an hour", OLD(1000, A, 99999, NOON_S),
	    AT(B, 10, NOON_S + HOUR), 4600, FRESH_FINE, 254600 },
	{ "a reboot, and the clock is behind", OLD(1000, A, 99999, NOON_S),
	    AT(B, 10, NOON_S - 10 * HOUR), 1000, FRESH_FINE, 258200 },
	{ "a reboot, and the clock is at 0", OLD(259199, A, 99999, NOON_S),
	    AT(B, 10, 0), 259199, FRESH_FINE, 1 },
	{ "a reboot with nothing left", OLD(259200, A, 9, NOON_S),
	    AT(B, 10, 0), 259200, FRESH_EXPIRED, 0 },
	{ "the clock of the boot goes back", OLD(1000, A, 99999, NOON_S),
	    AT(A, 10, NOON_S + HOUR), 4600, FRESH_FINE, 254600 },
	{ "both clocks go back", OLD(1000, A, 99999, NOON_S),
	    AT(A, 10, NOON_S - HOUR), 1000, FRESH_FINE, 258200 },
	{ "from an unknown boot", OLD(0, "", 0, NOON_S),
	    AT(A, 10, NOON_S + HOUR), 3600, FRESH_FINE, 255600 },
	{ "an age that does not fit", { INT64_MAX - 1, { 0, A }, NOON_S },
	    AT(A, 10, NOON_S), INT64_MAX / 1000, FRESH_EXPIRED, 0 },
	{ "times that do not fit", AT(A, 10, INT64_MIN), AT(B, 10, INT64_MAX),
	    INT64_MAX / 1000, FRESH_EXPIRED, 0 },
};

static void
age(void **state)
{
	const struct age_row *row = *state;
	int64_t ms = fresh_age_ms(&row->f, &row->now);
	struct fresh f = row->f;

	assert_int_equal(ms < 0 ? ms : ms / 1000, row->want_s);
	assert_int_equal(fresh_state(ms, GRACE_S), row->state);
	assert_int_equal(fresh_left_s(ms, GRACE_S), row->left_s);
	/* Stored and looked at again it is the same. */
	fresh_forward(&f, &row->now);
	assert_int_equal(fresh_age_ms(&f, &row->now), ms);
}

/*
 * Noted once a minute through a hundred reboots, with a wall clock that is
 * wrong at each in another way, the age never falls, and it counts at least
 * the time that each boot ran.
 */
static void
only_grows(void **state)
{
	static const int64_t jumps_s[] = { 0, -400 * 24 * HOUR, HOUR, -NOON_S,
	    400 * 24 * HOUR, -1 };
	struct fresh f = AT(A, 0, NOON_S);
	int64_t before_ms = 0, ran_ms = 0;

	(void)state;
	for (int64_t boot = 0; boot < 100; boot++) {
		int64_t wall_s = NOON_S + jumps_s[boot % 6];

		for (int64_t minute = 0; minute < 30; minute++) {
			struct fresh now = AT("", minute * 60, wall_s +
			    minute * 60);
			int64_t ms;

			(void)snprintf(now.at.id, sizeof(now.at.id),
			    "%08" PRIx64 "-0000-4000-8000-000000000000", boot);
			ms = fresh_age_ms(&f, &now);
			assert_true(ms >= before_ms);
			ran_ms += minute > 0 ? 60000 : 0;
			assert_true(ms >= ran_ms);
			fresh_forward(&f, &now);
			assert_int_equal(f.age_ms, ms);
			before_ms = ms;
		}
	}
}

static void
now(void **state)
{
	struct fresh f = { 0 };

	(void)state;
	assert_int_equal(fresh_now(&f), 0);
	assert_true(f.at.ms > 0 && boot_id_ok(f.at.id) && f.at_s > NOON_S / 2);
	assert_int_equal(f.age_ms, 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(age_rows) + 2] = {
		cmocka_unit_test(only_grows), cmocka_unit_test(now),
	};

	for (size_t i = 0; i < ARRAY_LEN(age_rows); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = age_rows[i].name,
		    .test_func = age, .initial_state = &age_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
