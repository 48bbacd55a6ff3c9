/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_id.c - numbers that may be a uid or gid, at the edges of each range.
 */
#include "config.h"

#include "common/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct id_row {
	const char	*name;
	uint32_t	 id;
	bool		 want;
} id_rows[] = {
	{ "root",			0,		false },
	{ "last system id",		999,		false },
	{ "first person",		1000,		true },
	{ "last person",		60000,		true },
	{ "systemd homes",		60001,		false },
	{ "systemd dynamic users",	61184,		false },
	{ "nobody",			65534,		false },
	{ "16 bits of -1",		65535,		false },
	{ "after 16 bits",		65536,		true },
	{ "before the containers",	524287,		true },
	{ "first container",		524288,		false },
	{ "last container",		1879048191,	false },
	{ "after the containers",	1879048192,	true },
	{ "last of 31 bits but one",	2147483646,	true },
	{ "last of 31 bits",		2147483647,	false },
	{ "32 bits",			2147483648,	false },
	{ "-2",				4294967294,	false },
	{ "-1",				4294967295,	false },
};

static struct parse_row {
	const char	*name, *in;
	int		 want;
	uint32_t	 value;
} parse_rows[] = {
	{ "zero",		"0",		0,	 0 },
	{ "one digit",		"7",		0,	 7 },
	{ "largest",		"4294967295",	0,	 UINT32_MAX },
	{ "largest + 1",	"4294967296",	AIA_EID, 0 },
	{ "ten nines",		"9999999999",	AIA_EID, 0 },
	{ "eleven digits",	"10000000000",	AIA_EID, 0 },
	{ "empty",		"",		AIA_EID, 0 },
	{ "leading zero",	"01000",	AIA_EID, 0 },
	{ "minus",		"-1",		AIA_EID, 0 },
	{ "plus",		"+1",		AIA_EID, 0 },
	{ "space first",	" 1000",	AIA_EID, 0 },
	{ "space last",		"1000 ",	AIA_EID, 0 },
	{ "hex",		"0x0",		AIA_EID, 0 },
	{ "a name",		"0day",		AIA_EID, 0 },
	{ "float",		"1.0",		AIA_EID, 0 },
	{ "newline",		"1000\n",	AIA_EID, 0 },
};

static void
id_ok(void **state)
{
	const struct id_row *row = *state;

	assert_int_equal(aia_id_ok(row->id), row->want);
}

static void
id_parse(void **state)
{
	const struct parse_row *row = *state;
	uint32_t got = 0;

	assert_int_equal(aia_id_parse(row->in, strlen(row->in), &got),
	    row->want);
	assert_int_equal(got, row->value);
}

static void
range_ends_belong(void **state)
{
	const struct aia_id_range r = { 1000, 2000 };

	(void)state;
	assert_false(aia_id_range_has(&r, 999));
	assert_true(aia_id_range_has(&r, 1000));
	assert_true(aia_id_range_has(&r, 2000));
	assert_false(aia_id_range_has(&r, 2001));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(id_rows) + ARRAY_LEN(parse_rows) +
	    1] = { cmocka_unit_test(range_ends_belong) };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(id_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = id_rows[i].name,
		    .test_func = id_ok, .initial_state = &id_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = parse_rows[i].name,
		    .test_func = id_parse, .initial_state = &parse_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
