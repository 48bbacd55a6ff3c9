/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_passwd.c - files that are no good /etc/passwd.
 */
#include "config.h"

#include "pam_aiauth/passwd.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/aiauth-test.XXXXXX";
static char path[64];

static void
put(const char *text, size_t len, mode_t mode)
{
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static struct text_row {
	const char	*name, *text;
	int		 want;
	uid_t		 uid;
} rows[] = {
	{ "first line",		"ada:x:7:8:::\nbob:x:9:9:::\n", 0, 7 },
	{ "last line, cut off",	"bob:x:9:9:::\nada:x:7", 0, 7 },
	{ "blanks before it",	" \tada:x:7:8:::\n", 0, 7 },
	{ "blank in it",	"a da:x:7:8:::\n", AIA_ENOUSER, 0 },
	{ "the first of two",	"ada:x:7:::\nada:x:0:::\n", 0, 7 },
	{ "prefix of another",	"adam:x:7:8:::\n", AIA_ENOUSER, 0 },
	{ "another is its prefix", "ad:x:7:8:::\n", AIA_ENOUSER, 0 },
	{ "in a comment field",	"bob:x:9:9:ada:x:0:0\n", AIA_ENOUSER, 0 },
	{ "no field at all",	"ada\n", AIA_ENOUSER, 0 },
	{ "no uid",		"ada:x\n", AIA_EDAMAGED, 0 },
	{ "empty uid",		"ada:x::8:::\n", AIA_EDAMAGED, 0 },
	{ "long uid",		"ada:x:00000000000000000000:8:::\n",
	    AIA_EDAMAGED, 0 },
	{ "2^32",		"ada:x:4294967296:8:::\n", AIA_EDAMAGED, 0 },
	{ "empty file",		"", AIA_ENOUSER, 0 },
	{ "empty lines",	"\n\n:\n", AIA_ENOUSER, 0 },
};

static void
finds(void **state)
{
	const struct text_row *row = *state;
	uid_t uid = 0;

	put(row->text, strlen(row->text), 0644);
	assert_int_equal(passwd_find(path, "ada", &uid), row->want);
	assert_int_equal(uid, row->uid);
}

/* However long lines are, and wherever our buffer ends in one. */
static void
long_lines(void **state)
{
	static char text[10000];
	uid_t uid = 0;

	(void)state;
	for (size_t len = 2000; len < 2100; len++) {
		memset(text, 'g', len);
		memcpy(text, "bob:x:9:9:", 10);
		memcpy(text + len, "\nada:x:7:8:::\n", 15);
		put(text, strlen(text), 0644);
		assert_int_equal(passwd_find(path, "ada", &uid), 0);
		assert_int_equal(uid, 7);
	}
}

static void
empty_name_is_nobody(void **state)
{
	uid_t uid = 0;

	(void)state;
	put(":x:0:0:::\n", 10, 0644);
	assert_int_equal(passwd_find(path, "", &uid), AIA_ENOUSER);
}

static void
needs_a_trusted_file(void **state)
{
	uid_t uid = 0;

	(void)state;
	put("ada:x:7:8:::\n", 13, 0664);
	assert_int_equal(passwd_find(path, "ada", &uid), AIA_EUNTRUSTED);
	put("ada:x:7:8:::\n", 13, 0646);
	assert_int_equal(passwd_find(path, "ada", &uid), AIA_EUNTRUSTED);
	put("ada:x:7:8:::\n", 13, 0644);
	assert_int_equal(chown(path, 65534, 0), 0);
	assert_int_equal(passwd_find(path, "ada", &uid), AIA_EUNTRUSTED);
}

static void
needs_a_file(void **state)
{
	uid_t uid = 0;

	(void)state;
	(void)unlink(path);
	assert_int_equal(passwd_find(path, "ada", &uid), -ENOENT);
	assert_int_equal(passwd_find(dir, "ada", &uid), AIA_EUNTRUSTED);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(passwd_find(path, "root", &uid), -ELOOP);
	(void)unlink(path);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(passwd_find(path, "ada", &uid), AIA_EUNTRUSTED);
}

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/passwd", dir);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 4] = {
		cmocka_unit_test(long_lines),
		cmocka_unit_test(empty_name_is_nobody),
		cmocka_unit_test(needs_a_trusted_file),
		cmocka_unit_test(needs_a_file),
	};

	if (getuid() != 0)	/* the file must be root's */
		return 77;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 4] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = finds, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
