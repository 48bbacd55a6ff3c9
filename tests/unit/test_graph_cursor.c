/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_graph_cursor.c - links of the configured host and of others; cursors of
 * this source and of others.
 */
#include "config.h"

#include "netd/idp/graph_cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://graph.example.test/v1.0"

static const struct conf_source source = { .url = BASE,
	.uid_attribute = "uidNumber" };
static const struct idp_job job = { .source = &source };

static struct link_row { const char *name, *url, *in, *want; }
link_rows[] = {
	{ "a link of ours", BASE,
	    "https://graph.example.test/v1.0/users/delta?$skiptoken=a-_.~%2F",
	    "/v1.0/users/delta?$skiptoken=a-_.~%2F" },
	{ "another path is the server's to choose", BASE,
	    "https://graph.example.test/", "/" },
	{ "names have no case", BASE, "https://GRAPH.example.TEST/a", "/a" },
	{ "the port everybody means", BASE,
	    "https://graph.example.test:443/a", "/a" },
	{ "and the other way round", "https://h:443/v1.0", "https://h/a",
	    "/a" },
	{ "a port of ours", "https://h:9448/v1.0", "https://h:9448/a", "/a" },
	{ "another port", "https://h:9448/v1.0", "https://h:9449/a", NULL },
	{ "no port where we have one", "https://h:9448", "https://h/a",
	    NULL },
	{ "another host", BASE, "https://elsewhere.test/a", NULL },
	{ "a host inside ours", BASE,
	    "https://x.graph.example.test/a", NULL },
	{ "a host that begins like ours", BASE,
	    "https://graph.example.test.elsewhere.test/a", NULL },
	{ "ours as a user of another", BASE,
	    "https://graph.example.test@elsewhere.test/a", NULL },
	{ "with a user", BASE, "https://u@graph.example.test/a", NULL },
	{ "a backslash", BASE, "https://graph.example.test\\@elsewhere.test/",
	    NULL },
	{ "a backslash in the path", BASE, "https://graph.example.test/\\e",
	    NULL },
	{ "in the clear", BASE, "http://graph.example.test/a", NULL },
	{ "a path alone", BASE, "/v1.0/users/delta", NULL },
	{ "no path", BASE, "https://graph.example.test", NULL },
	{ "a query without a path", BASE, "https://graph.example.test?a",
	    NULL },
	{ "what some take for a host", BASE,
	    "https://graph.example.test//elsewhere.test/", NULL },
	{ "a fragment", BASE, "https://graph.example.test/a#b", NULL },
	{ "a blank", BASE, "https://graph.example.test/a b", NULL },
	{ "a newline", BASE, "https://graph.example.test/a\nb", NULL },
	{ "no ASCII", BASE, "https://graph.example.test/\xc3\xa4", NULL },
	{ "a delete", BASE, "https://graph.example.test/\x7f", NULL },
	{ "nothing", BASE, "", NULL },
};

static void
link_parse(void **state)
{
	const struct link_row *row = *state;
	struct graph_link got = { "" };
	int r = graph_link_parse(row->url, aia_span_str(row->in), &got);

	assert_int_equal(r, row->want == NULL ? AIA_EPROTO : 0);
	assert_string_equal(got.s, row->want == NULL ? "" : row->want);
}

static void
nul_and_length(void **state)
{
	static const char nul[] = "https://h/a\0b";
	char in[GRAPH_LINK_MAX + 2];
	struct graph_link got;

	(void)state;
	assert_int_equal(graph_link_parse("https://h", aia_span_of(NULL, 0),
	    &got), AIA_EPROTO);
	assert_int_equal(graph_link_parse("https://h", aia_span_of(nul,
	    sizeof(nul) - 1), &got), AIA_EPROTO);
	memset(in, 'x', sizeof(in));
	memcpy(in, "https://h/", 10);
	assert_int_equal(graph_link_parse("https://h", aia_span_of(in,
	    GRAPH_LINK_MAX + 1), &got), AIA_EPROTO);
	assert_int_equal(graph_link_parse("https://h", aia_span_of(in,
	    GRAPH_LINK_MAX), &got), 0);
	assert_int_equal(strlen(got.s), GRAPH_LINK_MAX - strlen("https://h"));
}

static void
origin(void **state)
{
	static const struct { const char *url; size_t want; } rows[] = {
		{ "https://h/v1.0", 9 }, { "https://h", 9 },
		{ "https://h?q", 9 }, { "https://h#f", 9 },
		{ "https://h:1/", 11 }, { "https://", 8 }, { "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(graph_origin_len(rows[i].url), rows[i].want);
}

static void
round_trip(void **state)
{
	static struct graph_cursor in = { { "/a?$t=1" }, { "/b?$t=2" } }, out;
	static char text[GRAPH_CURSOR_MAX];

	(void)state;
	graph_cursor_format(&job, &in, text);
	assert_int_equal(graph_cursor_parse(&job, aia_span_str(text), &out),
	    0);
	assert_string_equal(out.users.s, in.users.s);
	assert_string_equal(out.groups.s, in.groups.s);
	/* The two longest. */
	memset(in.users.s, 'u', GRAPH_LINK_MAX);
	memset(in.groups.s, 'g', GRAPH_LINK_MAX);
	in.users.s[0] = in.groups.s[0] = '/';
	graph_cursor_format(&job, &in, text);
	assert_int_equal(graph_cursor_parse(&job, aia_span_str(text), &out),
	    0);
	assert_string_equal(out.users.s, in.users.s);
	assert_string_equal(out.groups.s, in.groups.s);
}

/* Every byte of the head matters; the links are of our host, whatever was
 * stored. */
static void
not_ours(void **state)
{
	static const struct graph_cursor in = { { "/a" }, { "/b" } };
	static const char *const links[] = { "", "/a", "/a\n", "\n/b",
	    "//h/\n/b", "/a\n//h/", "/a\nhttps://elsewhere.test/",
	    "/a\n/b\n", "/a\n/b\n/c", "/a b\n/c", "@elsewhere.test\n/b" };
	char text[GRAPH_CURSOR_MAX], bad[GRAPH_CURSOR_MAX];
	static struct graph_cursor out;
	size_t head;

	(void)state;
	graph_cursor_format(&job, &in, text);
	head = strlen(text) - strlen("/a\n/b");
	for (size_t i = 0; i < head; i++) {
		memcpy(bad, text, strlen(text) + 1);
		bad[i] = 'x';
		assert_int_equal(graph_cursor_parse(&job, aia_span_str(bad),
		    &out), AIA_EPROTO);
		assert_int_equal(graph_cursor_parse(&job, aia_span_of(text,
		    i), &out), AIA_EPROTO);
	}
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		(void)snprintf(text + head, sizeof(text) - head, "%s",
		    links[i]);
		assert_int_equal(graph_cursor_parse(&job, aia_span_str(text),
		    &out), AIA_EPROTO);
	}
}

/* A link stands for what was asked for: with other properties, begin anew. */
static void
another_configuration(void **state)
{
	static const struct graph_cursor in = { { "/a" }, { "/b" } };
	static const struct conf_attribute as[] = { { .name = "department" } };
	struct conf_source named = source;
	const struct idp_job others[] = {
		{ .source = &named },
		{ .source = &source, .attributes = as, .n_attributes = 1 },
	};
	char text[GRAPH_CURSOR_MAX];
	static struct graph_cursor out;

	(void)state;
	memcpy(named.name_attribute, "mail", 5);
	graph_cursor_format(&job, &in, text);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(graph_cursor_parse(&others[i],
		    aia_span_str(text), &out), AIA_EPROTO);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(link_rows) + 5] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(link_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = link_rows[i].name,
		    .test_func = link_parse, .initial_state = &link_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nul_and_length);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(origin);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(round_trip);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(not_ours);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(
	    another_configuration);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
