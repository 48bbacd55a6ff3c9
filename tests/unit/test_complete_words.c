/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_complete_words.c - what may follow, by a table of four commands.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthctl/command.h"

static const struct command commands[] = {
	{ { "user", "list" }, "", "everybody", 0, 0, 0, NULL },
	{ { "user", "show" }, "[--from ADDRESS] USER", "one", 1, 1, 2, NULL },
	{ { "enroll", "ssh-key" }, "[--label TEXT] [--key FILE --now] FILE|- "
	    "[USER]", "a key", 1, 2, 12, NULL },
	{ { "enroll" }, "FACTOR [USER [ID]]", "a factor", 1, 3, 0, NULL },
	{ { "check" }, "[FILE ...]", "files", 0, 9, 0, NULL },
	{ { "explain" }, "USER ACTION | --last USER [N]", "why", 0, 2, 16,
	    NULL },
};
static const struct option options[] = {
	{ "json", no_argument, NULL, 1 },
	{ "from", required_argument, NULL, 2 },
	{ "label", required_argument, NULL, 4 },
	{ "key", required_argument, NULL, 8 },
	{ "last", required_argument, NULL, 16 },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};
static const struct command_table table = {
	commands, ARRAY_LEN(commands), options };

static struct words_row {
	const char *name, *words[6], *want;
} words_rows[] = {
	{ "commands", { "" },
	  "user\nenroll\ncheck\tfiles\nexplain\twhy\n" },
	{ "begun", { "e" }, "enroll\nexplain\twhy\n" },
	{ "second word", { "user", "" }, "list\teverybody\nshow\tone\n" },
	{ "second word or argument", { "enroll", "" },
	  "ssh-key\ta key\nfido2\ntotp\n" },
	{ "of a longer name", { "users", "" }, "" },
	{ "argument", { "user", "show", "a" }, "<USER a>" },
	{ "no argument", { "user", "list", "" }, "" },
	{ "one too many", { "user", "show", "ada", "" }, "" },
	{ "behind an alternative", { "enroll", "ssh-key", "" }, ":files\n" },
	{ "optional argument", { "enroll", "ssh-key", "-", "x" },
	  "<USER x>" },
	{ "argument inside an optional one", { "enroll", "totp", "ada", "" },
	  "<ID >" },
	{ "again and again", { "check", "a", "b", "" }, ":files\n" },
	{ "another way to say it", { "explain", "ada", "s" },
	  "session\nssh\nsu\nsudo\n" },
	{ "options of all", { "-" }, "--json\n--help\n" },
	{ "options of one", { "user", "show", "--" },
	  "--json\n--from\n--help\n" },
	{ "option begun", { "enroll", "ssh-key", "--l" }, "--label\n" },
	{ "value that nobody knows", { "user", "show", "--from", "" },
	  "<ADDRESS >" },
	{ "value that is a file", { "enroll", "ssh-key", "--key", "" },
	  ":files\n" },
	{ "value that is a user", { "explain", "--last", "a" }, "<USER a>" },
	{ "as bash splits it", { "explain", "--last", "=", "a" },
	  "<USER a>" },
	{ "behind a value", { "--from", "x", "user", "" },
	  "list\teverybody\nshow\tone\n" },
	{ "prefix", { "-p", "" }, ":files\n" },
	{ "behind a prefix", { "-p", "/x", "che" }, "check\tfiles\n" },
	{ "option that is none", { "--nonsense", "user", "l" },
	  "list\teverybody\n" },
};

static void
names(const char *what, const char *begins, FILE *out, void *arg)
{
	assert_string_equal(arg, "arg");
	fprintf(out, "<%s %s>", what, begins);
}

static void
words(void **state)
{
	const struct words_row *row = *state;
	char arg[] = "arg", *text = NULL;
	size_t n = 0, len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	while (n < ARRAY_LEN(row->words) && row->words[n] != NULL)
		n++;
	complete_words(&table, row->words, n, names, arg, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, row->want);
	free(text);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(words_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(words_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = words_rows[i].name,
		    .test_func = words, .initial_state = &words_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
