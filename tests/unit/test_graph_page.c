/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_graph_page.c - answers to delta queries, good and bad.
 */
#include "config.h"

#include "netd/idp/graph_page.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A128 A50 A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NEXT "\"@odata.nextLink\":\"https://h/n\""
#define DELTA "\"@odata.deltaLink\":\"https://h/d\""
#define PAGE(items) "{" DELTA ",\"value\":[" items "]}"
#define USER(id) "{\"@odata.type\":\"#microsoft.graph.user\",\"id\":\"" \
	id "\"}"
#define GROUP(members) "{\"id\":\"g\",\"members@delta\":[" members "]}"

/* What is in it, in words: of each object its id, '-' before those that were
 * removed, and its members in brackets. */
static struct page_row {
	const char *name, *in;
	int parsed;		/* by graph_page_parse() */
	const char *want;
	int end;		/* how its objects end */
} page_rows[] = {
	{ "nothing changed", PAGE(""), 0, "", 0 },
	{ "the last page", PAGE("{\"id\":\"1\"},{\"id\":\"2\"}"), 0,
	    "1[] 2[] ", 0 },
	{ "links behind the objects", "{\"value\":[{\"id\":\"1\"}]," NEXT "}",
	    0, "1[] ", 0 },
	/* Where there is more to come, the round is not over. */
	{ "both links", "{" NEXT "," DELTA ",\"value\":[]}", 0, "", 0 },
	{ "members nobody knows", "{\"@odata.context\":\"x\",\"y\":[{}],"
	    DELTA ",\"value\":[{\"id\":\"1\",\"z\":{\"@removed\":1}}]}", 0,
	    "1[] ", 0 },
	{ "deleted, and could be restored",
	    PAGE("{\"id\":\"1\",\"@removed\":{\"reason\":\"changed\"}}"), 0,
	    "-1[] ", 0 },
	{ "deleted for good",
	    PAGE("{\"id\":\"1\",\"@removed\":{\"reason\":\"deleted\"}}"), 0,
	    "-1[] ", 0 },
	{ "removed for a reason nobody knows", PAGE("{\"id\":\"1\","
	    "\"@removed\":7}"), 0, "-1[] ", 0 },
	{ "deleted and made anew in one round", PAGE("{\"id\":\"1\","
	    "\"@removed\":{\"reason\":\"changed\"}},{\"id\":\"1\"}"), 0,
	    "-1[] 1[] ", 0 },
	{ "an object twice", PAGE("{\"id\":\"1\"},{\"id\":\"1\"}"), 0,
	    "1[] 1[] ", 0 },
	{ "a group without members", PAGE(GROUP("")), 0, "g[] ", 0 },
	{ "members come and go", PAGE(GROUP(USER("1") ",{\"@odata.type\":"
	    "\"#microsoft.graph.user\",\"id\":\"2\",\"@removed\":"
	    "{\"reason\":\"deleted\"}}")), 0, "g[1 -2 ] ", 0 },
	{ "a group inside", PAGE(GROUP("{\"@odata.type\":"
	    "\"#microsoft.graph.group\",\"id\":\"h\"}")), 0, "g[h ] ", 0 },
	{ "devices, contacts and services are passed over", PAGE(GROUP(
	    "{\"@odata.type\":\"#microsoft.graph.device\",\"id\":\"1\"},"
	    "{\"@odata.type\":\"#microsoft.graph.servicePrincipal\","
	    "\"id\":\"2\"},{\"@odata.type\":\"#microsoft.graph.orgContact\"},"
	    USER("3"))), 0, "g[3 ] ", 0 },
	{ "a type that is no text", PAGE(GROUP("{\"@odata.type\":7,"
	    "\"id\":\"1\"}")), 0, "g[] ", 0 },
	{ "a type longer than any", PAGE(GROUP("{\"@odata.type\":\"" A128
	    "a\",\"id\":\"1\"}")), 0, "g[] ", 0 },
	{ "a member of no type may count", PAGE(GROUP("{\"id\":\"1\"}")), 0,
	    "g[1 ] ", 0 },
	{ "the longest id of a member", PAGE(GROUP(USER(A128))), 0,
	    "g[" A128 " ] ", 0 },
	{ "one byte longer", PAGE(GROUP(USER(A128 "a"))), 0, "g[", -EBADMSG },
	{ "a member without an id", PAGE(GROUP("{\"@odata.type\":"
	    "\"#microsoft.graph.user\"}")), 0, "g[", -EBADMSG },
	{ "a member whose id is empty", PAGE(GROUP(USER(""))), 0, "g[",
	    -EBADMSG },
	{ "a member that is no object", PAGE(GROUP("\"1\"")), 0, "g[] ", 0 },
	{ "a member that is no JSON", PAGE(GROUP(USER("1") ",{x}")), 0,
	    "g[1 ", -EBADMSG },
	{ "no comma between members", PAGE(GROUP(USER("1") USER("2"))), 0,
	    "g[", -EBADMSG },
	{ "members are no list", PAGE("{\"id\":\"g\",\"members@delta\":"
	    "{\"id\":\"1\"}}"), 0, "", -EBADMSG },
	{ "members are null", PAGE("{\"id\":\"g\",\"members@delta\":null}"),
	    0, "g[] ", 0 },
	{ "members twice", PAGE("{\"id\":\"g\",\"members@delta\":[],"
	    "\"members@delta\":[]}"), 0, "", -EBADMSG },
	{ "an id twice", PAGE("{\"id\":\"1\"},{\"id\":\"2\",\"id\":\"3\"}"),
	    0, "1[] ", -EBADMSG },
	{ "an object that is no JSON", PAGE("{\"id\":\"1\"},{x}"), 0,
	    "1[] ", -EBADMSG },
	{ "an object that is none is read all the same", PAGE("7"), 0,
	    "?[] ", 0 },
	{ "no link at all", "{\"value\":[]}", AIA_EPROTO, "", 0 },
	{ "an empty link", "{\"@odata.nextLink\":\"\",\"value\":[]}",
	    AIA_EPROTO, "", 0 },
	{ "an empty next link and the last", "{\"@odata.nextLink\":\"\","
	    DELTA ",\"value\":[]}", AIA_EPROTO, "", 0 },
	{ "a link that is no text", "{\"@odata.nextLink\":7,\"value\":[]}",
	    AIA_EPROTO, "", 0 },
	{ "no objects", "{" DELTA "}", AIA_EPROTO, "", 0 },
	{ "objects are no list", "{" DELTA ",\"value\":{}}", AIA_EPROTO, "",
	    0 },
	{ "an error", "{\"error\":{\"code\":\"x\"}}", AIA_EPROTO, "", 0 },
	{ "a list", "[]", AIA_EPROTO, "", 0 },
	{ "bytes after the end", PAGE("") "x", AIA_EPROTO, "", 0 },
	{ "no bytes", "", AIA_EPROTO, "", 0 },
};

static int
members_show(struct aia_span members, char *room, size_t cap)
{
	struct graph_member m;
	size_t at = strlen(room);
	int r;

	while ((r = graph_member_next(&members, &m)) > 0)
		at += (size_t)snprintf(room + at, cap - at, "%s%s ",
		    m.is_removed ? "-" : "", m.id);
	return r;
}

static int
objects_show(struct graph_page *page, char *room, size_t cap)
{
	struct graph_object obj;
	int r;

	while ((r = graph_page_next(page, &obj)) > 0) {
		struct aia_span id = aia_span_str("?");

		(void)!json_get_str(obj.json, "id", 128, &id);
		(void)snprintf(room + strlen(room), cap - strlen(room),
		    "%s%.*s[", obj.is_removed ? "-" : "", (int)id.len,
		    (const char *)id.p);
		r = members_show(obj.members, room, cap);
		if (r < 0)
			break;
		(void)snprintf(room + strlen(room), cap - strlen(room), "] ");
	}
	return r;
}

static void
page(void **state)
{
	const struct page_row *row = *state;
	struct graph_page *p = NULL;
	char got[1024] = "";
	int r;

	assert_int_equal(graph_page_parse(aia_span_str(row->in), &p),
	    row->parsed);
	r = p == NULL ? 0 : objects_show(p, got, sizeof(got));
	graph_page_free(p);
	assert_string_equal(got, row->want);
	assert_int_equal(r, row->end);
}

/* Cut anywhere it is no page. */
static void
cut_short(void **state)
{
	static const char in[] = "{" NEXT "," DELTA ",\"value\":[" GROUP(
	    USER("1")) "]}";
	struct graph_page *p = NULL;

	(void)state;
	for (size_t n = 0; n < sizeof(in) - 1; n++)
		assert_int_equal(graph_page_parse(aia_span_of(in, n), &p),
		    AIA_EPROTO);
	assert_int_equal(graph_page_parse(aia_span_str(in), &p), 0);
	assert_true(aia_span_eq(graph_page_next_link(p),
	    aia_span_str("https://h/n")));
	assert_true(aia_span_eq(graph_page_delta_link(p),
	    aia_span_str("https://h/d")));
	graph_page_free(p);
	graph_page_free(NULL);
}

/* before, n times 'x', after. */
static struct aia_span
long_text(const char *before, size_t n, const char *after)
{
	size_t head = strlen(before), tail = strlen(after);
	char *s = malloc(head + n + tail);

	assert_non_null(s);
	memcpy(s, before, head);
	memset(s + head, 'x', n);
	memcpy(s + head + n, after, tail);
	return aia_span_of(s, head + n + tail);
}

static struct length_row {
	const char *name, *before;
	size_t n;
	const char *after;
	int parsed, end;
} length_rows[] = {
	{ "the longest link", "{\"@odata.nextLink\":\"", GRAPH_LINK_MAX,
	    "\",\"value\":[]}", 0, 0 },
	{ "a link one byte longer", "{\"@odata.nextLink\":\"",
	    GRAPH_LINK_MAX + 1, "\",\"value\":[]}", AIA_EPROTO, 0 },
	{ "an object that is too long", "{" DELTA ",\"value\":[{\"id\":\"",
	    GRAPH_OBJECT_MAX, "\"}]}", 0, -EBADMSG },
	{ "a member that is too long", "{" DELTA ",\"value\":[{\"id\":\"g\","
	    "\"members@delta\":[{\"id\":\"", 65536, "\"}]}]}", 0, -EBADMSG },
	{ "a page that is too long", "{" DELTA ",\"value\":[{\"id\":\"",
	    GRAPH_PAGE_MAX, "\"}]}", -EMSGSIZE, 0 },
};

static void
length(void **state)
{
	const struct length_row *row = *state;
	struct aia_span in = long_text(row->before, row->n, row->after);
	struct graph_page *p = NULL;
	static char got[1 << 17];
	int r;

	got[0] = '\0';
	assert_int_equal(graph_page_parse(in, &p), row->parsed);
	r = p == NULL ? 0 : objects_show(p, got, sizeof(got));
	graph_page_free(p);
	free((void *)(uintptr_t)in.p);
	assert_int_equal(r, row->end);
}

#define A63 A50 "aaaaaaaaaaaaa"
static struct code_row { const char *name, *in, *want; } code_rows[] = {
	{ "the documented one", "{\"error\":{\"code\":\"syncStateNotFound\","
	    "\"message\":\"m\",\"innerError\":{\"date\":\"d\"}}}",
	    "syncStateNotFound" },
	{ "the longest code", "{\"error\":{\"code\":\"" A63 "\"}}", A63 },
	{ "a code one byte longer", "{\"error\":{\"code\":\"" A63 "a\"}}",
	    "" },
	{ "a code that is no text", "{\"error\":{\"code\":7}}", "" },
	{ "an error of OAuth", "{\"error\":\"invalid_client\"}", "" },
	{ "no error", "{}", "" },
	{ "no JSON in it", "<html>", "" },
	{ "no answer", "", "" },
};

static void
code(void **state)
{
	const struct code_row *row = *state;
	char got[GRAPH_CODE_MAX] = "before";

	graph_code_read(aia_span_str(row->in), got);
	assert_string_equal(got, row->want);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(page_rows) +
	    ARRAY_LEN(length_rows) + ARRAY_LEN(code_rows) + 1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(page_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = page_rows[i].name,
		    .test_func = page, .initial_state = &page_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(length_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = length_rows[i].name,
		    .test_func = length, .initial_state = &length_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(code_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = code_rows[i].name,
		    .test_func = code, .initial_state = &code_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(cut_short);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
