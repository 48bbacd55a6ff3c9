/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_account.c - lines of passwd and group files, good and bad.
 */
#include "config.h"

#include "base/account.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct account_row {
	const char *name, *text;
	int want_user, want_group;
	uint32_t uid, gid;	/* of "aiauth": user's, group's is uid */
} account_rows[] = {
	{ "plain", "aiauth:x:990:991:gecos:/:/bin/false\n", 0, 0, 990, 991 },
	{ "no newline at the end", "aiauth:x:990:991", 0, 0, 990, 991 },
	{ "after longer and shorter names",
	    "aiaut:x:1:1::\naiauth-net:x:2:2::\naiauth:x:990:991::\n", 0, 0,
	    990, 991 },
	{ "the first one counts", "aiauth:x:5:6::\naiauth:x:7:8::\n", 0, 0, 5,
	    6 },
	{ "a group's line", "aiauth:x:990:\n", AIA_EID, 0, 990, 0 },
	{ "not there", "root:x:0:0::\n", AIA_ENOUSER, AIA_ENOUSER, 0, 0 },
	{ "empty file", "", AIA_ENOUSER, AIA_ENOUSER, 0, 0 },
	{ "cut after the name", "aiauth\n", AIA_EID, AIA_EID, 0, 0 },
	{ "empty uid", "aiauth:x::991::\n", AIA_EID, AIA_EID, 0, 0 },
	{ "2^32", "aiauth:x:4294967296:991::\n", AIA_EID, AIA_EID, 0, 0 },
	{ "minus", "aiauth:x:-1:991::\n", AIA_EID, AIA_EID, 0, 0 },
};

static void
account(void **state)
{
	const struct account_row *row = *state;
	char path[] = "/tmp/test_account.XXXXXX";
	uid_t uid = 0;
	gid_t gid = 0;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_true(dprintf(fd, "%s", row->text) >= 0);
	(void)close(fd);
	assert_int_equal(account_user(path, "aiauth", &uid, &gid),
	    row->want_user);
	if (row->want_user == 0) {
		assert_int_equal(uid, row->uid);
		assert_int_equal(gid, row->gid);
	}
	assert_int_equal(account_group(path, "aiauth", &gid),
	    row->want_group);
	if (row->want_group == 0)
		assert_int_equal(gid, row->uid);
	(void)unlink(path);
	assert_int_equal(account_group(path, "aiauth", &gid), -ENOENT);
}

static int
name_add(const struct aia_name *name, uid_t uid, void *arg)
{
	if (uid == 9)
		return -E2BIG;
	return fprintf(arg, "%s=%u ", name->s, (unsigned)uid) < 0 ? -EIO : 0;
}

/* Lines that are none are passed over; the callback may end it. */
static void
all_users(void **state)
{
	char path[] = "/tmp/test_account.XXXXXX", got[64] = "";
	FILE *to = fmemopen(got, sizeof(got), "w");
	int fd = mkstemp(path);

	(void)state;
	assert_non_null(to);
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "root:x:0:0::\n+@nis\nA B:x:1:1::\n"
	    "ada:x:1000:1::\nbea:x\ncleo:x:-1:1::\ndan:x:8:1") >= 0);
	assert_int_equal(account_users(path, name_add, to), 0);
	assert_true(dprintf(fd, "::\nemma:x:9:1::\nfred:x:10:1::\n") >= 0);
	(void)close(fd);
	assert_int_equal(account_users(path, name_add, to), -E2BIG);
	(void)fclose(to);
	(void)unlink(path);
	assert_string_equal(got, "root=0 ada=1000 dan=8 "
	    "root=0 ada=1000 dan=8 ");
	assert_int_equal(account_users(path, name_add, NULL), -ENOENT);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(account_rows) + 1] = {
		[ARRAY_LEN(account_rows)] = cmocka_unit_test(all_users),
	};

	for (size_t i = 0; i < ARRAY_LEN(account_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = account_rows[i].name,
		    .test_func = account, .initial_state = &account_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
