/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_name.c - names that are, and names that never will be.
 */
#include "config.h"

#include "common/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N32 "abcdefghijklmnopqrstuvwxyz012345"

static struct name_row {
	const char	*name, *in;
	int		 want;
} name_rows[] = {
	{ "plain",		"ada",		0 },
	{ "one letter",		"a",		0 },
	{ "underscore first",	"_apt",		0 },
	{ "all kinds",		"a0_.-z9",	0 },
	{ "longest",		N32,		0 },
	{ "longest + 1",	N32 "6",	AIA_ENAME },
	{ "empty",		"",		AIA_ENAME },
	{ "digit first",	"0day",		AIA_ENAME },
	{ "number",		"1000",		AIA_ENAME },
	{ "dash first",		"-rf",		AIA_ENAME },
	{ "dot first",		".ssh",		AIA_ENAME },
	{ "parent folder",	"..",		AIA_ENAME },
	{ "path",		"../x",		AIA_ENAME },
	{ "slash",		"a/b",		AIA_ENAME },
	{ "upper case",		"Ada",		AIA_ENAME },
	{ "upper case inside",	"aDa",		AIA_ENAME },
	{ "colon ends fields",	"ada:x",	AIA_ENAME },
	{ "newline",		"ada\nroot",	AIA_ENAME },
	{ "newline at the end",	"ada\n",	AIA_ENAME },
	{ "space",		"ada b",	AIA_ENAME },
	{ "space first",	" ada",		AIA_ENAME },
	{ "domain",		"ada@x.org",	AIA_ENAME },
	{ "dollar",		"host$",	AIA_ENAME },
	{ "utf-8",		"ad\xc3\xa4",	AIA_ENAME },
	{ "control",		"ada\x01",	AIA_ENAME },
	{ "delete",		"ada\x7f",	AIA_ENAME },
	{ "junk of sshd",	"\b\n\r\177INCORRECT", AIA_ENAME },
};

static void
name_parse(void **state)
{
	const struct name_row *row = *state;
	struct aia_name got = { 0 };
	int r = aia_name_parse(row->in, strlen(row->in), &got);

	assert_int_equal(r, row->want);
	assert_string_equal(got.s, row->want == 0 ? row->in : "");
}

/* The grammar once more, as a list of bytes. */
static void
every_byte(void **state)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz_";
	static const char later[] = "abcdefghijklmnopqrstuvwxyz_0123456789.-";
	struct aia_name got;

	(void)state;
	for (int c = 0; c < 256; c++) {
		char in[2] = { 'a', (char)c };
		const char *want_first = c == 0 ? NULL : strchr(first, c);
		const char *want_later = c == 0 ? NULL : strchr(later, c);

		assert_int_equal(aia_name_parse(in + 1, 1, &got),
		    want_first != NULL ? 0 : AIA_ENAME);
		assert_int_equal(aia_name_parse(in, 2, &got),
		    want_later != NULL ? 0 : AIA_ENAME);
	}
}

static void
needs_no_terminator(void **state)
{
	struct aia_name ada, adam;

	(void)state;
	assert_int_equal(aia_name_parse("adam", 3, &ada), 0);
	assert_string_equal(ada.s, "ada");
	assert_int_equal(aia_name_parse("adam", 4, &adam), 0);
	assert_false(aia_name_eq(&ada, &adam));
	assert_true(aia_name_eq(&ada, &ada));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(name_rows) + 2] = {
		cmocka_unit_test(every_byte),
		cmocka_unit_test(needs_no_terminator),
	};

	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++)
		tests[i + 2] = (struct CMUnitTest){ .name = name_rows[i].name,
		    .test_func = name_parse, .initial_state = &name_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
