/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_page.c - what counts as a SCIM ListResponse.
 */
#include "config.h"

#include "netd/idp/scim_page.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEST10(s) s s s s s s s s s s
#define NEST(s) NEST10(s) NEST10(s) NEST10(s) NEST10(s)
#define NO_ITEM (-EBADMSG)

static struct page_row {
	const char *name, *in;
	int want;
	int64_t total;
	int n;			/* of Resources; below 0: one is bad */
} page_rows[] = {
	{ "two of five", "{\"totalResults\":5,\"Resources\":[{},{}]}", 0, 5,
	    2 },
	{ "no resources", "{\"totalResults\":0}", 0, 0, 0 },
	{ "resources is null", "{\"totalResults\":0,\"Resources\":null}", 0,
	    0, 0 },
	{ "no total", "{\"Resources\":[{}]}", 0, SCIM_TOTAL_NONE, 1 },
	{ "itemsPerPage is not looked at",
	    "{\"totalResults\":1,\"itemsPerPage\":\"x\",\"Resources\":[{}]}",
	    0, 1, 1 },
	{ "items of any type", "{\"totalResults\":2,\"Resources\":[7,\"x\"]}",
	    0, 2, 2 },
	{ "negative total", "{\"totalResults\":-1}", AIA_EPROTO, 0, 0 },
	{ "total in a text", "{\"totalResults\":\"1\"}", AIA_EPROTO, 0, 0 },
	{ "total 2^64", "{\"totalResults\":18446744073709551616}", AIA_EPROTO,
	    0, 0 },
	{ "resources is an object", "{\"Resources\":{}}", AIA_EPROTO, 0, 0 },
	{ "a list", "[]", AIA_EPROTO, 0, 0 },
	{ "two totals", "{\"totalResults\":1,\"totalResults\":1}", AIA_EPROTO,
	    0, 0 },
	{ "Resources twice", "{\"Resources\":[],\"Resources\":[]}",
	    AIA_EPROTO, 0, 0 },
	{ "Resources in disguise", "{\"Resource\\u0073\":[{}]}", AIA_EPROTO,
	    0, 0 },
	{ "Resources of something else", "{\"x\":{\"Resources\":[{}]},"
	    "\"totalResults\":0}", 0, 0, 0 },
	{ "Resources cut short", "{\"Resources\":[{},{}", AIA_EPROTO, 0, 0 },
	{ "Resources not closed", "{\"Resources\":[{},{}}", AIA_EPROTO, 0,
	    0 },
	{ "what comes after is bad", "{\"Resources\":[{}],x}", AIA_EPROTO, 0,
	    0 },
	{ "no comma", "{\"Resources\":[{} {}]}", 0, SCIM_TOTAL_NONE, NO_ITEM },
	{ "two commas", "{\"Resources\":[{},,{}]}", 0, SCIM_TOTAL_NONE,
	    NO_ITEM },
	{ "a last comma", "{\"Resources\":[{},]}", 0, SCIM_TOTAL_NONE,
	    NO_ITEM },
	{ "a first comma", "{\"Resources\":[,{}]}", 0, SCIM_TOTAL_NONE,
	    NO_ITEM },
	{ "brackets crossed", "{\"Resources\":[{\"a\":[1}]]}", 0,
	    SCIM_TOTAL_NONE, NO_ITEM },
	{ "an object that is none", "{\"Resources\":[{},{x}]}", 0,
	    SCIM_TOTAL_NONE, NO_ITEM },
	{ "an id twice", "{\"Resources\":[{\"id\":\"1\",\"id\":\"2\"}]}", 0,
	    SCIM_TOTAL_NONE, NO_ITEM },
	{ "members twice", "{\"Resources\":[{\"members\":[],"
	    "\"members\":[]}]}", 0, SCIM_TOTAL_NONE, NO_ITEM },
	{ "members in disguise", "{\"Resources\":[{\"\\u006dembers\":[1]}]}",
	    0, SCIM_TOTAL_NONE, NO_ITEM },
	{ "too deep", "{\"Resources\":[" NEST("[") NEST("]") "]}", 0,
	    SCIM_TOTAL_NONE, NO_ITEM },
	{ "a page for people", "<html></html>", AIA_EPROTO, 0, 0 },
	{ "empty", "", AIA_EPROTO, 0, 0 },
};

/* How many there are, or why one could not be read. */
static int
count(struct scim_page *p)
{
	struct scim_resource resource;
	int n = 0, r;

	while ((r = scim_page_next(p, &resource)) > 0)
		n++;
	return r < 0 ? r : n;
}

static void
page(void **state)
{
	const struct page_row *row = *state;
	struct scim_page *p = NULL;

	assert_int_equal(scim_page_parse(row->in, strlen(row->in), &p),
	    row->want);
	if (row->want == 0) {
		assert_int_equal(scim_page_total(p), row->total);
		assert_int_equal(scim_page_text_len(p), strlen(row->in));
		assert_int_equal(count(p), row->n);
	}
	scim_page_free(p);
}

/* Every way to cut a good page off is refused. */
static void
truncated(void **state)
{
	static const char in[] = "{\"totalResults\":1,\"Resources\":"
	    "[{\"id\":\"\\u00e9\",\"n\":-1.5,\"b\":true}]}";
	struct scim_page *p = NULL;

	(void)state;
	for (size_t len = 0; len < sizeof(in) - 1; len++)
		assert_int_equal(scim_page_parse(in, len, &p), AIA_EPROTO);
	assert_int_equal(scim_page_parse(in, sizeof(in) - 1, &p), 0);
	scim_page_free(p);
}

static void
too_long(void **state)
{
	char *text = malloc(SCIM_PAGE_MAX + 1);
	struct scim_page *p = NULL;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', SCIM_PAGE_MAX + 1);
	memcpy(text, "{\"Resources\":[", 14);
	memcpy(text + SCIM_PAGE_MAX - 2, "]} ", 3);
	assert_int_equal(scim_page_parse(text, SCIM_PAGE_MAX + 1, &p),
	    -EMSGSIZE);
	assert_int_equal(scim_page_parse(text, SCIM_PAGE_MAX, &p), 0);
	assert_int_equal(count(p), 0);
	scim_page_free(p);
	/* Outside of Resources there is nothing that needs so much. */
	memcpy(text, "{             ", 14);
	text[SCIM_PAGE_MAX - 2] = ' ';
	assert_int_equal(scim_page_parse(text, SCIM_PAGE_MAX, &p),
	    -EMSGSIZE);
	free(text);
}

/* What is long about a group is no part of the tree. */
static void
many_members(void **state)
{
	const size_t cap = 3 * SCIM_RESOURCE_MAX;
	struct scim_resource resource;
	struct scim_page *p = NULL;
	char *text = malloc(cap);
	size_t at;

	(void)state;
	assert_non_null(text);
	at = (size_t)snprintf(text, cap, "{\"Resources\":[{\"id\":\"1\","
	    "\"members\":[7");
	while (at < 2 * SCIM_RESOURCE_MAX)
		at += (size_t)snprintf(text + at, cap - at, ",[\"]\\\"\"]");
	at += (size_t)snprintf(text + at, cap - at, "],\"x\":1},8]}");
	assert_int_equal(scim_page_parse(text, at, &p), 0);
	assert_int_equal(scim_page_next(p, &resource), 1);
	assert_true(resource.members.len > SCIM_RESOURCE_MAX);
	assert_memory_equal(resource.members.p, "7,[", 3);
	assert_int_equal(scim_page_next(p, &resource), 1);
	assert_int_equal(resource.members.len, 0);
	assert_int_equal(scim_page_next(p, &resource), 0);
	scim_page_free(p);
	free(text);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(page_rows) + 3] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(page_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = page_rows[i].name,
		    .test_func = page, .initial_state = &page_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(truncated);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_long);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many_members);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
