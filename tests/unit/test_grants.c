/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_grants.c - tokens that a parent keeps for the children that follow.
 */
#include "config.h"

#include "netd/grants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int pair[2];		/* parent, child */

static int
setup(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
}

static int
teardown(void **state)
{
	struct grant g;

	(void)state;
	(void)close(pair[0]);
	(void)close(pair[1]);
	grants_take(0, 0, &g);		/* wipes */
	return 0;
}

static void
keep(uint64_t id, int64_t until_ms, const char *token)
{
	struct grant g = { .id = id, .until_ms = until_ms };

	assert_int_equal(secret_set(&g.token, token, strlen(token)), 0);
	grants_send(pair[1], &g);
	assert_true(grants_keep(pair[0]));
}

static void
taken(uint64_t id, int64_t now_ms, const char *want)
{
	struct grant g;

	grants_take(id, now_ms, &g);
	assert_int_equal(g.id, id);
	assert_true(aia_span_eq(secret_span(&g.token), aia_span_str(want)));
}

static void
kept(void **state)
{
	(void)state;
	keep(1, 100, "a");
	keep(2, 100, "b");
	keep(1, 200, "c");
	taken(1, 199, "c");
	taken(2, 0, "");	/* the child has wiped all others */
}

static void
ended(void **state)
{
	(void)state;
	keep(1, 100, "a");
	taken(1, 100, "");
}

static void
unknown(void **state)
{
	(void)state;
	keep(1, 100, "a");
	taken(3, 0, "");
}

static void
too_many(void **state)
{
	(void)state;
	for (uint64_t id = 1; id <= CONF_SOURCES_MAX; id++)
		keep(id, 100 - (int64_t)id, "a");
	keep(99, 50, "b");
	taken(CONF_SOURCES_MAX, 0, "");		/* ended first */
}

static void
refused(void **state)
{
	struct grant g = { .id = 1, .until_ms = 100 };

	(void)state;
	grants_send(pair[1], &g);		/* no token */
	assert_false(grants_keep(pair[0]));
	g.token.len = SECRET_LEN_MAX + 1;
	grants_send(pair[1], &g);
	assert_false(grants_keep(pair[0]));
	g.token.len = 1;
	assert_int_equal(send(pair[1], &g, sizeof(g) - 1, 0), sizeof(g) - 1);
	assert_false(grants_keep(pair[0]));
	assert_false(grants_keep(pair[0]));	/* nothing there */
	taken(1, 0, "");
}

/* Whatever of a source its token depends on gives another id. */
static void
ids(void **state)
{
	struct conf_source s = { .url = "https://h",
	    .client = { .scope = "a" } }, other = s;

	(void)state;
	assert_true(grant_id(&s) == grant_id(&other));
	(void)snprintf(other.url, sizeof(other.url), "https://i");
	assert_true(grant_id(&s) != grant_id(&other));
	other = s;
	other.client.scope[0] = '\0';
	(void)snprintf(other.client.resource,
	    sizeof(other.client.resource), "a");
	assert_true(grant_id(&s) != grant_id(&other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kept, setup, teardown),
		cmocka_unit_test_setup_teardown(ended, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test(ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
