/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oauth_form.c - what a form makes of its values.
 */
#include "config.h"

#include "netd/oauth_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct form_row { const char *name, *in, *want; } form_rows[] = {
	/* RFC 6749 appendix B. */
	{ "of the RFC", " %&+\xc2\xa3\xe2\x82\xac",
	  "a=1&k=+%25%26%2B%C2%A3%E2%82%AC" },
	{ "plain", "AZaz09*-._", "a=1&k=AZaz09*-._" },
	{ "what splits a user from a password", "a:b", "a=1&k=a%3Ab" },
	{ "tilde", "~", "a=1&k=%7E" },
	{ "new line", "a\n", "a=1&k=a%0A" },
	{ "empty", "", "a=1" },
};

static void
form(void **state)
{
	const struct form_row *row = *state;
	char room[64] = "";
	struct aia_wr wr;
	size_t len = 0;

	aia_wr_init(&wr, room, sizeof(room));
	oauth_form_add(&wr, "a", aia_span_str("1"));
	oauth_form_add(&wr, "k", aia_span_str(row->in));
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	assert_int_equal(len, strlen(row->want));
	assert_memory_equal(room, row->want, len);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(form_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(form_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = form_rows[i].name,
		    .test_func = form, .initial_state = &form_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
