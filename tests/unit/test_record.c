/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_record.c - what is alike in the records of all providers: values by
 * their type, and what is too long.
 */
#include "config.h"

#include "netd/idp/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static struct record rec;

static struct json *
json_of(const char *in)
{
	struct json *j = NULL;

	assert_int_equal(json_parse_any(in, strlen(in), 1 << 20, &j), 0);
	return j;
}

/* "BEFORE", n times 'x', "AFTER". */
static struct json *
json_long(const char *before, size_t n, const char *after)
{
	size_t head = strlen(before);
	char *in = malloc(head + n + strlen(after) + 1);
	struct json *j;

	assert_non_null(in);
	memcpy(in, before, head);
	memset(in + head, 'x', n);
	memcpy(in + head + n, after, strlen(after) + 1);
	j = json_of(in);
	free(in);
	return j;
}

#define NO_TIME INT64_MIN
static struct time_row { const char *name, *in; int64_t want; }
time_rows[] = {
	{ "UTC", "2026-01-01T00:00:00Z", 1767225600 },
	{ "with a fraction", "2026-01-01T00:00:00.1234567Z", 1767225600 },
	{ "east of it", "2026-01-01T02:30:00+02:30", 1767225600 },
	{ "west of it", "2025-12-31T19:00:00-05:00", 1767225600 },
	{ "the epoch", "1970-01-01T00:00:00Z", 0 },
	{ "before it", "1969-12-31T23:59:59Z", -1 },
	{ "the longest", "2026-01-01T00:00:00.1234567890123+00:00",
	    1767225600 },
	{ "one byte longer", "2026-01-01T00:00:00.12345678901234+00:00",
	    NO_TIME },
	{ "of no zone", "2026-01-01T00:00:00", NO_TIME },
	{ "of half a zone", "2026-01-01T00:00:00+02", NO_TIME },
	{ "with something behind", "2026-01-01T00:00:00Zx", NO_TIME },
	{ "behind the zone", "2026-01-01T00:00:00+02:00x", NO_TIME },
	{ "a day", "2026-01-01", NO_TIME },
	{ "no such month", "2026-13-01T00:00:00Z", NO_TIME },
	{ "nothing", "", NO_TIME },
};

static void
time_of(void **state)
{
	const struct time_row *row = *state;
	int64_t got = NO_TIME;

	assert_int_equal(record_time(aia_span_str(row->in), &got),
	    row->want != NO_TIME);
	assert_true(got == row->want);
}

static struct value_row { const char *name, *in, *want; } value_rows[] = {
	{ "a text", "\"x\"", "p=x;" },
	{ "an empty text", "\"\"", "" },
	{ "a number", "-7", "p=-7;" },
	{ "a fraction", "7.5", "" },
	{ "true", "true", "p=true;" },
	{ "false", "false", "p=false;" },
	{ "null", "null", "" },
	{ "an object with a value", "{\"value\":\"x\",\"type\":\"work\"}",
	    "p=x;" },
	{ "an object without", "{\"type\":\"work\"}", "" },
	{ "an array", "[\"x\",7,{\"value\":true},null,{}]",
	    "p=x;p=7;p=true;" },
	{ "an array in it", "[[\"x\"]]", "" },
	{ "no items", "[]", "" },
	{ "what looks like another", "\"a=b\"", "p=a=b;" },
};

static void
value(void **state)
{
	const struct value_row *row = *state;
	struct json *j = json_of(row->in);
	char got[256] = "";
	uint8_t room[256];
	struct aia_span list, item;
	struct aia_wr wr;
	size_t len = 0;

	aia_wr_init(&wr, room, sizeof(room));
	record_values_add(j, "p", &wr);
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	list = aia_span_of(room, len);
	while (aia_list_next(&list, &item))
		(void)snprintf(got + strlen(got), sizeof(got) - strlen(got),
		    "%.*s;", (int)item.len, (const char *)item.p);
	assert_string_equal(got, row->want);
	json_free(j);
}

static struct stand_row {
	const char *name, *id, *defect;
	uint32_t active;
	int want;
	enum netcall_standing standing;
} stand_rows[] = {
	{ "active", "1", "", 1, 0, NETCALL_ACTIVE },
	{ "not", "1", "", 0, 0, NETCALL_DISABLED },
	{ "another one", "2", "", 1, AIA_EPROTO, 0 },
	{ "no id", "", "", 1, AIA_EPROTO, 0 },
	{ "with a defect", "1", "bad", 1, AIA_EPROTO, 0 },
	{ "with a defect, and not active", "1", "bad", 0, AIA_EPROTO, 0 },
};

static void
stand(void **state)
{
	const struct stand_row *row = *state;
	enum netcall_standing got = 0;

	record_init(&rec);
	rec.user.object_id = aia_span_str(row->id);
	rec.user.active = row->active;
	if (row->defect[0] != '\0')
		record_defect(&rec, "%s", row->defect);
	record_end(&rec);
	assert_int_equal(record_standing(&rec, aia_span_str("1"), &got),
	    row->want);
	assert_int_equal(got, row->standing);
}

static void
active(void **state)
{
	static const struct { const char *in, *defect; uint32_t want; }
	rows[] = {
		{ "{\"on\":true}", "", 1 }, { "{\"on\":false}", "", 0 },
		{ "{}", "on is neither true nor false", 0 },
		{ "{\"on\":null}", "on is neither true nor false", 0 },
		{ "{\"on\":1}", "on is neither true nor false", 0 },
		{ "[true]", "on is neither true nor false", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json *j = json_of(rows[i].in);

		record_init(&rec);
		rec.user.active = 1;
		record_active(&rec, j, "on");
		assert_int_equal(rec.user.active, rows[i].want);
		assert_string_equal(rec.defect, rows[i].defect);
		json_free(j);
	}
}

/* The first defect is told, and once it is told everybody knows. */
static void
defects(void **state)
{
	(void)state;
	record_init(&rec);
	record_end(&rec);
	assert_false(AIA_HAS(&rec.user, NETCALL_USER_F_DEFECT));
	record_defect(&rec, "%s", "first");
	record_defect(&rec, "second");
	record_end(&rec);
	assert_true(AIA_HAS(&rec.user, NETCALL_USER_F_DEFECT));
	assert_true(AIA_HAS(&rec.group, NETCALL_GROUP_F_DEFECT));
	assert_true(aia_span_eq(rec.group.defect, aia_span_str("first")));
	record_init(&rec);
	assert_string_equal(rec.defect, "");
	assert_int_equal(rec.user.has | rec.group.has, 0);
}

/* A name that is too long is cut so that people see it, an id is not: half of
 * one might be another's. */
static void
too_long(void **state)
{
	static char cut[2048];
	struct json *j;
	struct aia_span s;

	(void)state;
	j = json_long("{\"k\":\"", OBJECT_ID_LEN_MAX, "\"}");
	record_init(&rec);
	assert_int_equal(record_object_id(&rec, j, "k").len,
	    OBJECT_ID_LEN_MAX);
	assert_string_equal(rec.defect, "");
	json_free(j);
	j = json_long("{\"k\":\"", OBJECT_ID_LEN_MAX + 1, "\"}");
	record_init(&rec);
	assert_int_equal(record_object_id(&rec, j, "k").len, 0);
	assert_string_equal(rec.defect, "k is longer than 128 bytes");
	json_free(j);
	j = json_long("{\"k\":\"", NETCALL_TEXT_MAX, "\"}");
	record_init(&rec);
	assert_int_equal(record_name(&rec, j, "k").len, NETCALL_TEXT_MAX);
	assert_string_equal(rec.defect, "");
	assert_true(record_text(j, "k", &s));
	json_free(j);
	j = json_long("{\"k\":\"", NETCALL_TEXT_MAX + 1, "\"}");
	assert_int_equal(record_name(&rec, j, "k").len, 256);
	assert_string_equal(rec.defect, "k is longer than 1024 bytes");
	assert_false(record_text(j, "k", &s));
	json_free(j);
	/* Not inside a character: its first byte is the 256th. */
	memset(cut, 'x', sizeof(cut));
	memcpy(cut, "{\"k\":\"", 6);
	memcpy(cut + 6 + 255, "\303\244", 2);
	memcpy(cut + sizeof(cut) - 3, "\"}", 3);
	j = json_of(cut);
	record_init(&rec);
	assert_int_equal(record_name(&rec, j, "k").len, 255);
	json_free(j);
}

static int
find(const struct json *where, const char *name, const struct json **ret)
{
	return json_get(where, name, ret);
}

static struct posix_row {
	const char *name, *in;
	bool texts;			/* ids may be */
	const char *defect;
	int64_t uid;			/* -1: none */
} posix_rows[] = {
	{ "a uid", "{\"u\":7}", false, "", 7 },
	{ "none", "{}", false, "", -1 },
	{ "null is none", "{\"u\":null}", false, "", -1 },
	{ "a text", "{\"u\":\"7\"}", false, "u is not a whole number", -1 },
	{ "a text where that is usual", "{\"u\":\"7\"}", true, "", 7 },
	{ "with a plus", "{\"u\":\"+7\"}", true, "u is not a whole number",
	    -1 },
	{ "root is the keeper's to refuse", "{\"u\":0}", false, "", 0 },
	{ "a home that is no text", "{\"u\":7,\"h\":7}", false,
	    "h is not a text of at most 1024 bytes", 7 },
	{ "a comment that is none spoils nothing", "{\"u\":7,\"c\":[]}",
	    false, "", 7 },
	{ "keys that are numbers", "{\"u\":7,\"k\":[7]}", false,
	    "k is not a list of keys of at most 8192 bytes", 7 },
	{ "keys as objects", "{\"u\":7,\"k\":[{\"value\":\"a\"}]}", false, "",
	    7 },
};

static void
posix(void **state)
{
	static const struct record_names names = { "u", "g", "h", "s", "c",
	    "k" };
	const struct posix_row *row = *state;
	struct json *j = json_of(row->in);
	const struct record_from from = { .find = find, .where = j,
	    .ids_are_texts = row->texts };

	record_init(&rec);
	record_posix_user(&rec, &from, &names);
	assert_string_equal(rec.defect, row->defect);
	assert_int_equal(AIA_HAS(&rec.user, NETCALL_USER_F_UID),
	    row->uid >= 0);
	if (row->uid >= 0)
		assert_int_equal(rec.user.uid, row->uid);
	json_free(j);
}

/* Keys: each as long as one line may be, all as long as a record has room. */
static void
keys(void **state)
{
	static const struct record_names names = { "", "", "", "", "", "k" };
	static const struct { size_t n; const char *defect; } rows[] = {
		{ 8192, "" },
		{ 8193, "k is not a list of keys of at most 8192 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json *j = json_long("{\"k\":\"", rows[i].n, "\"}");
		const struct record_from from = { .find = find, .where = j };

		record_init(&rec);
		record_posix_user(&rec, &from, &names);
		assert_string_equal(rec.defect, rows[i].defect);
		assert_int_equal(AIA_HAS(&rec.user, NETCALL_USER_F_KEYS),
		    i == 0);
		json_free(j);
	}
}

static void
value_add(const struct json *resource, const char *path, struct aia_wr *list)
{
	const struct json *v = NULL;

	if (json_get(resource, path, &v) == 0)
		record_values_add(v, path, list);
}

/* Too many are a defect: a policy may forbid by the one that was left out. */
static void
many_attributes(void **state)
{
	static const struct conf_attribute a = { .name = "k" };
	const struct idp_job job = { .attributes = &a, .n_attributes = 1 };
	static char in[1 << 15];

	(void)state;
	for (size_t n = 0; n < 2200; n += 100) {
		struct json *j;

		(void)snprintf(in, sizeof(in), "{\"k\":[");
		for (size_t i = 0; i < n; i++)
			(void)strcat(in, i == 0 ? "\"value\"" : ",\"value\"");
		(void)strcat(in, "]}");
		j = json_of(in);
		record_init(&rec);
		record_attributes(&rec, j, &job, value_add);
		/* "k=value" and two bytes of length: 9 each, 16384 in all. */
		assert_string_equal(rec.defect, n * 9 <= 16384 ? "" :
		    "attributes for policies have more than 16384 bytes");
		assert_int_equal(AIA_HAS(&rec.user,
		    NETCALL_USER_F_ATTRIBUTES), n > 0 && n * 9 <= 16384);
		json_free(j);
	}
}

#define ROWS(rows, f) \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) \
		tests[n++] = (struct CMUnitTest){ .name = (rows)[i].name, \
		    .test_func = (f), .initial_state = &(rows)[i] }

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(time_rows) + ARRAY_LEN(value_rows) +
	    ARRAY_LEN(stand_rows) + ARRAY_LEN(posix_rows) + 5] = { 0 };
	size_t n = 0;

	ROWS(time_rows, time_of);
	ROWS(value_rows, value);
	ROWS(stand_rows, stand);
	ROWS(posix_rows, posix);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(active);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(defects);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_long);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(keys);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many_attributes);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
