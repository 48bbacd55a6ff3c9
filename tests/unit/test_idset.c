/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_idset.c - the hash against its authors' vectors, and the set.
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

/* Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A, and
 * vectors of the authors' reference implementation: key 00 01 .. 0f, input 00
 * 01 .. of that length. */
static struct hash_row {
	const char *name;
	size_t len;
	uint64_t want;
} hash_rows[] = {
	{ "0 bytes", 0, 0x726fdb47dd0e0e31 },
	{ "1 byte", 1, 0x74f839c593dc67fd },
	{ "8 bytes", 8, 0x93f5f5799a932462 },
	{ "15 bytes (appendix A)", 15, 0xa129ca6149be45e5 },
};

static void
hash(void **state)
{
	const struct hash_row *row = *state;
	uint8_t bytes[16];

	for (uint8_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	assert_int_equal(idset_hash(bytes, bytes, row->len), row->want);
}

static void
set(void **state)
{
	struct idset *s = NULL;
	char id[32];

	(void)state;
	assert_int_equal(idset_new(&s), 0);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			(void)snprintf(id, sizeof(id), "user-%d", i);
			assert_int_equal(idset_add(s, 1, aia_span_str(id)),
			    round == 0 ? 0 : -EEXIST);
		}
	}
	assert_int_equal(idset_add(s, 2, aia_span_str("user-1")), 0);
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
	idset_free(s);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(hash_rows) + 2] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(hash_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = hash_rows[i].name,
		    .test_func = hash, .initial_state = &hash_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(set);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(longest);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
