/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keycloak_page.c - lists and numbers, good and bad.
 */
#include "config.h"

#include "netd/idp/keycloak_page.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static struct page_row {
	const char *name, *in;
	int n;			/* objects that can be read ... */
	int end;		/* ... and how it ends */
} page_rows[] = {
	{ "empty list", "[]", 0, 0 },
	{ "blanks all over", " \r\n[\t] \n", 0, 0 },
	{ "one", "[{\"id\":\"1\"}]", 1, 0 },
	{ "three, not all objects", "[{\"id\":\"]\"}, 7 ,[[]]]", 3, 0 },
	{ "nothing", "", 0, AIA_EPROTO },
	{ "one bracket", "[", 0, AIA_EPROTO },
	{ "an object", "{\"error\":\"unknown_error\"}", 0, AIA_EPROTO },
	{ "two lists", "[1],[2]", 0, -EBADMSG },
	{ "bytes after the end", "[1] x", 0, AIA_EPROTO },
	{ "a comma at the end", "[1,]", 0, -EBADMSG },
	{ "no comma", "[{} {}]", 0, -EBADMSG },
	{ "the second is not JSON", "[{},{x}]", 1, -EBADMSG },
	{ "cut short", "[{},{\"a\":]", 1, -EBADMSG },
	{ "a member twice", "[{\"a\":1,\"a\":2}]", 0, -EBADMSG },
};

static void
page(void **state)
{
	const struct page_row *row = *state;
	struct keycloak_page p = { 0 };
	const struct json *item;
	int r, n = 0;

	r = keycloak_page_init(aia_span_str(row->in), &p);
	if (r == 0)
		while ((r = keycloak_page_next(&p, &item)) > 0)
			n++;
	keycloak_page_clear(&p);
	assert_int_equal(n, row->n);
	assert_int_equal(r, row->end);
}

/* A list of any length takes the memory of one of its objects. */
static void
too_long(void **state)
{
	size_t len = KEYCLOAK_OBJECT_MAX + 16;
	char *in = malloc(len);
	struct keycloak_page p = { 0 };
	const struct json *item;

	(void)state;
	assert_non_null(in);
	memset(in, 'x', len);
	memcpy(in, "[\"", 2);
	memcpy(in + len - 2, "\"]", 2);
	assert_int_equal(keycloak_page_init(aia_span_of(in, len), &p), 0);
	assert_int_equal(keycloak_page_next(&p, &item), -EBADMSG);
	keycloak_page_clear(&p);
	free(in);
}

static struct count_row { const char *name, *in; int64_t want; }
count_rows[] = {
	{ "a number", "2000", 2000 },
	{ "a number in an object", "{\"count\":17}", 17 },
	{ "zero", "0", 0 },
	{ "the most", "1000000000", 1000000000 },
	{ "one more", "1000000001", AIA_EPROTO },
	{ "below zero", "-1", AIA_EPROTO },
	{ "a text", "\"7\"", AIA_EPROTO },
	{ "with a fraction", "7.5", AIA_EPROTO },
	{ "an object without it", "{}", AIA_EPROTO },
	{ "no JSON", "seven", AIA_EPROTO },
	{ "no bytes", "", AIA_EPROTO },
};

static void
count(void **state)
{
	const struct count_row *row = *state;
	uint64_t n = 0;
	int r = keycloak_count_parse(aia_span_str(row->in), &n);

	assert_int_equal(r < 0 ? r : (int64_t)n, row->want);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(page_rows) + ARRAY_LEN(count_rows) +
	    1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(page_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = page_rows[i].name,
		    .test_func = page, .initial_state = &page_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(count_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = count_rows[i].name,
		    .test_func = count, .initial_state = &count_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_long);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
