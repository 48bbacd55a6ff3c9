/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_kinds.c - the table of children: complete, and who may hold the key.
 */
#include "config.h"

#include "aiauthd/kinds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/children.h"

#define COMM_MAX 15	/* prctl(2) PR_SET_NAME cuts longer ones */

static void
table(void **state)
{
	const struct daemon d = { .uid_vault = 1, .gid_vault = 2,
	    .uid_login = 3, .gid_login = 4 };
	uint32_t n = WORKERS_MAX;

	(void)state;
	for (size_t i = 0; i < KIND_N; i++) {
		const struct kind *k = &kinds[i];

		assert_in_range(strlen(k->name), 1, COMM_MAX);
		assert_non_null(k->sock);
		assert_non_null(k->run);
		assert_true(k->mode != 0 && k->replace_ms > 0);
		assert_in_range(k->stop_ms, 1, k->replace_ms);
		/* Who talks to strangers holds nothing. */
		assert_false(k->holds_key && k->as_login);
		assert_int_equal(k->sandbox == SANDBOX_WORKER, k->as_login);
		/* The vault's secrets stay away from whom the network reaches. */
		assert_false(k->holds_key && k->calls);
		assert_int_equal(kind_uid(k, &d), k->as_login ? 3 : 1);
		assert_int_equal(kind_gid(k, &d), k->as_login ? 4 : 2);
		n += k->n;
	}
	assert_true(n <= CHILDREN_MAX);
}

static void
backoff(void **state)
{
	(void)state;
	assert_int_equal(children_backoff_ms(0), 0);
	assert_int_equal(children_backoff_ms(1), 0);
	assert_int_equal(children_backoff_ms(2), CHILDREN_BACKOFF_MIN_MS);
	assert_int_equal(children_backoff_ms(3), CHILDREN_BACKOFF_MIN_MS * 2);
	assert_int_equal(children_backoff_ms(10), 25600);
	assert_int_equal(children_backoff_ms(11), CHILDREN_BACKOFF_MAX_MS);
	assert_int_equal(children_backoff_ms(4000000000U),
	    CHILDREN_BACKOFF_MAX_MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
