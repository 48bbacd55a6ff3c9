/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_page.c - what counts as a SCIM ListResponse.
 */
#include "config.h"

#include "netd/idp/scim_page.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct page_row {
	const char *name, *in;
	int want;
	int64_t total;
	size_t n;
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
	{ "a page for people", "<html></html>", AIA_EPROTO, 0, 0 },
	{ "empty", "", AIA_EPROTO, 0, 0 },
};

static void
page(void **state)
{
	const struct page_row *row = *state;
	struct scim_page *p = NULL;

	assert_int_equal(scim_page_parse(row->in, strlen(row->in), &p),
	    row->want);
	if (row->want == 0) {
		assert_int_equal(scim_page_total(p), row->total);
		assert_int_equal(scim_page_len(p), row->n);
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
	memcpy(text, "{}", 2);
	assert_int_equal(scim_page_parse(text, SCIM_PAGE_MAX + 1, &p),
	    -EMSGSIZE);
	assert_int_equal(scim_page_parse(text, SCIM_PAGE_MAX, &p), 0);
	scim_page_free(p);
	free(text);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(page_rows) + 2] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(page_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = page_rows[i].name,
		    .test_func = page, .initial_state = &page_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(truncated);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_long);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
