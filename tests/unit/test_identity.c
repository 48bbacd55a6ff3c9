/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_identity.c - who is who, and who is not.
 */
#include "config.h"

#include "base/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define B64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct object_row {
	const char *name, *in;
	size_t len;
	int want;
} object_rows[] = {
	{ "one byte", "a", 1, 0 },
	{ "printable", "!~:/@", 5, 0 },
	{ "longest", B64 B64, 128, 0 },
	{ "longest + 1", B64 B64 "0", 129, AIA_ENAME },
	{ "empty", "", 0, AIA_ENAME },
	{ "space", "a b", 3, AIA_ENAME },
	{ "newline", "a\n", 2, AIA_ENAME },
	{ "NUL", "a\0b", 3, AIA_ENAME },
	{ "DEL", "\177", 1, AIA_ENAME },
	{ "not ASCII", "\303\244", 2, AIA_ENAME },
};

static void
object(void **state)
{
	const struct object_row *row = *state;
	const struct aia_name source = { "corp" }, none = { "" };
	struct identity id = { 0 };

	assert_int_equal(identity_make(&source, row->in, row->len, &id),
	    row->want);
	assert_int_equal(strlen(id.object_id), row->want == 0 ? row->len : 0);
	assert_int_equal(identity_make(&none, row->in, row->len, &id),
	    AIA_ENAME);
}

/* Every ordered pair: equal only in length and bytes, of the same source. */
static void
pairs(void **state)
{
	static const char *const ids[] = { "abc", "abcd", "ab", "abC",
	    "local" };
	const struct aia_name sources[] = { { "corp" }, { "corp2" } };
	struct identity v[10];
	size_t n = 0;

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(sources); s++)
		for (size_t i = 0; i < ARRAY_LEN(ids); i++)
			assert_int_equal(identity_make(&sources[s], ids[i],
			    strlen(ids[i]), &v[n++]), 0);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			assert_int_equal(identity_eq(&v[i], &v[j]), i == j);
}

static void
local(void **state)
{
	const struct aia_name none = { "" };
	struct identity id = { 0 };
	struct aia_name name;

	(void)state;
	assert_int_equal(aia_name_parse("abcdefghijklmnopqrstuvwxyz012345",
	    32, &name), 0);
	assert_int_equal(identity_make_local(&name, UINT32_MAX, &id), 0);
	assert_string_equal(id.source.s, "local");
	assert_string_equal(id.object_id,
	    "abcdefghijklmnopqrstuvwxyz012345:4294967295");
	assert_int_equal(identity_make_local(&none, 1, &id), AIA_ENAME);
}

int
main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(pairs),
		cmocka_unit_test(local),
	};
	struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(object_rows)];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < ARRAY_LEN(object_rows); i++)
		tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
		    .name = object_rows[i].name, .test_func = object,
		    .initial_state = &object_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
