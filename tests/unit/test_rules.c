/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules.c - texts that are changed instead of refused, names by the
 * thousand, and that every reason is documented.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/keeper/rules.h"

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A250 A50 A50 A50 A50 A50

static struct gecos_row { const char *name, *in, *want; } gecos_rows[] = {
	{ "plain", "Ada Lovelace", "Ada Lovelace" },
	{ "empty", "", "" },
	{ "UTF-8", "J\303\266rg \342\202\254 \360\237\246\206",
	    "J\303\266rg \342\202\254 \360\237\246\206" },
	{ "colon", "A:B", "A B" },
	{ "newline", "A\nroot:x:0", "A root x 0" },
	{ "delete", "A\177B", "A B" },
	{ "Latin-1", "J\366rg", "J?rg" },
	{ "cut character", "J\303", "J?" },
	{ "overlong slash", "\300\257", "??" },
	{ "surrogate", "\355\240\200", "???" },
	{ "above Unicode", "\364\220\200\200", "????" },
	{ "C1 control", "\302\205x", "??x" },
	{ "255 bytes", A250 "12345", A250 "12345" },
	{ "256 bytes", A250 "123456", A250 "12345" },
	{ "cut before a character", A250 "1234\303\266", A250 "1234" },
};

static void
gecos(void **state)
{
	const struct gecos_row *row = *state;
	struct rules_text got;

	rules_gecos(aia_span_str(row->in), &got);
	assert_string_equal(got.s, row->want);
}

static struct role_row { const char *name, *in; bool want; } role_rows[] = {
	{ "role: plain", "ML Engineers", true },
	{ "role: UTF-8", "Pr\303\274fer", true },
	{ "role: empty", "", false }, { "role: newline", "a\nb", false },
	{ "role: Latin-1", "\366", false }, { "role: C1", "\302\205", false },
};

static void
role(void **state)
{
	const struct role_row *row = *state;

	assert_int_equal(rules_role_ok(aia_span_str(row->in)), row->want);
}

static struct plain_row { const char *name, *in, *want; } plain_rows[] = {
	{ "mail: plain", "ada@example.org", "ada@example.org" },
	{ "mail: header", "ada@x\r\nBcc: y", "" },
	{ "mail: escape", "\033", "" },
};

static void
plain(void **state)
{
	const struct plain_row *row = *state;

	assert_true(aia_span_eq(rules_plain(aia_span_str(row->in)),
	    aia_span_str(row->want)));
}

/*
 * Whatever bytes come, a name that passes is one that common/name.h would take
 * as it stands, and holds nothing that a file or a terminal could mind.
 */
static void
names_of_all_kinds(void **state)
{
	static const struct conf_list none;
	uint32_t seed = 1;	/* always the same ones */

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		char in[40];
		size_t len = i % sizeof(in);
		struct aia_name got[2] = { 0 }, again;

		for (size_t k = 0; k < len; k++) {
			seed = seed * 1664525 + 1013904223;
			/* Half of them near what is permitted. */
			in[k] = i % 2 == 0 ? (char)(seed >> 24) :
			    "abzAZ019_.-@:/ \n"[seed >> 28];
		}
		if (rules_user_name(&none, aia_span_of(in, len), &got[0]) ==
		    REASON_NONE)
			assert_int_equal(aia_name_parse(got[0].s,
			    strlen(got[0].s), &again), 0);
		if (rules_group_name(aia_span_of(in, len), &got[1]) ==
		    REASON_NONE)
			assert_int_equal(aia_name_parse(got[1].s,
			    strlen(got[1].s), &again), 0);
	}
}

static void
reasons_documented(void **state)
{
	static char text[65536];
	char want[64];
	FILE *f = fopen(AIA_TOP_SRCDIR "/doc/directory.md", "re");

	(void)state;
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	(void)fclose(f);
	for (enum reason r = REASON_NONE + 1; r < REASON_MAX; r++) {
		(void)snprintf(want, sizeof(want), "\n| `%s` |",
		    rules_reason_code(r));
		assert_non_null(strstr(text, want));
		assert_string_not_equal(
		    rules_reason_text(rules_reason_code(r)), "");
	}
	assert_string_equal(rules_reason_text("no such"), "");
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(gecos_rows) + ARRAY_LEN(role_rows) +
	    ARRAY_LEN(plain_rows) + 2] = {
		cmocka_unit_test(names_of_all_kinds),
		cmocka_unit_test(reasons_documented),
	};
	size_t n = 2;

	for (size_t i = 0; i < ARRAY_LEN(gecos_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = gecos_rows[i].name,
		    .test_func = gecos, .initial_state = &gecos_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(role_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = role_rows[i].name,
		    .test_func = role, .initial_state = &role_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(plain_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = plain_rows[i].name,
		    .test_func = plain, .initial_state = &plain_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
