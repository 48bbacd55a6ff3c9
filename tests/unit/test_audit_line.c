/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_audit_line.c - one line of the audit log: no byte of it can be another.
 */
#include "config.h"

#include "aiauthd/vault/audit_line.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static const struct crypto_key key = { "0123456789abcdef0123456789abcde" };
static const struct boot_time boot = { 1000,
	"aaaaaaaa-0000-0000-0000-000000000000" };

/* Without its newline. */
static struct aia_span
make(const struct audit_link *last, const char *text, char **ret,
    struct audit_link *link)
{
	struct json_out *o = NULL;
	size_t len = 0;

	assert_int_equal(audit_line_begin(last, 1700000000, &boot, "test",
	    &o), 0);
	json_out_str(o, "text", text);
	assert_int_equal(audit_line_end(&key, last->seq + 1, o, ret, &len,
	    link), 0);
	assert_int_equal((*ret)[len - 1], '\n');
	return aia_span_of(*ret, len - 1);
}

static void
round_trip(void **state)
{
	const struct audit_link last = { .seq = 41, .hash = { 1, 2, 0xfe } };
	struct audit_link link = { 0 };
	struct audit_line got;
	struct json *json = NULL;
	struct aia_span line, s;
	char *text = NULL;

	(void)state;
	line = make(&last, "a \"b\"\n\x01\xc3\xa4", &text, &link);
	assert_null(memchr(text, '\n', line.len));
	for (size_t i = 0; i < line.len; i++)
		assert_in_range(text[i], ' ', '~');
	assert_int_equal(audit_line_read(&key, line, &got), 0);
	assert_int_equal(got.link.seq, 42);
	assert_memory_equal(&got.link, &link, sizeof(link));
	assert_memory_equal(got.prev, last.hash, sizeof(got.prev));
	assert_int_equal(json_parse(line.p, line.len, AUDIT_LINE_MAX, &json),
	    0);
	assert_int_equal(json_get_str(json, "text", 32, &s), 0);
	assert_true(aia_span_eq(s, aia_span_str("a \"b\"\n\x01\xc3\xa4")));
	json_free(json);
	free(text);
}

/* Any other byte in any place, any cut, anything more. */
static void
every_byte(void **state)
{
	const struct audit_link last = { 0 };
	struct audit_link link;
	struct audit_line got;
	struct aia_span line;
	char *text = NULL;

	(void)state;
	line = make(&last, "text", &text, &link);
	for (size_t i = 0; i < line.len; i++) {
		for (int bit = 1; bit < 256; bit <<= 1) {
			text[i] ^= (char)bit;
			assert_int_not_equal(audit_line_read(&key, line,
			    &got), 0);
			text[i] ^= (char)bit;
		}
		assert_int_not_equal(audit_line_read(&key,
		    aia_span_of(text, i), &got), 0);
		assert_int_not_equal(audit_line_read(&key,
		    aia_span_of(text + i + 1, line.len - i - 1), &got), 0);
	}
	assert_int_not_equal(audit_line_read(&key,
	    aia_span_of(text, line.len + 1), &got), 0);
	assert_int_equal(audit_line_read(&key, line, &got), 0);
	free(text);
}

static void
other_key(void **state)
{
	const struct crypto_key other = { "another" };
	const struct audit_link last = { 0 };
	struct audit_link link;
	struct audit_line got;
	struct aia_span line;
	char *text = NULL;

	(void)state;
	line = make(&last, "text", &text, &link);
	assert_int_equal(audit_line_read(&other, line, &got), AIA_EDAMAGED);
	free(text);
}

#define ZEROS "00000000000000000000000000000000" \
	"00000000000000000000000000000000"

static struct shape_row { const char *name, *line; int want; } shape_rows[] = {
	{ "empty", "", AIA_EPROTO },
	{ "only a tail", ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
	{ "least there can be", "{\"seq\":1,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EDAMAGED },
	{ "number 0", "{\"seq\":0,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
	{ "18 digits", "{\"seq\":999999999999999999,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EDAMAGED },
	{ "19 digits", "{\"seq\":1000000000000000000,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
	{ "no number", "{\"seq\":,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
	{ "sign", "{\"seq\":-1,\"prev\":\"" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
	{ "capitals", "{\"seq\":1,\"prev\":\"A" ZEROS "\""
	    ",\"hash\":\"" ZEROS "\"}", AIA_EPROTO },
};

static void
shape(void **state)
{
	const struct shape_row *row = *state;
	struct audit_line got;

	assert_int_equal(audit_line_read(&key, aia_span_str(row->line), &got),
	    row->want);
}

static void
too_long(void **state)
{
	static char text[AUDIT_LINE_MAX];
	const struct audit_link last = { 0 };
	struct audit_link link;
	struct json_out *o = NULL;
	char *line = NULL;
	size_t len;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_int_equal(audit_line_begin(&last, 0, &boot, "test", &o), 0);
	json_out_str(o, "text", text);
	assert_int_equal(audit_line_end(&key, 1, o, &line, &len, &link),
	    -EMSGSIZE);
	assert_null(line);
}

int
main(void)
{
	const struct CMUnitTest alone[] = {
		cmocka_unit_test(round_trip), cmocka_unit_test(every_byte),
		cmocka_unit_test(other_key), cmocka_unit_test(too_long),
	};
	struct CMUnitTest rows[ARRAY_LEN(shape_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(shape_rows); i++)
		rows[i] = (struct CMUnitTest){ .name = shape_rows[i].name,
		    .test_func = shape, .initial_state = &shape_rows[i] };
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}
