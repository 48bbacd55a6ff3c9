/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_outages.c - providers that were silent, as a parent remembers them.
 */
#include "config.h"

#include "netd/outages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"

#define AT 1000000		/* ms: some moment */

static int pair[2];		/* parent, child */
static uint64_t id;		/* another in each test: what is kept stays */

static int
setup(void **state)
{
	(void)state;
	id += 100;
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
}

static int
teardown(void **state)
{
	(void)state;
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}

static void
say(uint64_t whose, enum outage_said said, int64_t begun_ms, int64_t now_ms)
{
	const struct outage_note note = { .id = whose, .begun_ms = begun_ms,
	    .said = said };

	outages_send(pair[1], &note);
	assert_true(outages_keep(pair[0], now_ms));
}

static void
known(void **state)
{
	(void)state;
	assert_int_equal(outages_look(id, AT), OUTAGE_NONE);
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	assert_int_equal(outages_look(id, AT), OUTAGE_SILENT);
	assert_int_equal(outages_look(id, AT + OUTAGE_MS - 1), OUTAGE_SILENT);
	assert_int_equal(outages_look(id + 1, AT), OUTAGE_NONE);
}

static void
probed(void **state)
{
	const int64_t later = AT + OUTAGE_MS;

	(void)state;
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	assert_int_equal(outages_look(id, later), OUTAGE_PROBE);
	say(id, OUTAGE_PROBE, later, later);
	assert_int_equal(outages_look(id, later + 1), OUTAGE_SILENT);
	assert_int_equal(outages_look(id, later + OUTAGE_MS), OUTAGE_PROBE);
	say(id, OUTAGE_OVER, later, later + 50);
	assert_int_equal(outages_look(id, later + 51), OUTAGE_NONE);
}

/* Whoever gives up when it is his to ask keeps nobody from asking. */
static void
probe_given_up(void **state)
{
	const int64_t later = AT + OUTAGE_MS;

	(void)state;
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	say(id, OUTAGE_PROBE, later, later);
	say(id, OUTAGE_AGAIN, later, later + 10);
	assert_int_equal(outages_look(id, later + 10), OUTAGE_PROBE);
	say(id, OUTAGE_OVER, later + 11, later + 12);
	say(id, OUTAGE_AGAIN, later, later + 13);
	assert_int_equal(outages_look(id, later + 13), OUTAGE_NONE);
}

/* A probe whose note comes after another's answer. */
static void
probed_late(void **state)
{
	(void)state;
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	say(id, OUTAGE_OVER, AT, AT + 10);
	say(id, OUTAGE_PROBE, AT, AT + 11);
	assert_int_equal(outages_look(id, AT + 12), OUTAGE_NONE);
}

static void
old(void **state)
{
	const int64_t end = AT + OUTAGE_MS + OUTAGE_OLD_MS;

	(void)state;
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	assert_int_equal(outages_look(id, end - 1), OUTAGE_PROBE);
	assert_int_equal(outages_look(id, end), OUTAGE_NONE);
}

/* Another question was answered while this one hung. */
static void
one_of_several(void **state)
{
	(void)state;
	say(id, OUTAGE_OVER, AT - 100, AT - 50);
	say(id, OUTAGE_SILENT, AT - 10000, AT);
	assert_int_equal(outages_look(id, AT), OUTAGE_NONE);
	say(id, OUTAGE_SILENT, AT - 49, AT + 9000);
	assert_int_equal(outages_look(id, AT + 9000), OUTAGE_SILENT);
}

static void
too_many(void **state)
{
	(void)state;
	for (uint64_t i = 0; i <= CONF_SOURCES_MAX; i++)
		say(id + i, OUTAGE_SILENT, 2 * AT, 3 * AT + (int64_t)i);
	assert_int_equal(outages_look(id, 3 * AT), OUTAGE_NONE);
	assert_int_equal(outages_look(id + 1, 3 * AT), OUTAGE_SILENT);
	assert_int_equal(outages_look(id + CONF_SOURCES_MAX, 3 * AT),
	    OUTAGE_SILENT);
}

static void
refused(void **state)
{
	struct outage_note note = { .id = id, .begun_ms = AT,
	    .said = OUTAGE_NONE };

	(void)state;
	outages_send(pair[1], &note);
	assert_false(outages_keep(pair[0], AT));
	note.said = (enum outage_said)9;
	outages_send(pair[1], &note);
	assert_false(outages_keep(pair[0], AT));
	note.said = OUTAGE_SILENT;
	assert_int_equal(send(pair[1], &note, sizeof(note) - 1, 0),
	    sizeof(note) - 1);
	assert_false(outages_keep(pair[0], AT));
	assert_false(outages_keep(pair[0], AT));	/* nothing there */
	assert_int_equal(outages_look(id, AT), OUTAGE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(known, setup, teardown),
		cmocka_unit_test_setup_teardown(probed, setup, teardown),
		cmocka_unit_test_setup_teardown(probe_given_up, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(probed_late, setup, teardown),
		cmocka_unit_test_setup_teardown(old, setup, teardown),
		cmocka_unit_test_setup_teardown(one_of_several, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
