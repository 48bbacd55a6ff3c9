/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_token.c - files that hold a bearer token, and files that do not.
 */
#include "config.h"

#include "netd/token.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LONGEST 16384	/* SECRET_LEN_MAX */

static char longer[LONGEST + 2];	/* terminated; filled by main() */

static struct token_row {
	const char *name, *text;
	mode_t mode;
	int want;
	const char *token;
} token_rows[] = {
	{ "plain", "abc.DEF-1", 0600, 0, "abc.DEF-1" },
	{ "newline at the end", "abc\n", 0640, 0, "abc" },
	{ "longest", longer + 1, 0600, 0, longer + 1 },
	{ "one byte longer", longer, 0600, -EFBIG, NULL },
	{ "empty", "", 0600, -ENODATA, NULL },
	{ "only a newline", "\n", 0600, -ENODATA, NULL },
	{ "two lines", "a\nb\n", 0600, AIA_EPROTO, NULL },
	{ "two newlines", "a\n\n", 0600, AIA_EPROTO, NULL },
	{ "a header behind it", "a\r\nHost: x", 0600, AIA_EPROTO, NULL },
	{ "a space", "a b", 0600, AIA_EPROTO, NULL },
	{ "not ASCII", "a\xc3\xa9", 0600, AIA_EPROTO, NULL },
	{ "everybody may read it", "abc", 0644, AIA_EUNTRUSTED, NULL },
	{ "everybody may write it", "abc", 0602, AIA_EUNTRUSTED, NULL },
	{ "its group may write it", "abc", 0660, AIA_EUNTRUSTED, NULL },
};

static void
token(void **state)
{
	const struct token_row *row = *state;
	char dir[] = "/tmp/test_token.XXXXXX", path[64];
	struct secret got = { 0 }, by_name = { 0 };
	FILE *f;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/scim", dir);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(row->text, 1, strlen(row->text), f),
	    strlen(row->text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, row->mode), 0);

	assert_int_equal(token_read(path, NULL, &got), row->want);
	assert_int_equal(token_read("scim", dir, &by_name), row->want);
	if (row->token != NULL)
		assert_true(aia_span_eq(secret_span(&got),
		    aia_span_str(row->token)));
	assert_true(secret_eq(&got, &by_name));
	(void)unlink(path);
	(void)rmdir(dir);
}

/* A certificate, which everybody may read, and its key, which nobody may. */
static void
several_lines(void **state)
{
	static const char text[] = "-----BEGIN\nx\n";
	static const struct { mode_t mode; int key, public; } rows[] = {
		{ 0640, 0, 0 }, { 0444, AIA_EUNTRUSTED, 0 },
		{ 0660, AIA_EUNTRUSTED, AIA_EUNTRUSTED },
		{ 0646, AIA_EUNTRUSTED, AIA_EUNTRUSTED },
	};
	char path[] = "/tmp/test_token.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct secret got = { 0 };

		assert_int_equal(fchmod(fd, rows[i].mode), 0);
		assert_int_equal(token_file_read(path, NULL, &got),
		    rows[i].key);
		assert_int_equal(token_public_read(path, NULL, &got),
		    rows[i].public);
		if (rows[i].public == 0)
			assert_true(aia_span_eq(secret_span(&got),
			    aia_span_str(text)));
	}
	(void)close(fd);
	(void)unlink(path);
}

/* Root can make a file another's; anybody sees files of others. */
static void
another_s(void **state)
{
	char path[] = "/tmp/test_token.XXXXXX";
	int fd = mkstemp(path);
	struct secret got = { 0 };

	(void)state;
	assert_int_equal(write(fd, "abc", 3), 3);
	if (geteuid() != 0 || fchown(fd, 65534, (gid_t)-1) < 0) {
		(void)unlink(path);
		skip();
	}
	assert_int_equal(token_read(path, NULL, &got), AIA_EUNTRUSTED);
	(void)close(fd);
	(void)unlink(path);
}

static void
nowhere(void **state)
{
	struct secret got = { 0 };

	(void)state;
	assert_int_equal(token_read("scim", NULL, &got), -ENOENT);
	assert_int_equal(token_read("/nowhere/scim", NULL, &got), -ENOENT);
	assert_int_equal(token_read("/tmp", NULL, &got), AIA_EUNTRUSTED);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(token_rows) + 3] = { 0 };
	size_t n = 0;

	memset(longer, 'x', LONGEST + 1);
	for (size_t i = 0; i < ARRAY_LEN(token_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = token_rows[i].name,
		    .test_func = token, .initial_state = &token_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nowhere);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(several_lines);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(another_s);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
