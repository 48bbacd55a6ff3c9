/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_metrics.c - what becomes of records, byte for byte.
 */
#include "config.h"

#include "aiauthctl/metrics.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UP "# HELP aiauth_up Whether aiauthd answers.\n" \
	"# TYPE aiauth_up gauge\naiauth_up 1\n"
#define ENROLMENTS "# HELP aiauth_enrolments Enrolments of a factor.\n" \
	"# TYPE aiauth_enrolments gauge\n"
#define TALLY "# HELP aiauth_decisions_total Decisions, by action, verdict " \
	"and reason.\n# TYPE aiauth_decisions_total counter\n"
#define DOWN "# HELP aiauth_part_down 1: this part of aiauthd does not " \
	"answer.\n# TYPE aiauth_part_down gauge\n"

static struct metrics_row {
	const char *name, *records[3], *want;
	int error;
} metrics_rows[] = {
	{ "none", { NULL }, UP, 0 },
	{ "kind without numbers", { "{\"kind\":\"refused\"}" }, UP, 0 },
	{ "samples of one metric stand together",
	  { "{\"kind\":\"enrolled\",\"factor\":\"totp\",\"n\":3}",
	    "{\"kind\":\"down\",\"part\":\"keeper\",\"reason\":\"x\"}",
	    "{\"kind\":\"enrolled\",\"factor\":\"ssh-key\",\"n\":0}" },
	  UP ENROLMENTS "aiauth_enrolments{factor=\"totp\"} 3\n"
	    "aiauth_enrolments{factor=\"ssh-key\"} 0\n"
	    DOWN "aiauth_part_down{part=\"keeper\"} 1\n", 0 },
	{ "labels are escaped",
	  { "{\"kind\":\"tally\",\"action\":\"a\\\"b\",\"verdict\":\"c\\\\d\","
	    "\"reason\":\"\\u00e4\\n}\",\"n\":999999999999999999}" },
	  UP TALLY "aiauth_decisions_total{action=\"a\\\"b\","
	    "verdict=\"c\\\\d\",reason=\"\303\244\\n}\"} "
	    "999999999999999999\n", 0 },
	{ "no JSON", { "{" }, NULL, AIA_EPROTO },
	{ "no kind", { "{\"n\":1}" }, NULL, AIA_EPROTO },
	{ "text for a number",
	  { "{\"kind\":\"enrolled\",\"factor\":\"totp\",\"n\":\"3\"}" }, NULL,
	  AIA_EPROTO },
	{ "a label is missing", { "{\"kind\":\"enrolled\",\"n\":3}" }, NULL,
	  AIA_EPROTO },
};

static void
metrics(void **state)
{
	const struct metrics_row *row = *state;
	struct metrics *m = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *to;
	int r = 0;

	assert_int_equal(metrics_new(&m), 0);
	for (size_t i = 0; r == 0 && i < 3 && row->records[i] != NULL; i++)
		r = metrics_record(m, aia_span_str(row->records[i]));
	assert_int_equal(r, row->error);
	if (r == 0) {
		to = open_memstream(&text, &len);
		assert_non_null(to);
		assert_int_equal(metrics_write(m, true, to), 0);
		assert_int_equal(fclose(to), 0);
		assert_string_equal(text, row->want);
		free(text);
	}
	metrics_free(m);
}

/* A long label is cut, not amidst a character; a full disk is noticed. */
static void
edges(void **state)
{
	char record[1024] = "{\"kind\":\"enrolled\",\"n\":1,\"factor\":\"";
	struct metrics *m = NULL;
	char *text = NULL;
	size_t len = 0;
	FILE *to;

	(void)state;
	memset(record + strlen(record), 'a', 255);
	strcat(record, "\\u00e4bc\"}");
	assert_int_equal(metrics_new(&m), 0);
	assert_int_equal(metrics_record(m, aia_span_str(record)), 0);
	to = open_memstream(&text, &len);
	assert_int_equal(metrics_write(m, false, to), 0);
	assert_int_equal(fclose(to), 0);
	assert_non_null(strstr(text, "aiauth_up 0\n"));
	assert_non_null(strstr(text, "aaa\"} 1\n"));
	free(text);
	to = fopen("/dev/full", "we");
	assert_non_null(to);
	assert_int_equal(metrics_write(m, true, to), -EIO);
	(void)fclose(to);
	metrics_free(m);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(metrics_rows) + 1] = {
		cmocka_unit_test(edges) };

	for (size_t i = 0; i < ARRAY_LEN(metrics_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = metrics_rows[i].name, .test_func = metrics,
		    .initial_state = &metrics_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
