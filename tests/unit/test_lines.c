/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lines.c - changes shown as diff(1) shows them, and taken back.
 */
#include "config.h"

#include "aiauthctl/lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct diff_row {
	const char *name, *old, *new, *want;
} diff_rows[] = {
	{ "nothing", "a\nb\n", "a\nb\n", "" },
	{ "both empty", "", "", "" },
	{ "a new file", NULL, "a\n", "--- /dev/null\n+++ f\n"
	    "@@ -0,0 +1,1 @@\n+a\n" },
	{ "a file that goes", "a\n", NULL, "--- f\n+++ /dev/null\n"
	    "@@ -1,1 +0,0 @@\n-a\n" },
	{ "one line", "a\nb\nc\n", "a\nx\nc\n", "--- f\n+++ f\n"
	    "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n" },
	{ "three lines around", "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
	    "1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n", "--- f\n+++ f\n"
	    "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n" },
	{ "far apart", "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
	    "2\n3\n4\n5\n6\n7\n8\nx\n", "--- f\n+++ f\n"
	    "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,4 +5,4 @@\n 6\n 7\n 8\n"
	    "-9\n+x\n" },
	{ "close together", "1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n",
	    "--- f\n+++ f\n@@ -1,5 +1,5 @@\n-1\n+x\n 2\n 3\n 4\n-5\n+y\n" },
	{ "no line feed at the end", "a", "a\n", "--- f\n+++ f\n"
	    "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n" },
};

static void
diff(void **state)
{
	const struct diff_row *row = *state;
	char *got = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&got, &len);

	assert_non_null(out);
	assert_int_equal(lines_diff("f", aia_span_str(row->old),
	    aia_span_str(row->new), out), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(got, row->want);
	free(got);
}

static struct undo_row {
	const char *name, *old, *new, *now, *want;	/* NULL: conflict */
} undo_rows[] = {
	{ "as it was left", "a\nb\n", "a\nx\nb\n", "a\nx\nb\n", "a\nb\n" },
	{ "others wrote elsewhere", "a\nb\nc\nd\n", "a\nx\nb\nc\nd\n",
	    "a\nx\nb\nc\nd\nend\n", "a\nb\nc\nd\nend\n" },
	{ "others wrote before it", "a\nb\n", "a\nx\nb\n", "0\na\nx\nb\n",
	    "0\na\nb\n" },
	{ "two places", "a\nb\nc\nd\n", "1\na\nb\nc\n2\nd\n",
	    "1\na\nb\nB\nc\n2\nd\n", "a\nb\nB\nc\nd\n" },
	{ "our line was changed", "a\nb\n", "a\nx\nb\n", "a\nX\nb\n", NULL },
	{ "the line before it was", "a\nb\n", "a\nx\nb\n", "A\nx\nb\n",
	    NULL },
	{ "the line after it was", "a\nb\n", "a\nx\nb\n", "a\nx\nB\n", NULL },
	{ "it stands there twice", "a\nb\n", "a\nx\nb\n",
	    "a\nx\nb\na\nx\nb\n", NULL },
	{ "it is gone", "a\nb\n", "a\nx\nb\n", "a\nb\n", NULL },
	{ "the file is empty", "a\nb\n", "a\nx\nb\n", "", NULL },
	{ "a line that was taken out", "a\nb\nc\n", "a\nc\n", "0\na\nc\n",
	    "0\na\nb\nc\n" },
	{ "in another order", "a\nb\nc\nd\ne\n", "a\n1\nb\nc\nd\n2\ne\n",
	    "d\n2\ne\na\n1\nb\n", NULL },
};

static void
undo(void **state)
{
	const struct undo_row *row = *state;
	char *got = NULL;
	size_t len = 0;
	int r = lines_undo(aia_span_str(row->old), aia_span_str(row->new),
	    aia_span_str(row->now), &got, &len);

	assert_int_equal(r, row->want == NULL ? AIA_ECONFLICT : 0);
	if (row->want != NULL)
		assert_string_equal(got, row->want);
	free(got);
}

/* More lines than are compared, and more than are taken. */
static void
long_texts(void **state)
{
	const size_t n = LINES_MAX;
	char *a = malloc(2 * n + 3), *b = malloc(2 * n + 1), *got = NULL;
	size_t len = 0;

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	for (size_t i = 0; i < n + 1; i++)
		memcpy(a + 2 * i, "a\n", 2);
	for (size_t i = 0; i < n; i++)
		memcpy(b + 2 * i, "b\n", 2);
	assert_int_equal(lines_undo(aia_span_of(a, 2 * n),
	    aia_span_of(b, 2 * n), aia_span_of(b, 2 * n), &got, &len), 0);
	assert_int_equal(len, 2 * n);
	assert_memory_equal(got, a, len);
	free(got);
	assert_int_equal(lines_undo(aia_span_of(a, 2 * n + 2),
	    aia_span_of(b, 2 * n), aia_span_of(b, 2 * n), &got, &len), -E2BIG);
	free(a);
	free(b);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(diff_rows) + ARRAY_LEN(undo_rows) +
	    1] = { { .name = "long texts", .test_func = long_texts } };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(diff_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = diff_rows[i].name,
		    .test_func = diff, .initial_state = &diff_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(undo_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = undo_rows[i].name,
		    .test_func = undo, .initial_state = &undo_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
