/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_scim_cursor.c - cursors of this source, of others, and of nobody.
 */
#include "config.h"

#include "netd/idp/scim_cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct conf_source source = {
	.url = "https://idp.example.org/scim/v2",
	.uid_attribute = "uidNumber", .gid_attribute = "gidNumber",
};
static const struct idp_job job = { .source = &source };

static void
round_trip(void **state)
{
	static const struct {
		int64_t date_s, since_s;
		uint32_t by_cursor;
	} rows[] = {
		{ 1763930000, 1763929700, 0 },	/* five minutes earlier */
		{ 300, 0, 1 }, { 299, 0, 100 }, { 0, 0, 1000 },
		{ 253402300799, 253402300499, 0 },
	};
	char text[SCIM_CURSOR_MAX];
	uint32_t by_cursor = 0;
	int64_t since_s = -1;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		scim_cursor_format(&job, rows[i].date_s,
		    rows[i].by_cursor, text);
		assert_int_equal(scim_cursor_parse(&job,
		    aia_span_str(text), &since_s, &by_cursor), 0);
		assert_int_equal(since_s, rows[i].since_s);
		assert_int_equal(by_cursor, rows[i].by_cursor);
	}
}

/* Every byte matters, and so does their number. */
static void
not_ours(void **state)
{
	char text[SCIM_CURSOR_MAX], bad[2 * SCIM_CURSOR_MAX];
	uint32_t by_cursor = 0;
	int64_t since_s = 0;
	size_t len;

	(void)state;
	scim_cursor_format(&job, 1763930000, 100, text);
	len = strlen(text);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(scim_cursor_parse(&job,
		    aia_span_of(text, n), &since_s, &by_cursor), AIA_EPROTO);
	for (size_t i = 0; i < len; i++) {
		memcpy(bad, text, len + 1);
		bad[i] = 'x';
		assert_int_equal(scim_cursor_parse(&job,
		    aia_span_str(bad), &since_s, &by_cursor), AIA_EPROTO);
	}
	memset(bad, '0', sizeof(bad));
	memcpy(bad, text, len);
	for (size_t n = len + 1; n <= sizeof(bad); n++)
		assert_int_equal(scim_cursor_parse(&job,
		    aia_span_of(bad, n), &since_s, &by_cursor), AIA_EPROTO);
	memcpy(bad, text, len + 1);
	bad[len - 17] = '-';
	assert_int_equal(scim_cursor_parse(&job, aia_span_str(bad),
	    &since_s, &by_cursor), AIA_EPROTO);
	assert_int_equal(scim_cursor_parse(&job, aia_span_of(NULL, 0),
	    &since_s, &by_cursor), AIA_EPROTO);
}

static void
set(char *p, size_t cap, const char *text)
{
	assert_true(snprintf(p, cap, "%s", text) < (int)cap);
}

static void
another_configuration(void **state)
{
	struct conf_source other[4] = { source, source, source, source };
	char text[SCIM_CURSOR_MAX];
	uint32_t by_cursor = 0;
	int64_t since_s = 0;

	(void)state;
	set(other[0].url, sizeof(other[0].url), "https://idp.example.org/scim/v3");
	set(other[1].uid_attribute, sizeof(other[1].uid_attribute), "uid");
	set(other[2].user_extension, sizeof(other[2].user_extension), "urn:x");
	/* One text's end is not the next one's beginning. */
	set(other[3].uid_attribute, sizeof(other[3].uid_attribute), "uidNumberg");
	set(other[3].gid_attribute, sizeof(other[3].gid_attribute), "idNumber");
	scim_cursor_format(&job, 1763930000, 100, text);
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		const struct idp_job changed = { .source = &other[i] };

		assert_int_equal(scim_cursor_parse(&changed,
		    aia_span_str(text), &since_s, &by_cursor), AIA_EPROTO);
	}
}

/* What policies speak of is read from now on only. */
static void
another_attribute(void **state)
{
	static const struct conf_attribute as[] = {
		{ .name = "department" },
		{ .name = "dept", .from = "department" },
		{ .name = "team", .from = "urn:x:team" },
	};
	const struct idp_job some = { .source = &source, .attributes = as,
	    .n_attributes = 1 };
	const struct idp_job renamed = { .source = &source,
	    .attributes = as + 1, .n_attributes = 1 };
	const struct idp_job more = { .source = &source, .attributes = as,
	    .n_attributes = 3 };
	const struct idp_job other = { .source = &source,
	    .attributes = as + 2, .n_attributes = 1 };
	char text[SCIM_CURSOR_MAX];
	uint32_t by_cursor = 0;
	int64_t since_s = 0;

	(void)state;
	scim_cursor_format(&some, 1763930000, 100, text);
	assert_int_equal(scim_cursor_parse(&renamed, aia_span_str(text),
	    &since_s, &by_cursor), 0);
	assert_int_equal(scim_cursor_parse(&job, aia_span_str(text),
	    &since_s, &by_cursor), AIA_EPROTO);
	assert_int_equal(scim_cursor_parse(&more, aia_span_str(text),
	    &since_s, &by_cursor), AIA_EPROTO);
	assert_int_equal(scim_cursor_parse(&other, aia_span_str(text),
	    &since_s, &by_cursor), AIA_EPROTO);
}

static void
time_text(void **state)
{
	char text[SCIM_TIME_MAX];

	(void)state;
	scim_time_format(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	scim_time_format(1763930000, text);
	assert_string_equal(text, "2025-11-23T20:33:20Z");
	scim_time_format(253402300799, text);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(not_ours),
		cmocka_unit_test(another_configuration),
		cmocka_unit_test(another_attribute),
		cmocka_unit_test(time_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
