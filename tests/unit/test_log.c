/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log.c - no value can end a field, a line or an entry.
 */
#include "config.h"

#include "base/log.h"

#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"

#define BYTES(s) s, sizeof(s) - 1

static struct value_row {
	const char *name, *in;
	size_t len;
	const char *want;
} value_rows[] = {
	{ "plain", BYTES("ada"), "e k=ada" },
	{ "address", BYTES("2001:db8::1%eth0"), "e k=2001:db8::1%eth0" },
	{ "path", BYTES("/run/aiauth/root.sock"),
	  "e k=/run/aiauth/root.sock" },
	{ "empty", BYTES(""), "e k=\"\"" },
	{ "space", BYTES("a b"), "e k=\"a b\"" },
	{ "another field", BYTES("a x=1"), "e k=\"a x=1\"" },
	{ "equals", BYTES("a=b"), "e k=\"a=b\"" },
	{ "newline", BYTES("a\nsshd: ok"), "e k=\"a\\x0asshd: ok\"" },
	{ "quote", BYTES("a\" x=\"1"), "e k=\"a\\\" x=\\\"1\"" },
	{ "backslash", BYTES("a\\"), "e k=\"a\\\\\"" },
	{ "NUL", BYTES("a\0b"), "e k=\"a\\x00b\"" },
	{ "escape sequence", BYTES("\033[2J"), "e k=\"\\x1b[2J\"" },
	{ "C1 control", BYTES("\302\233"), "e k=\"\\xc2\\x9b\"" },
	{ "DEL", BYTES("\177"), "e k=\"\\x7f\"" },
	{ "all ones", BYTES("\377"), "e k=\"\\xff\"" },
	{ "format", BYTES("%n%s"), "e k=%n%s" },
};

static void
value(void **state)
{
	const struct value_row *row = *state;
	const struct log_field f[] = { LOG_BYTES("k", row->in, row->len),
	    { 0 } };
	char line[256];

	assert_int_equal(log_format(line, sizeof(line), "e", f),
	    strlen(row->want));
	assert_string_equal(line, row->want);
	/* Cut anywhere it stays terminated and within its room. */
	for (size_t cap = 0; cap < strlen(row->want); cap++) {
		memset(line, 'x', sizeof(line));
		assert_int_equal(log_format(line, cap, "e", f),
		    cap == 0 ? 0 : cap - 1);
		assert_int_equal(line[cap], 'x');
		if (cap > 0)
			assert_int_equal(line[cap - 1], '\0');
	}
}

static void
kinds(void **state)
{
	const struct log_field f[] = { LOG_STR("s", "x"), LOG_STR("n", NULL),
	    LOG_BYTES("b", NULL, 3), LOG_I64("i", -9223372036854775807 - 1),
	    LOG_CODE(AIA_EDENIED), LOG_CODE(-ENOENT), { 0 } };
	char line[256];

	(void)state;
	(void)log_format(line, sizeof(line), "some.event", f);
	assert_string_equal(line, "some.event s=x n=\"\" b=\"\" "
	    "i=-9223372036854775808 error=denied "
	    "error=\"No such file or directory\"");
}

/* A long value must not push out what follows it. */
static void
long_value(void **state)
{
	char text[4096], line[2048];
	const struct log_field f[] = { LOG_BYTES("a", text, sizeof(text)),
	    LOG_I64("uid", 7), { 0 } };

	(void)state;
	memset(text, '\n', sizeof(text));
	(void)log_format(line, sizeof(line), "e", f);
	assert_non_null(strstr(line, "\"... uid=7"));
	assert_int_equal(strlen(line), strlen("e a=\"\"... uid=7") + 256 * 4);
}

/* The value of a field of an entry, by its length alone; NULL: not there. */
static const char *
entry_value(const char *entry, size_t len, const char *name, size_t *ret_len)
{
	while (len > 0) {
		const char *end = memchr(entry, '\n', len);
		uint64_t n;

		assert_non_null(end);
		memcpy(&n, end + 1, sizeof(n));
		*ret_len = le64toh(n);
		if ((size_t)(end - entry) == strlen(name) &&
		    memcmp(entry, name, strlen(name)) == 0)
			return end + 1 + sizeof(n);
		n = (uint64_t)(end - entry) + 2 + sizeof(n) + *ret_len;
		assert_true(n <= len);
		entry += n;
		len -= n;
	}
	return NULL;
}

static struct entry_row {
	const char *name, *field, *want;	/* NULL: no such field */
} entry_rows[] = {
	{ "entry: the line", "MESSAGE", "audit.cut x=1" },
	{ "entry: priority", "PRIORITY", "2" },
	{ "entry: authpriv", "SYSLOG_FACILITY", "10" },
	{ "entry: program", "SYSLOG_IDENTIFIER", "test_log" },
	{ "entry: event", "AIAUTH_EVENT", "audit.cut" },
	{ "entry: text", "AIAUTH_S", "a b" },
	{ "entry: bytes that end nothing", "AIAUTH_IN_FORCE",
	  "a\nMESSAGE\nb" },
	{ "entry: no text", "AIAUTH_NONE", "" },
	{ "entry: number", "AIAUTH_N", "-3" },
	{ "entry: error", "AIAUTH_ERROR", "denied" },
	{ "entry: what is too long is left out", "AIAUTH_LONG", NULL },
	{ "entry: and not what follows it", "AIAUTH_LAST", "x" },
};

static void
entry(void **state)
{
	static char large[1000];
	const struct entry_row *row = *state;
	const struct log_field f[] = { LOG_STR("s", "a b"),
	    LOG_BYTES("in_force", "a\nMESSAGE\nb", 11), LOG_STR("none", NULL),
	    LOG_I64("n", -3), LOG_CODE(AIA_EDENIED),
	    LOG_BYTES("long", large, sizeof(large)), LOG_STR("last", "x"),
	    { 0 } };
	char room[1000];
	const char *got;
	size_t len, n = 0;

	log_init("test_log", true);
	len = log_entry(room, sizeof(room), LOG_CRIT, "audit.cut",
	    "audit.cut x=1", f);
	got = entry_value(room, len, row->field, &n);
	if (row->want == NULL) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_int_equal(n, strlen(row->want));
	assert_memory_equal(got, row->want, n);
}

/* Ids come from the catalogue; an event that asks for nothing has none. */
static void
message_ids(void **state)
{
	const struct log_field none[] = { { 0 } };
	char room[1000];
	const char *id;
	size_t len, n = 0;

	(void)state;
	len = log_entry(room, sizeof(room), LOG_CRIT, "audit.cut", "x", none);
	id = entry_value(room, len, "MESSAGE_ID", &n);
	assert_non_null(id);
	assert_int_equal(n, 32);
	assert_int_equal(strspn(id, "0123456789abcdef"), 32);
	len = log_entry(room, sizeof(room), LOG_INFO, "sync.ok", "x", none);
	assert_null(entry_value(room, len, "MESSAGE_ID", &n));
}

int
main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(long_value),
		cmocka_unit_test(message_ids),
	};
	struct CMUnitTest tests[ARRAY_LEN(others) + ARRAY_LEN(value_rows) +
	    ARRAY_LEN(entry_rows)];

	memcpy(tests, others, sizeof(others));
	for (size_t i = 0; i < ARRAY_LEN(value_rows); i++)
		tests[ARRAY_LEN(others) + i] = (struct CMUnitTest){
		    .name = value_rows[i].name, .test_func = value,
		    .initial_state = &value_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(entry_rows); i++)
		tests[ARRAY_LEN(others) + ARRAY_LEN(value_rows) + i] =
		    (struct CMUnitTest){ .name = entry_rows[i].name,
		    .test_func = entry, .initial_state = &entry_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
