/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_answers.c - a file of answers, good and bad.
 */
#include "config.h"

#include "aiauthctl/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct parse_row {
	const char *name, *text, *why;	/* NULL: good */
} parse_rows[] = {
	{ "nothing", "", NULL },
	{ "comments", "# x = y\n\n \t\n   # z\n", NULL },
	{ "all kinds", "provider = scim\nurl=https://a/b\n  token_from\t=\t"
	    "/x/y \nsource = corp\nadministrators = ada, %ops\n"
	    "labels = a, b\npolicy = lab\nssh_keys = yes\r\n", NULL },
	{ "empty where that can be", "emergency =\n", NULL },
	{ "an unknown key", "provider = file\nprovder = x\n",
	    "line 2: 'provder': no such key" },
	{ "twice", "sync = yes\nsync = yes\n", "line 2: 'sync': comes twice" },
	{ "twice, of the source", "url = https://a/\nurl = https://a/\n",
	    "line 2: 'url': comes twice" },
	{ "not a word it can be", "enroll = maybe\n", "none of the words" },
	{ "not a provider", "provider = nis\n", "none of the words" },
	{ "no sign", "sync\n", "not 'key = value'" },
	{ "no key", "= yes\n", "no such key" },
	{ "a relative path", "token_from = x\n", "not an absolute path" },
	{ "another folder's policy", "policy = ../x\n", "not the name" },
	{ "a name that is none", "emergency = a:b\n", "not the name" },
	{ "a source that is none", "source = a b\n", "not a name" },
	{ "a quote", "labels = a\"b\n", "holds a quote" },
	{ "a control character", "labels = a\033[b\n", "control character" },
	{ "empty, of the source", "url =\n", "empty" },
};

static void
parse(void **state)
{
	const struct parse_row *row = *state;
	struct conf_error err = { "" };
	struct answers a = { 0 };
	int r = answers_parse(row->text, &a, &err);

	assert_int_equal(r, row->why == NULL ? 0 : AIA_ECONF);
	if (row->why != NULL)
		assert_non_null(strstr(err.text, row->why));
}

static void
values(void **state)
{
	struct conf_error err = { "" };
	struct answers a = { 0 };

	(void)state;
	assert_int_equal(answers_parse("provider = scim\nurl = https://a/ b\n"
	    "sync = no\n", &a, &err), 0);
	assert_string_equal(answer(&a, ANSWER_PROVIDER), "scim");
	assert_string_equal(answer_source(&a, "url"), "https://a/ b");
	assert_null(answer_source(&a, "path"));
	assert_false(answer_yes(&a, ANSWER_SYNC));
	assert_string_equal(answer(&a, ANSWER_SOURCE), "company");
	assert_true(answer_yes(&a, ANSWER_HOMES));
}

/* One byte more than a line of the configuration holds. */
static void
too_long(void **state)
{
	char text[300] = "administrators = ";
	struct conf_error err = { "" };
	struct answers a = { 0 };
	size_t at = strlen(text);

	(void)state;
	memset(text + at, 'a', CONF_VALUE_MAX);
	assert_int_equal(answers_parse(text, &a, &err), 0);
	text[at + CONF_VALUE_MAX] = 'a';
	assert_int_equal(answers_parse(text, &a, &err), AIA_ECONF);
	text[at + CONF_VALUE_MAX + 1] = 'a';
	assert_int_equal(answers_parse(text, &a, &err), AIA_ECONF);
}

static void
rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ANSWERS_N; i++) {
		assert_non_null(answer_rows[i].key);
		assert_non_null(answer_rows[i].dflt);
	}
	assert_non_null(strstr(answers_providers(), "scim"));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(parse_rows) + 3] = {
		{ .name = "values", .test_func = values },
		{ .name = "too long", .test_func = too_long },
		{ .name = "rows are whole", .test_func = rows_are_whole },
	};

	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++)
		tests[i + 3] = (struct CMUnitTest){
		    .name = parse_rows[i].name, .test_func = parse,
		    .initial_state = &parse_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
