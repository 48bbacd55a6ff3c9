/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_tally.c - decisions are counted by their words, in rows that do not grow.
 */
#include "config.h"

#include "aiauthd/vault/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
count(struct tally *t, const char *action, const char *verdict,
    const char *reason)
{
	const struct audit_entry e = { .action = aia_span_str(action),
	    .verdict = aia_span_str(verdict), .reason = aia_span_str(reason) };

	tally_count(t, &e);
}

static void
words(void **state)
{
	struct tally t = { 0 };
	char longest[100] = "";

	(void)state;
	count(&t, "ssh", "permit", "permitted");
	count(&t, "ssh", "deny", "no_permit");
	count(&t, "ssh", "permit", "permitted");
	count(&t, "", "deny", "no_permit");
	memset(longest, 'a', sizeof(longest) - 1);
	count(&t, longest, "deny", longest);
	assert_int_equal(t.n, 4);
	assert_int_equal(t.v[0].n, 2);
	assert_string_equal(t.v[1].reason, "no_permit");
	assert_string_equal(t.v[2].action, "");
	assert_string_equal(t.v[3].action, "other");
	assert_string_equal(t.v[3].reason, "other");
}

/* Whoever makes reasons up fills the table and loses none of the rest. */
static void
many(void **state)
{
	struct tally t = { 0 };
	char reason[16];

	(void)state;
	count(&t, "ssh", "permit", "permitted");
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(reason, sizeof(reason), "%d", i);
		count(&t, "ssh", "deny", reason);
	}
	count(&t, "ssh", "permit", "permitted");
	assert_int_equal(t.n, VAULT_TALLY_MAX);
	assert_int_equal(t.v[0].n, 2);
	assert_string_equal(t.v[VAULT_TALLY_MAX - 1].verdict, "other");
	assert_int_equal(t.v[VAULT_TALLY_MAX - 1].n,
	    1000 - (VAULT_TALLY_MAX - 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
