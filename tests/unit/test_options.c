/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_options.c - the words on the PAM line.
 */
#include "config.h"

#include "pam_aiauth/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct word_row {
	const char	*name;
	const char	*argv[3];
	const char	*bad;	/* NULL: all are understood */
} rows[] = {
	{ "none",		{ NULL }, NULL },
	{ "ignore",		{ "local_users=ignore" }, NULL },
	{ "require",		{ "local_users=require" }, NULL },
	{ "neither",		{ "local_users=maybe" },
	    "local_users=maybe" },
	{ "no value",		{ "local_users=" }, "local_users=" },
	{ "no '='",		{ "local_users" }, "local_users" },
	{ "emergency",		{ "emergency=rescue" }, NULL },
	{ "no account",		{ "emergency=" }, "emergency=" },
	{ "no name",		{ "emergency=a:b" }, "emergency=a:b" },
	{ "folder",		{ "socket_dir=/tmp/x" }, NULL },
	{ "relative folder",	{ "socket_dir=tmp" }, "socket_dir=tmp" },
	{ "owner",		{ "owner=1000" }, NULL },
	{ "negative owner",	{ "owner=-1" }, "owner=-1" },
	{ "owner by name",	{ "owner=root" }, "owner=root" },
	{ "shortest",		{ "timeout=1" }, NULL },
	{ "longest",		{ "timeout=600" }, NULL },
	{ "longest + 1",	{ "timeout=601" }, "timeout=601" },
	{ "0 is not unlimited",	{ "timeout=0" }, "timeout=0" },
	{ "unit",		{ "timeout=5s" }, "timeout=5s" },
	{ "try_first_pass",	{ "try_first_pass" }, NULL },
	{ "longer word",	{ "try_first_password" },
	    "try_first_password" },
	{ "use_first_pass",	{ "use_first_pass" }, "use_first_pass" },
	{ "agent",		{ "agent" }, NULL },
	{ "agent's path",	{ "agent=/tmp/x" }, "agent=/tmp/x" },
	{ "empty word",		{ "" }, "" },
	{ "upper case",		{ "TIMEOUT=5" }, "TIMEOUT=5" },
	{ "twice",		{ "timeout=5", "owner=0", "timeout=6" },
	    "timeout=6" },
	{ "twice the same",	{ "try_first_pass", "try_first_pass" },
	    "try_first_pass" },
	{ "the first that is bad", { "owner=0", "what", "ever" }, "what" },
};

static void
understands(void **state)
{
	struct word_row *row = *state;
	struct options opt;
	const char *bad = NULL;
	int argc = 0, r;

	while (argc < 3 && row->argv[argc] != NULL)
		argc++;
	r = options_parse(argc, row->argv, &opt, &bad);
	assert_int_equal(r, row->bad == NULL ? 0 : AIA_ECONF);
	if (row->bad != NULL)
		assert_string_equal(bad, row->bad);
}

static void
says_what_it_understood(void **state)
{
	const char *argv[] = { "local_users=require", "emergency=rescue",
	    "socket_dir=/x", "owner=7", "timeout=8", "try_first_pass",
	    "agent" };
	const char *bad = NULL;
	struct options opt;

	(void)state;
	assert_int_equal(options_parse(0, NULL, &opt, &bad), 0);
	assert_int_equal(opt.local_users, LOCAL_IGNORE);
	assert_string_equal(opt.emergency.s, "");
	assert_string_equal(opt.socket_dir, AIA_RUN_DIR);
	assert_int_equal(opt.owner, 0);
	assert_int_equal(opt.timeout_s, 90);
	assert_false(opt.try_first_pass);
	assert_false(opt.agent);

	assert_int_equal(options_parse(7, argv, &opt, &bad), 0);
	assert_int_equal(opt.local_users, LOCAL_REQUIRE);
	assert_string_equal(opt.emergency.s, "rescue");
	assert_string_equal(opt.socket_dir, "/x");
	assert_int_equal(opt.owner, 7);
	assert_int_equal(opt.timeout_s, 8);
	assert_true(opt.try_first_pass);
	assert_true(opt.agent);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test(says_what_it_understood),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = understands, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
