/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_json.c - what the door to libjansson lets through.
 */
#include "config.h"

#include "base/json.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DEEP8 "[[[[[[[["
#define SHALLOW8 "]]]]]]]]"

static struct parse_row {
	const char *name, *in;
	size_t len_max;
	int want;
} parse_rows[] = {
	{ "an object", "{}", 2, 0 },
	{ "an array", "[1]", 99, 0 },
	{ "one byte too long", "[1]", 2, -EMSGSIZE },
	{ "empty", "", 99, AIA_EPROTO },
	{ "a bare number", "1", 99, AIA_EPROTO },
	{ "a bare string", "\"x\"", 99, AIA_EPROTO },
	{ "bytes after the end", "{} x", 99, AIA_EPROTO },
	{ "white space after the end", "{} \n", 99, 0 },
	{ "cut inside a string", "{\"a\":\"b", 99, AIA_EPROTO },
	{ "cut inside an escape", "{\"a\":\"b\\", 99, AIA_EPROTO },
	{ "a member twice", "{\"a\":1,\"a\":2}", 99, AIA_EPROTO },
	{ "a member twice, deeper", "{\"b\":{\"a\":1,\"a\":1}}", 99,
	    AIA_EPROTO },
	{ "not UTF-8", "{\"a\":\"\xff\"}", 99, AIA_EPROTO },
	{ "byte order mark", "\xef\xbb\xbf{}", 99, AIA_EPROTO },
	{ "lone surrogate", "{\"a\":\"\\ud800\"}", 99, AIA_EPROTO },
	{ "32 deep", DEEP8 DEEP8 DEEP8 DEEP8 SHALLOW8 SHALLOW8 SHALLOW8
	    SHALLOW8, 99, 0 },
	{ "33 deep", "[" DEEP8 DEEP8 DEEP8 DEEP8 SHALLOW8 SHALLOW8 SHALLOW8
	    SHALLOW8 "]", 99, AIA_EPROTO },
	{ "brackets in a string are no depth", "[\"" DEEP8 DEEP8 DEEP8 DEEP8
	    DEEP8 "\\\"" DEEP8 "\"]", 99, 0 },
	{ "not a number", "[NaN]", 99, AIA_EPROTO },
	{ "number with a leading zero", "[00000000000000000001]", 99,
	    AIA_EPROTO },
	{ "number that is only an exponent", "[1e]", 99, AIA_EPROTO },
	{ "number of two points", "[1.5.5555555555555555555]", 99,
	    AIA_EPROTO },
	{ "minus alone", "[-]", 99, AIA_EPROTO },
};

static void
parse(void **state)
{
	const struct parse_row *row = *state;
	struct json *j = NULL;

	assert_int_equal(json_parse(row->in, strlen(row->in), row->len_max,
	    &j), row->want);
	json_free(j);
}

static void
parse_nul(void **state)
{
	struct json *j = NULL;

	(void)state;
	assert_int_equal(json_parse("{}\0", 3, 99, &j), AIA_EPROTO);
	assert_int_equal(json_parse("{\0}", 3, 99, &j), AIA_EPROTO);
}

#define PROTO AIA_EPROTO

/* What each getter says to the member "v" of this object. */
static struct get_row {
	const char *name, *in;
	int str, i64, boolean, obj, arr;
} get_rows[] = {
	{ "missing", "{\"w\":1}", -ENOENT, -ENOENT, -ENOENT, -ENOENT,
	    -ENOENT },
	{ "null", "{\"v\":null}", -ENOENT, -ENOENT, -ENOENT, -ENOENT,
	    -ENOENT },
	{ "string", "{\"v\":\"abcd\"}", 0, PROTO, PROTO, PROTO, PROTO },
	{ "string too long", "{\"v\":\"abcde\"}", PROTO, PROTO, PROTO, PROTO,
	    PROTO },
	{ "string with a NUL", "{\"v\":\"a\\u0000b\"}", PROTO, PROTO, PROTO,
	    PROTO, PROTO },
	{ "digits in a string", "{\"v\":\"7\"}", 0, PROTO, PROTO, PROTO,
	    PROTO },
	{ "lowest", "{\"v\":-5}", PROTO, 0, PROTO, PROTO, PROTO },
	{ "below", "{\"v\":-6}", PROTO, PROTO, PROTO, PROTO, PROTO },
	{ "highest", "{\"v\":4294967295}", PROTO, 0, PROTO, PROTO, PROTO },
	{ "2^32", "{\"v\":4294967296}", PROTO, PROTO, PROTO, PROTO, PROTO },
	{ "2^63", "{\"v\":9223372036854775808}", PROTO, PROTO, PROTO, 0,
	    PROTO },
	{ "2^64", "{\"v\":18446744073709551616}", PROTO, PROTO, PROTO, 0,
	    PROTO },
	{ "1e999", "{\"v\":1e999}", PROTO, PROTO, PROTO, 0, PROTO },
	{ "1E2", "{\"v\":1E2}", PROTO, PROTO, PROTO, 0, PROTO },
	{ "float", "{\"v\":1.0}", PROTO, PROTO, PROTO, PROTO, PROTO },
	{ "true", "{\"v\":true}", PROTO, PROTO, 0, PROTO, PROTO },
	{ "object", "{\"v\":{}}", PROTO, PROTO, PROTO, 0, PROTO },
	{ "array", "{\"v\":[]}", PROTO, PROTO, PROTO, PROTO, 0 },
	{ "of an array", "[\"v\"]", PROTO, PROTO, PROTO, PROTO, PROTO },
};

static void
get(void **state)
{
	const struct get_row *row = *state;
	const struct json *v = NULL;
	struct aia_span s = { 0 };
	struct json *j = NULL;
	int64_t i = 77;
	bool b = false;

	assert_int_equal(json_parse(row->in, strlen(row->in), 99, &j), 0);
	assert_int_equal(json_get_str(j, "v", 4, &s), row->str);
	assert_int_equal(json_get_i64(j, "v", -5, UINT32_MAX, &i), row->i64);
	assert_int_equal(json_get_bool(j, "v", &b), row->boolean);
	assert_int_equal(json_get_obj(j, "v", &v), row->obj);
	assert_int_equal(json_get_arr(j, "v", &v), row->arr);
	/* Nothing is written where nothing was given. */
	assert_int_equal(s.p != NULL, row->str == 0);
	assert_int_equal(i != 77, row->i64 == 0);
	assert_int_equal(b, row->boolean == 0);
	json_free(j);
}

static void
values(void **state)
{
	static const char in[] =
	    "{\"n\":9007199254740993,\"s\":\"x\",\"a\":[true,\"y\"]}";
	const struct json *a = NULL, *v = NULL;
	struct json *j = NULL;
	struct aia_span s;
	void *iter = NULL;
	size_t n = 0;
	int64_t i = 0;
	bool b = false;

	(void)state;
	assert_int_equal(json_parse(in, strlen(in), 99, &j), 0);
	assert_int_equal(json_get_i64(j, "n", 0, INT64_MAX, &i), 0);
	assert_int_equal(i, 9007199254740993);	/* no double holds it */
	assert_int_equal(json_get_arr(j, "a", &a), 0);
	assert_int_equal(json_arr_len(a), 2);
	assert_int_equal(json_as_bool(json_arr_at(a, 0), &b), 0);
	assert_true(b);
	assert_int_equal(json_as_str(json_arr_at(a, 1), 9, &s), 0);
	assert_true(aia_span_eq(s, aia_span_str("y")));
	assert_null(json_arr_at(a, 2));
	assert_int_equal(json_as_str(json_arr_at(a, 2), 9, &s), AIA_EPROTO);
	assert_int_equal(json_arr_len(j), 0);
	while (json_obj_next(j, &iter, &s, &v)) {
		assert_int_equal(s.len, 1);
		n++;
	}
	assert_int_equal(n, 3);
	assert_false(json_obj_next(a, &iter, &s, &v));
	json_free(j);
}

static void
out(void **state)
{
	struct json_out *o = NULL;
	char *line = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(json_out_new(&o), 0);
	json_out_str(o, "s", "a\"\n\x1b");
	json_out_span(o, "u", aia_span_of("\xc3\xa9", 2));
	json_out_span(o, "bad", aia_span_of("a\xff", 2));
	json_out_i64(o, "i", JSON_I64_MIN);
	json_out_open_arr(o, "a");
	json_out_bool(o, NULL, false);
	json_out_open_obj(o, NULL);
	json_out_str(o, "none", NULL);
	json_out_close(o);
	json_out_close(o);
	assert_int_equal(json_out_end(o, &line, &len), 0);
	assert_string_equal(line, "{\"s\":\"a\\\"\\n\\u001B\",\"u\":\"\\u00E9\","
	    "\"bad\":\"a?\",\"i\":-99999999999999999,"
	    "\"a\":[false,{\"none\":\"\"}]}");
	assert_int_equal(len, strlen(line));
	free(line);
	json_out_free(o);
}

static void
out_step(void **state)
{
	struct json_out *o = NULL;
	char *line = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(json_out_new(&o), 0);
	json_out_open_arr(o, "a");
	assert_int_equal(json_out_end(o, &line, &len), -EINVAL);
	json_out_i64(o, "key in an array", 1);
	json_out_close(o);
	assert_int_equal(json_out_end(o, &line, &len), -EINVAL);
	json_out_free(o);

	assert_int_equal(json_out_new(&o), 0);
	json_out_close(o);
	assert_int_equal(json_out_end(o, &line, &len), -EINVAL);
	json_out_free(o);

	assert_int_equal(json_out_new(&o), 0);
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_out_open_obj(o, "o");
	for (int i = 0; i < JSON_DEPTH_MAX; i++)
		json_out_close(o);
	assert_int_equal(json_out_end(o, &line, &len), -EINVAL);
	json_out_free(o);
}

static struct i64_row {
	const char *name;
	int64_t v;
	int want;
} i64_rows[] = {
	{ "written and read: nothing", 0, 0 },
	{ "written and read: the largest", JSON_I64_MAX, 0 },
	{ "written and read: the smallest", JSON_I64_MIN, 0 },
	{ "not written: one more", JSON_I64_MAX + 1, -ERANGE },
	{ "not written: one less", JSON_I64_MIN - 1, -ERANGE },
	{ "not written: the largest there is", INT64_MAX, -ERANGE },
	{ "not written: the smallest there is", INT64_MIN, -ERANGE },
};

/* What is written can be read, and what could not is not written. */
static void
out_i64(void **state)
{
	const struct i64_row *row = *state;
	struct json_out *o = NULL;
	struct json *j = NULL;
	char *line = NULL;
	size_t len = 0;
	int64_t v = 1;

	assert_int_equal(json_out_new(&o), 0);
	json_out_i64(o, "i", row->v);
	assert_int_equal(json_out_end(o, &line, &len), row->want);
	json_out_free(o);
	if (row->want < 0)
		return;
	assert_int_equal(json_parse(line, len, len, &j), 0);
	assert_int_equal(json_get_i64(j, "i", INT64_MIN, INT64_MAX, &v), 0);
	assert_int_equal(v, row->v);
	json_free(j);
	free(line);
}

/* A short text that would be a large tree; and the next one fits again. */
static void
large_tree(void **state)
{
	static const char *const items[] = { "[],", "{},", "[[[]]],",
	    "{\"a\":{}},", "\"\"," };
	static char text[1 << 20];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(items); k++) {
		size_t len = 1, item = strlen(items[k]);
		struct json *j = NULL;

		text[0] = '[';
		while (len + item < sizeof(text)) {
			memcpy(text + len, items[k], item);
			len += item;
		}
		text[len - 1] = ']';
		assert_int_equal(json_parse(text, len, len, &j), -EMSGSIZE);
		assert_int_equal(json_parse(text, len, 8 * len, &j), 0);
		json_free(j);
	}
}

static const struct CMUnitTest plain[] = {
	cmocka_unit_test(parse_nul),
	cmocka_unit_test(large_tree),
	cmocka_unit_test(values),
	cmocka_unit_test(out),
	cmocka_unit_test(out_step),
};

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(parse_rows) + ARRAY_LEN(get_rows) +
	    ARRAY_LEN(i64_rows) + ARRAY_LEN(plain)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = parse_rows[i].name,
		    .test_func = parse, .initial_state = &parse_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(get_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = get_rows[i].name,
		    .test_func = get, .initial_state = &get_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(i64_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = i64_rows[i].name,
		    .test_func = out_i64, .initial_state = &i64_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		tests[n++] = plain[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
