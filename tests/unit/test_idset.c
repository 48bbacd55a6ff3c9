/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_idset.c - what is in, and what is not.
 */
#include "config.h"

#include "netd/idset.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
set(void **state)
{
	struct idset *s = NULL;
	char id[32];

	(void)state;
	assert_int_equal(idset_new(&s), 0);
	assert_false(idset_has(s, 1, aia_span_str("user-1")));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			(void)snprintf(id, sizeof(id), "user-%d", i);
			assert_int_equal(idset_add(s, 1, aia_span_str(id)),
			    round == 0 ? 0 : -EEXIST);
		}
	}
	assert_true(idset_has(s, 1, aia_span_str("user-1")));
	assert_false(idset_has(s, 1, aia_span_str("user-20000")));
	assert_false(idset_has(s, 2, aia_span_str("user-1")));
	assert_int_equal(idset_add(s, 2, aia_span_str("user-1")), 0);
	assert_true(idset_has(s, 2, aia_span_str("user-1")));
	assert_int_equal(idset_add(s, 1, aia_span_of("", 0)), 0);
	idset_free(s);
}

static void
longest(void **state)
{
	uint8_t id[129] = { 0 };
	struct idset *s = NULL;

	(void)state;
	assert_int_equal(idset_new(&s), 0);
	assert_int_equal(idset_add(s, 1, aia_span_of(id, 128)), 0);
	assert_int_equal(idset_add(s, 1, aia_span_of(id, 129)), -EINVAL);
	assert_true(idset_has(s, 1, aia_span_of(id, 128)));
	assert_false(idset_has(s, 1, aia_span_of(id, 129)));
	idset_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set), cmocka_unit_test(longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
