/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_factors.c - every row of the table of factors is whole.
 */
#include "config.h"

#include "aiauthd/factors/factor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
rows_are_whole(void **state)
{
	(void)state;
	assert_true(n_factors > 0);
	for (size_t i = 0; i < n_factors; i++) {
		const struct factor_ops *f = factors[i];

		assert_non_null(f->name);
		assert_non_null(f->title);
		assert_true(strlen(f->title) <= 32);
		assert_non_null(f->available);
		assert_non_null(f->run);
		assert_true(f->burden > 0);
		assert_true(fact_is_factor(f->proves[0]));
		/* As the policy spells it. */
		assert_string_equal(f->name, fact_name_str(f->proves[0]));
		assert_ptr_equal(factor_find(aia_span_str(f->name)), f);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(f->name, factors[j]->name);
	}
	assert_null(factor_find(aia_span_str("tot")));
	assert_null(factor_find(aia_span_str("totp2")));
}

/* Somebody must always be asked something. */
static void
there_is_a_decoy(void **state)
{
	bool found = false;

	(void)state;
	for (size_t i = 0; i < n_factors; i++)
		found |= factors[i]->is_decoy;
	assert_true(found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(there_is_a_decoy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
