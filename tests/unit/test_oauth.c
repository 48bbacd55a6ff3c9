/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oauth.c - what a client makes of its configuration: the place of metadata,
 * when to ask for the next token.
 */
#include "config.h"

#include "netd/oauth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct place_row {
	const char *name, *issuer;
	bool openid;
	const char *want;
} place_rows[] = {
	/* RFC 8414 section 3.1. */
	{ "host", "https://example.com", false,
	  "https://example.com/.well-known/oauth-authorization-server" },
	{ "path", "https://example.com/issuer1", false, "https://example.com/"
	  ".well-known/oauth-authorization-server/issuer1" },
	{ "slash at the end", "https://example.com/issuer1/", false,
	  "https://example.com/.well-known/oauth-authorization-server/"
	  "issuer1" },
	{ "only a slash", "https://example.com:8443/", false,
	  "https://example.com:8443/.well-known/oauth-authorization-server" },
	{ "OpenID: host", "https://example.com", true,
	  "https://example.com/.well-known/openid-configuration" },
	{ "OpenID: path", "https://example.com/issuer1/", true,
	  "https://example.com/issuer1/.well-known/openid-configuration" },
};

static struct life_row { const char *name; int64_t life_s, want; }
life_rows[] = {
	{ "an hour", 3600, 3540 },
	{ "just above two minutes", 121, 61 },
	{ "two minutes", 120, 60 },
	{ "short", 10, 5 },
	{ "a second", 1, 0 },
	{ "none", 0, 0 },
};

static void
place(void **state)
{
	const struct place_row *row = *state;
	char got[256];

	oauth_well_known(row->issuer, row->openid, got, sizeof(got));
	assert_string_equal(got, row->want);
}

static void
life(void **state)
{
	const struct life_row *row = *state;

	assert_int_equal(oauth_use_s(row->life_s), row->want);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(place_rows) + ARRAY_LEN(life_rows)] =
	    { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(place_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = place_rows[i].name,
		    .test_func = place, .initial_state = &place_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(life_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = life_rows[i].name,
		    .test_func = life, .initial_state = &life_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
