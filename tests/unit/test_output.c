/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_output.c - what people and programs see of an answer.
 */
#include "config.h"

#include "aiauthctl/output.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS_MAX 4
#define GROUP(name) "{\"kind\":\"group\",\"name\":\"" name "\",\"gid\":7," \
	"\"source\":\"main\",\"object_id\":\"id-" name "\"}"

static struct output_row {
	const char	*name;
	const char	*records[RECORDS_MAX];
	const char	*text;
	const char	*table, *json;
} output_rows[] = {
	{ "nothing", { NULL }, "",
	    "",
	    "{\"version\": 1, \"records\": [], \"result\": "
	    "{\"code\":\"ok\",\"text\":\"\"}}\n" },
	{ "a word alone", { NULL }, "done",
	    "done\n",
	    "{\"version\": 1, \"records\": [], \"result\": "
	    "{\"code\":\"ok\",\"text\":\"done\"}}\n" },
	{ "a block",
	    { "{\"kind\":\"daemon\",\"release\":\"1\",\"workers\":4}" }, "",
	    "Daemon\n"
	    "  release            1\n"
	    "  workers            4\n"
	    "  prompts at most    \n",
	    "{\"version\": 1, \"records\": [\n"
	    "{\"kind\":\"daemon\",\"release\":\"1\",\"workers\":4}], "
	    "\"result\": {\"code\":\"ok\",\"text\":\"\"}}\n" },
	{ "columns as wide as their widest", { GROUP("a"), GROUP("wider") },
	    "",
	    "Groups\n"
	    "  NAME   GID  SOURCE  OBJECT ID\n"
	    "  a      7    main    id-a\n"
	    "  wider  7    main    id-wider\n",
	    "{\"version\": 1, \"records\": [\n" GROUP("a") ",\n"
	    GROUP("wider") "], \"result\": {\"code\":\"ok\",\"text\":\"\"}}"
	    "\n" },
	{ "two kinds, then the first again", { GROUP("a"),
	    "{\"kind\":\"down\",\"part\":\"vault\",\"reason\":\"x\"}",
	    GROUP("b") }, "",
	    "Groups\n"
	    "  NAME  GID  SOURCE  OBJECT ID\n"
	    "  a     7    main    id-a\n"
	    "Not answering\n"
	    "  PART   REASON\n"
	    "  vault  x\n"
	    "Groups\n"
	    "  NAME  GID  SOURCE  OBJECT ID\n"
	    "  b     7    main    id-b\n", NULL },
	{ "true, false, never and missing",
	    { "{\"kind\":\"account\",\"active\":true}",
	    "{\"kind\":\"account\",\"active\":false,\"uid\":null}",
	    "{\"kind\":\"vault\",\"started_s\":0}" }, "",
	    "Users\n"
	    "  NAME  UID  GID  ACTIVE  SOURCE  OBJECT ID\n"
	    "                  yes             \n"
	    "                  no              \n"
	    "Vault\n"
	    "  started            never\n"
	    "  people enrolled    \n"
	    "  commits            \n"
	    "  questions          \n"
	    "  delays             \n"
	    "  bytes of audit log \n", NULL },
	{ "another type than it should be is empty",
	    { "{\"kind\":\"down\",\"part\":7,\"reason\":[\"x\"]}" }, "",
	    "Not answering\n"
	    "  PART  REASON\n"
	    "        \n", NULL },
	{ "nothing raw reaches the terminal",
	    { "{\"kind\":\"down\",\"part\":\"\\u001b[31m\\n\u00e9\","
	    "\"reason\":\"\"}" }, "\033[2J held",
	    "Not answering\n"
	    "  PART      REASON\n"
	    "  ?[31m???  \n"
	    "?[2J held\n", NULL },
	{ "a kind we do not know is left out",
	    { "{\"kind\":\"moon\",\"phase\":1}", "{\"phase\":1}" }, "",
	    "",
	    "{\"version\": 1, \"records\": [\n{\"kind\":\"moon\","
	    "\"phase\":1},\n{\"phase\":1}], \"result\": {\"code\":\"ok\","
	    "\"text\":\"\"}}\n" },
};

/* Everything printed; the caller frees. */
static char *
print(bool as_json, const char *const *records, const char *text)
{
	struct output *o = NULL;
	char *got = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&got, &len);

	assert_non_null(to);
	assert_int_equal(output_new(as_json, to, &o), 0);
	for (size_t i = 0; i < RECORDS_MAX && records[i] != NULL; i++)
		assert_int_equal(output_record(o, aia_span_str(records[i])), 0);
	assert_int_equal(output_end(o, AIA_R_OK, text), 0);
	output_free(o);
	(void)fclose(to);
	return got;
}

static void
row_prints(void **state)
{
	const struct output_row *row = *state;
	char *got = print(false, row->records, row->text);

	assert_string_equal(got, row->table);
	free(got);
	if (row->json == NULL)
		return;
	got = print(true, row->records, row->text);
	assert_string_equal(got, row->json);
	free(got);
}

/* Past the rows that settle the widths the rest goes out as it comes. */
static void
long_listing(void **state)
{
	static const char last[] =
	    "{\"kind\":\"down\",\"part\":\"longer\",\"reason\":\"x\"}";
	struct output *o = NULL;
	char *got = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&got, &len);

	(void)state;
	assert_int_equal(output_new(false, to, &o), 0);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(output_record(o, aia_span_str(
		    "{\"kind\":\"down\",\"part\":\"a\",\"reason\":\"x\"}")),
		    0);
	(void)fflush(to);
	assert_true(len > 1000 * strlen("  a     x\n"));
	assert_int_equal(output_record(o, aia_span_str(last)), 0);
	assert_int_equal(output_end(o, AIA_R_OK, ""), 0);
	output_free(o);
	(void)fclose(to);
	assert_non_null(strstr(got, "  a     x\n  longer  x\n"));
	assert_null(strstr(strstr(got, "PART") + 1, "PART"));
	free(got);
}

static void
not_a_record(void **state)
{
	static const char *const bad[] = { "", "{", "{} {}", "7",
	    "{\"kind\":\"group\",\"kind\":\"role\"}" };
	struct output *o = NULL;
	char *got = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&got, &len);

	(void)state;
	for (int as_json = 0; as_json < 2; as_json++) {
		assert_int_equal(output_new(as_json, to, &o), 0);
		for (size_t i = 0; i < ARRAY_LEN(bad); i++)
			assert_int_equal(output_record(o,
			    aia_span_str(bad[i])), AIA_EPROTO);
		output_free(o);
	}
	(void)fclose(to);
	assert_string_equal(got, "");
	free(got);
}

static void
disk_full(void **state)
{
	struct output *o = NULL;
	FILE *to = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(to);
	assert_int_equal(output_new(true, to, &o), 0);
	assert_int_equal(output_end(o, AIA_R_OK, ""), -EIO);
	output_free(o);
	(void)fclose(to);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(output_rows) + 3] = { 0 };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(long_listing),
		cmocka_unit_test(not_a_record),
		cmocka_unit_test(disk_full),
	};

	for (size_t i = 0; i < ARRAY_LEN(output_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = output_rows[i].name,
		    .test_func = row_prints,
		    .initial_state = &output_rows[i] };
	memcpy(tests + ARRAY_LEN(output_rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
