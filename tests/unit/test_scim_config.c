/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_config.c - servers with pages by cursor, and without.
 */
#include "config.h"

#include "netd/idp/scim_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct config_row {
	const char *name, *in;
	uint32_t want;
} config_rows[] = {
	/* RFC 9865 section 4. */
	{ "of the RFC", "{\"pagination\":{\"cursor\":true,\"index\":true,"
	  "\"defaultPaginationMethod\":\"cursor\",\"defaultPageSize\":100,"
	  "\"maxPageSize\":250,\"cursorTimeout\":3600}}", 100 },
	{ "no largest page", "{\"pagination\":{\"cursor\":true}}", 100 },
	{ "small pages", "{\"pagination\":{\"cursor\":true,"
	  "\"maxPageSize\":1}}", 1 },
	{ "pages of nobody", "{\"pagination\":{\"cursor\":true,"
	  "\"maxPageSize\":0}}", 0 },
	{ "a size that is a text", "{\"pagination\":{\"cursor\":true,"
	  "\"maxPageSize\":\"9\"}}", 0 },
	{ "by index only", "{\"pagination\":{\"cursor\":false,"
	  "\"index\":true}}", 0 },
	{ "a text", "{\"pagination\":{\"cursor\":\"true\"}}", 0 },
	{ "not said", "{\"pagination\":{}}", 0 },
	{ "an array", "{\"pagination\":[true]}", 0 },
	{ "as before the RFC", "{\"filter\":{\"maxResults\":200}}", 0 },
	{ "not JSON", "<html>", 0 },
	{ "nothing", "", 0 },
};

static void
config(void **state)
{
	const struct config_row *row = *state;

	assert_int_equal(scim_config_by_cursor(aia_span_str(row->in), 100),
	    row->want);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(config_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(config_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = config_rows[i].name,
		    .test_func = config, .initial_state = &config_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
