/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_objset.c - what is in, and what is not, also at the ends.
 */
#include "config.h"

#include "aiauthd/keeper/objset.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
in_and_out(void **state)
{
	static const int64_t in[] = { 1, 7, 8, 9, 4096, 32767, 32768, 5000000 };
	static const int64_t out[] = { 2, 6, 10, 16, 4095, 4097, 32766, 32769,
		4999999, 5000001, OBJSET_MAX };
	struct objset set = { 0 };
	bool is_new;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(in); i++) {
			assert_int_equal(objset_add(&set, in[i], &is_new), 0);
			assert_int_equal(is_new, round == 0);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		assert_true(objset_has(&set, in[i]));
	for (size_t i = 0; i < ARRAY_LEN(out); i++)
		assert_false(objset_has(&set, out[i]));
	objset_clear(&set);
	assert_false(objset_has(&set, 1));
}

static void
no_object(void **state)
{
	static const int64_t bad[] = { 0, -1, INT64_MIN, OBJSET_MAX + 1,
		INT64_MAX };
	struct objset set = { 0 };
	bool is_new;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(objset_add(&set, bad[i], &is_new), -ERANGE);
		assert_false(objset_has(&set, bad[i]));
	}
	assert_null(set.bits);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_and_out), cmocka_unit_test(no_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
