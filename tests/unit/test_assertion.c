/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_assertion.c - *.assert files: what holds, what fails and how it is told,
 * and what is no assertion.
 */
#include "config.h"

#include "aiauthd/policy/assertion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/policy_of.h"

static const char policies[] =
    "@id(\"work\") permit (principal in Role::\"ml\", action == "
    "Action::\"ssh\", resource) when { context.factors.contains(\"totp\") };"
    "@id(\"nights\") forbid (principal, action, resource)"
    " when { context.time_of_day >= duration(\"20h\") };"
    "@id(\"broken\") forbid (principal, action == Action::\"su\", resource)"
    " when { 9223372036854775807 + context.weekday > 0 };";

static struct conf conf;

#define ADA "\tuser ada\n\taction ssh\n\trole ml\n"

static struct row {
	const char *name, *in;
	size_t n;
	const char *told;	/* each followed by a newline */
} rows[] = {
	{ "an empty file", "", 0, "" },
	{ "comments alone", "# a\n  # b\n\n\t\n", 0, "" },
	{ "allow", "allow\n" ADA "\tfactors totp\n", 1, "" },
	{ "deny", "deny\n" ADA, 1, "" },
	{ "no newline at the end", "deny\n\tuser ada\n\taction ssh", 1, "" },
	{ "two, without an empty line", "allow one\n" ADA "\tfactors totp\n"
	    "deny two\n" ADA "\tfactors totp\n\tat 2026-11-24 20:00\n", 2,
	    "" },
	{ "blanks and comments inside", "allow  a title \n  user   ada  \n"
	    "# why\n\n \taction\tssh\n role ml\n factors totp\n", 1, "" },
	{ "fails: nothing permits", "# one\nallow with a code\n" ADA, 1,
	    "test.assert:2:1: assertion fails: with a code: allow was "
	    "expected, deny came out: no policy permits it\n" },
	{ "fails: permitted", "deny\n" ADA "\tfactors totp\n", 1,
	    "test.assert:1:1: assertion fails: deny was expected, allow came "
	    "out: permitted by work\n" },
	{ "fails: forbidden", "allow\n" ADA "\tfactors totp\n"
	    "\tat 2026-11-24 20:00\n", 1,
	    "test.assert:1:1: assertion fails: allow was expected, deny came "
	    "out: forbidden by nights\n" },
	{ "fails: a policy could not be evaluated", "allow\n\tuser ada\n"
	    "\taction su\n", 1,
	    "test.assert:1:1: assertion fails: allow was expected, deny came "
	    "out: a forbid could not be evaluated; failed: broken: a "
	    "number that is too large\n" },
	{ "all that fail are told", "allow\n" ADA "allow\n" ADA "deny\n" ADA,
	    3, "test.assert:1:1: assertion fails: allow was expected, deny "
	    "came out: no policy permits it\n"
	    "test.assert:5:1: assertion fails: allow was expected, deny "
	    "came out: no policy permits it\n" },
	{ "no user", "deny\n\taction ssh\n", 1,
	    "test.assert:1:1: 'user' is missing\n" },
	{ "no action", "deny\n\tuser ada\n", 1,
	    "test.assert:1:1: 'action' is missing\n" },
	{ "another beginning", "permit x\n", 0, "test.assert:1:1: an "
	    "assertion begins with allow or deny; the lines that belong to "
	    "it are indented\n" },
	{ "a word at the beginning of a line", "deny\n" ADA "role x\n", 1,
	    "test.assert:5:1: an assertion begins with allow or deny; the "
	    "lines that belong to it are indented\n" },
	{ "not allow", "allowed\n", 0, "test.assert:1:1: an assertion begins "
	    "with allow or deny; the lines that belong to it are indented\n" },
	{ "indented too early", "  deny\n", 0,
	    "test.assert:1:3: belongs to no assertion\n" },
	{ "an unknown word, not run", "allow\n" ADA "\t rolle x\n", 1,
	    "test.assert:5:3: unknown word 'rolle'\n" },
	{ "a value that it cannot have", "deny\n" ADA "\tfrom home\n", 1,
	    "test.assert:5:2: not an address\n" },
	{ "two mistakes", "deny\n" ADA "\tfrom home\n\tat home\n", 1,
	    "test.assert:5:2: not an address\ntest.assert:6:2: must be a "
	    "local time such as 2026-11-24T12:00\n" },
	{ "local factors that were not proved", "deny\n" ADA
	    "\tlocal_factors totp\n", 1,
	    "test.assert:1:1: local_factors are not among factors\n" },
	{ "a carriage return", "deny\r\n", 0,
	    "test.assert:1:5: a control character\n" },
};

static void
collect(const char *what, void *arg)
{
	char *told = arg;
	size_t len = strlen(told);

	(void)snprintf(told + len, 4096 - len, "%s\n", what);
}

static void
assertion(void **state)
{
	const struct row *row = *state;
	char told[4096] = "";
	const struct policy_critic critic = { collect, told };
	size_t n = 0;
	int r;

	r = policy_check_of(&conf, policies, NULL, row->in, &critic, &n);
	assert_string_equal(told, row->told);
	assert_int_equal(r, row->told[0] == '\0' ? 0 : AIA_ECONF);
	if (r == 0)
		assert_int_equal(n, row->n);
}

/* Longest line, and one byte more. */
static void
long_lines(void **state)
{
	char in[ASSERTION_LINE_MAX + 3], told[4096] = "";
	const struct policy_critic critic = { collect, told };
	size_t n = 0;

	(void)state;
	memset(in, 'x', sizeof(in));
	in[0] = '#';
	memcpy(in + ASSERTION_LINE_MAX, "\n", 2);
	assert_int_equal(policy_check_of(&conf, policies, NULL, in, &critic,
	    &n), 0);
	memcpy(in + ASSERTION_LINE_MAX, "x\n", 3);
	assert_int_equal(policy_check_of(&conf, policies, NULL, in, &critic,
	    &n), AIA_ECONF);
	assert_string_equal(told, "test.assert:1:1025: the line is too "
	    "long\n");
}

/* Policies come first: without them there is nothing to hold against. */
static void
bad_policies(void **state)
{
	char told[4096] = "";
	const struct policy_critic critic = { collect, told };
	size_t n = 0;

	(void)state;
	assert_int_equal(policy_check_of(&conf, "permit (principal, action);",
	    "{\"colour\": 1}", "allow\n", &critic, &n), AIA_ECONF);
	assert_string_equal(told, "/etc/aiauth/host.json: a member other than "
	    "name, groups, group_parents, labels and tags\n"
	    "policy.d/test.cedar:1:26: expected ',', found ')'\n");
}

static void
nul_byte(void **state)
{
	static const char in[] = "deny\n\tuser ada\0\taction ssh\n";
	const struct conf_text text = { "f", { (const uint8_t *)in,
	    sizeof(in) - 1 } };
	char told[4096] = "";
	const struct policy_critic critic = { collect, told };
	struct conf_error err = { "" };
	struct policy *p = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(policy_of(&conf, policies, NULL, &p, &err), 0);
	assert_int_equal(assertions_run(p, &text, &critic, &n), AIA_ECONF);
	assert_string_equal(told, "f:2:10: a control character\n");
	policy_free(p);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(long_lines), cmocka_unit_test(bad_policies),
		cmocka_unit_test(nul_byte),
	};

	(void)setenv("TZ", "UTC", 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = assertion, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
