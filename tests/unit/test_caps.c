/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_caps.c - strangers at a prompt take what they may and no more.
 */
#include "config.h"

#include "aiauthd/caps.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SLOTS 16

static const struct caps_limits limits = { .per_source = 4, .per_user = 3,
    .total = 6 };

static int
caps_make(void **state)
{
	return caps_new(SLOTS, (struct caps **)state);
}

static int
caps_drop(void **state)
{
	caps_free(*state);
	return 0;
}

static void
per_source(void **state)
{
	struct caps *caps = *state;
	char user[] = "u0";

	for (unsigned i = 0; i < SLOTS; i++, user[1]++)
		assert_int_equal(caps_enter(caps, i, &limits, "192.0.2.1",
		    user), i < limits.per_source);
	/* Another address and the console still get in. */
	assert_true(caps_enter(caps, 8, &limits, "192.0.2.2", "v"));
	assert_true(caps_enter(caps, 9, &limits, NULL, "v"));
	/* One leaves, one may come. */
	caps_leave(caps, 0);
	assert_true(caps_enter(caps, 10, &limits, "192.0.2.1", "w"));
	assert_false(caps_enter(caps, 11, &limits, "192.0.2.1", "x"));
}

static void
per_user(void **state)
{
	struct caps *caps = *state;
	char source[] = "192.0.2.0";

	for (unsigned i = 0; i < 5; i++, source[8]++)
		assert_int_equal(caps_enter(caps, i, &limits, source, "ada"),
		    i < limits.per_user);
	/* sudo counts for its user too, apart from what strangers do. */
	for (unsigned i = 6; i < 11; i++)
		assert_int_equal(caps_enter(caps, i, &limits, NULL, "ada"),
		    i - 6 < limits.per_user);
	assert_true(caps_enter(caps, 11, &limits, NULL, "adam"));
}

/* Connections of one uid, prompt or not. */
static void
per_uid(void **state)
{
	struct caps *caps = *state;

	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(caps_come(caps, i, 5001, 3), i < 3);
	assert_true(caps_come(caps, 5, 5002, 3));
	caps_leave(caps, 0);		/* proved: the connection stays */
	assert_false(caps_come(caps, 3, 5001, 3));
	caps_go(caps, 0);
	assert_true(caps_come(caps, 3, 5001, 3));
	caps_died(caps, 1, 1);
	assert_true(caps_come(caps, 4, 5001, 3));
	assert_false(caps_come(caps, 6, 5001, 3));
}

static void
in_total(void **state)
{
	struct caps *caps = *state;
	char source[] = "192.0.2.0", user[] = "u0";

	for (unsigned i = 0; i < 8; i++, source[8]++, user[1]++)
		assert_int_equal(caps_enter(caps, i, &limits, source, user),
		    i < limits.total);
	assert_true(caps_enter(caps, 9, &limits, NULL, "root2"));
}

/* A worker that enters twice takes one place. */
static void
again(void **state)
{
	struct caps *caps = *state;

	for (int i = 0; i < 20; i++)
		assert_true(caps_enter(caps, 1, &limits, "192.0.2.1", "ada"));
}

static void
too_long(void **state)
{
	struct caps *caps = *state;
	char text[300];

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(caps_enter(caps, 1, &limits, text, "ada"));
	assert_false(caps_enter(caps, 1, &limits, "192.0.2.1", text));
}

/* 8 processes at once: never more inside than permitted. */
static void
processes(void **state)
{
	struct caps *caps = *state;
	int inside = 0, status;

	for (unsigned i = 0; i < 8; i++)
		if (fork() == 0) {
			for (int j = 0; j < 200; j++) {
				caps_leave(caps, i);
				if (caps_enter(caps, i, &limits, "192.0.2.1",
				    i % 2 ? "ada" : "bob"))
					continue;
				(void)usleep(10);
			}
			_exit(caps_enter(caps, i, &limits, "192.0.2.1",
			    i % 2 ? "ada" : "bob"));
		}
	while (wait(&status) > 0) {
		assert_true(WIFEXITED(status));
		inside += WEXITSTATUS(status);
	}
	assert_in_range(inside, 1, limits.per_source);
	/* Theirs are the places until the supervisor says they are gone. */
	for (unsigned i = 0; i < 8; i++)
		caps_died(caps, i, 1);
	assert_true(caps_enter(caps, 9, &limits, "192.0.2.1", "ada"));
}

/* One login in the browser is open in slot 0, of ada from 192.0.2.1; then... */
enum ending { RUNS, ENDS, GOES, LEAVES, DIES };

static struct flow_row {
	const char *name;
	enum ending ending;
	unsigned slot;		/* of the second */
	const char *source, *user;
	bool want;
} flow_rows[] = {
	{ "flow: a second one of the same", RUNS, 1, "192.0.2.1", "ada",
	    false },
	{ "flow: from another address", RUNS, 1, "192.0.2.2", "ada", true },
	{ "flow: from an address that begins so", RUNS, 1, "192.0.2.11", "ada",
	    true },
	{ "flow: here", RUNS, 1, "", "ada", true },
	{ "flow: of somebody else", RUNS, 1, "192.0.2.1", "adam", true },
	{ "flow: the same worker begins anew", RUNS, 0, "192.0.2.1", "ada",
	    true },
	{ "flow: once the first has ended", ENDS, 1, "192.0.2.1", "ada",
	    true },
	{ "flow: once its connection has", GOES, 1, "192.0.2.1", "ada", true },
	{ "flow: another factor proved does not end it", LEAVES, 1,
	    "192.0.2.1", "ada", false },
	{ "flow: once its worker has died", DIES, 1, "192.0.2.1", "ada",
	    true },
};

static void
flow(void **state)
{
	const struct flow_row *row = *state;
	struct caps *caps = NULL;

	assert_int_equal(caps_new(SLOTS, &caps), 0);
	assert_true(caps_flow_begin(caps, 0, "192.0.2.1", "ada"));
	switch (row->ending) {
	case RUNS:
		break;
	case ENDS:
		caps_flow_end(caps, 0);
		break;
	case GOES:
		caps_go(caps, 0);
		break;
	case LEAVES:
		caps_leave(caps, 0);
		break;
	case DIES:
		caps_died(caps, 0, 1);
		break;
	}
	assert_int_equal(caps_flow_begin(caps, row->slot, row->source,
	    row->user), row->want);
	/* Who was turned away has left nothing behind. */
	caps_flow_end(caps, 0);
	assert_int_equal(caps_flow_begin(caps, 2, row->source, row->user),
	    !row->want || row->slot == 0);
	caps_free(caps);
}

static void
flow_too_long(void **state)
{
	struct caps *caps = *state;
	char text[300];

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_false(caps_flow_begin(caps, 1, text, "ada"));
	assert_false(caps_flow_begin(caps, 1, "192.0.2.1", text));
}

int
main(void)
{
#define CAPS_TEST(f) cmocka_unit_test_setup_teardown(f, caps_make, caps_drop)
	const struct CMUnitTest others[] = {
		CAPS_TEST(per_source),
		CAPS_TEST(per_user),
		CAPS_TEST(per_uid),
		CAPS_TEST(in_total),
		CAPS_TEST(again),
		CAPS_TEST(too_long),
		CAPS_TEST(processes),
		CAPS_TEST(flow_too_long),
	};
	struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(flow_rows)];
	size_t n = ARRAY_LEN(others);

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < ARRAY_LEN(flow_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = flow_rows[i].name,
		    .test_func = flow, .initial_state = &flow_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
