/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_index.c - numbers come back by hash and comparison, however many.
 */
#include "config.h"

#include "aiauthd/keeper/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool
is(const void *arg, uint32_t number)
{
	return number == *(const uint32_t *)arg;
}

static void
found(void **state)
{
	struct index ix = { 0 };
	uint32_t got = 0;

	(void)state;
	assert_false(index_find(&ix, 0, is, &got, &got));
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(index_add(&ix, i * 0x100000001u, i), 0);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(index_find(&ix, i * 0x100000001u, is, &i, &got));
		assert_int_equal(got, i);
		assert_false(index_find(&ix, i + 1000, is, &i, &got));
	}
	index_clear(&ix);
}

/* All under one hash: only the comparison tells them apart. */
static void
collisions(void **state)
{
	struct index ix = { 0 };
	uint32_t got = 0, none = 300;

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		assert_int_equal(index_add(&ix, 42, i), 0);
	for (uint32_t i = 0; i < 300; i++) {
		assert_true(index_find(&ix, 42, is, &i, &got));
		assert_int_equal(got, i);
	}
	assert_false(index_find(&ix, 42, is, &none, &got));
	index_clear(&ix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(collisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
