/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oauth.c - what a client makes of its configuration: the place of metadata,
 * what a token is asked for, whose it is, when to ask for the next one.
 */
#include "config.h"

#include "netd/oauth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static struct ask_row {
	const char *name, *scope, *resource, *audience, *want;
} ask_rows[] = {
	{ "asks for nothing", "", "", "", "grant_type=client_credentials" },
	{ "scope", "a b", "", "", "grant_type=client_credentials&scope=a+b" },
	{ "resource", "", "https://h/r?x=1&y", "",
	  "grant_type=client_credentials&resource=https%3A%2F%2Fh%2Fr%3Fx%3D1"
	  "%26y" },
	{ "audience", "", "", "urn:example:scim",
	  "grant_type=client_credentials&audience=urn%3Aexample%3Ascim" },
	{ "audience that would be more", "", "", "a&scope=all",
	  "grant_type=client_credentials&audience=a%26scope%3Dall" },
	{ "all three", "s", "r", "a",
	  "grant_type=client_credentials&scope=s&resource=r&audience=a" },
};

static void
ask(void **state)
{
	const struct ask_row *row = *state;
	struct conf_client client = { .id = "c" };
	char form[512];
	struct aia_wr wr;
	size_t len = 0;

	(void)snprintf(client.scope, sizeof(client.scope), "%s", row->scope);
	(void)snprintf(client.resource, sizeof(client.resource), "%s",
	    row->resource);
	(void)snprintf(client.audience, sizeof(client.audience), "%s",
	    row->audience);
	aia_wr_init(&wr, form, sizeof(form));
	oauth_ask(&client, &wr);
	aia_wr_u8(&wr, '\0');
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	assert_string_equal(form, row->want);
}

/* A token is for what it was asked for: another word, another token. */
#define AT(member) offsetof(struct conf_source, member)
static struct grant_row { const char *name; size_t at; } grant_rows[] = {
	{ "grant: another url", AT(url) },
	{ "grant: another client", AT(client.id) },
	{ "grant: another issuer", AT(client.issuer) },
	{ "grant: another scope", AT(client.scope) },
	{ "grant: another resource", AT(client.resource) },
	{ "grant: another audience", AT(client.audience) },
};

static void
another_grant(void **state)
{
	const struct grant_row *row = *state;
	static struct conf_source one, two, moved;

	one = two = moved = (struct conf_source){ .name = { "scim" } };
	((char *)&one)[row->at] = 'a';
	((char *)&two)[row->at] = 'a';
	assert_true(grant_id(&one) == grant_id(&two));
	((char *)&two)[row->at + 1] = 'b';
	assert_false(grant_id(&one) == grant_id(&two));
	/* The same word, of something else. */
	moved.client.key_id[0] = 'a';
	assert_false(grant_id(&one) == grant_id(&moved));
}

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
	struct CMUnitTest tests[ARRAY_LEN(place_rows) + ARRAY_LEN(life_rows) +
	    ARRAY_LEN(ask_rows) + ARRAY_LEN(grant_rows)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(ask_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = ask_rows[i].name,
		    .test_func = ask, .initial_state = &ask_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(grant_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = grant_rows[i].name,
		    .test_func = another_grant,
		    .initial_state = &grant_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(place_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = place_rows[i].name,
		    .test_func = place, .initial_state = &place_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(life_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = life_rows[i].name,
		    .test_func = life, .initial_state = &life_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
