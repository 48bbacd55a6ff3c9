/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_who.c - whose login it is, for every kind of caller and account.
 */
#include "config.h"

#include "pam_aiauth/who.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LONG_NAME "abcdefghijklmnopqrstuvwxyz0123456789"

static const char passwd_text[] =
    "root:x:0:0:root:/root:/bin/sh\n"
    "rescue:x:1000:1000::/home/rescue:/bin/sh\n"
    "lars:x:1001:1001:a comment, ada:x:0:0:/home/lars:/bin/sh\n"
    "toor:x:0:0::/root:/bin/sh\n"
    "Upper:x:1002:1002::/home/Upper:/bin/sh\n"
    "broken:x:12a:1003::/home/broken:/bin/sh\n"
    "+nis::::::\n";
static char passwd_path[] = "/tmp/aiauth-test.XXXXXX";

enum { IGNORED, OURS_LOCAL, OURS };

static struct who_row {
	const char	*name, *service, *user, *ruser;
	uid_t		 ruid;
	enum local_users local;
	int		 want;		/* one of the above, or an error */
	const char	*subject, *target;
} rows[] = {
	{ "root", "sshd", "root", NULL, 0, LOCAL_REQUIRE, IGNORED,
	    "root", "" },
	{ "emergency account", "login", "rescue", NULL, 0, LOCAL_REQUIRE,
	    IGNORED, "rescue", "" },
	{ "local, ignored", "sshd", "lars", NULL, 0, LOCAL_IGNORE, IGNORED,
	    "lars", "" },
	{ "local, required", "sshd", "lars", NULL, 0, LOCAL_REQUIRE,
	    OURS_LOCAL, "lars", "" },
	{ "another name of uid 0 is an account like others", "sshd", "toor",
	    NULL, 0, LOCAL_REQUIRE, OURS_LOCAL, "toor", "" },
	{ "not local", "sshd", "ada", NULL, 0, LOCAL_IGNORE, OURS, "ada",
	    "" },
	{ "beginning of a local name", "sshd", "lar", NULL, 0, LOCAL_IGNORE,
	    OURS, "lar", "" },
	{ "longer than a local name", "sshd", "larss", NULL, 0,
	    LOCAL_IGNORE, OURS, "larss", "" },
	{ "local with a name we cannot send, ignored", "sshd", "Upper", NULL,
	    0, LOCAL_IGNORE, IGNORED, "Upper", "" },
	{ "local with a name we cannot send, required", "sshd", "Upper",
	    NULL, 0, LOCAL_REQUIRE, AIA_ENAME, NULL, NULL },
	{ "no name", "sshd", "", NULL, 0, LOCAL_IGNORE, AIA_ENAME, NULL,
	    NULL },
	{ "bad name", "sshd", "../x", NULL, 0, LOCAL_IGNORE, AIA_ENAME, NULL,
	    NULL },
	{ "name with a line in it", "sshd", "ada\nlars:x:0:0", NULL, 0,
	    LOCAL_IGNORE, AIA_ENAME, NULL, NULL },
	{ "name with a field in it", "sshd", "lars:x", NULL, 0, LOCAL_IGNORE,
	    AIA_ENAME, NULL, NULL },
	{ "long name", "sshd", LONG_NAME, NULL, 0, LOCAL_IGNORE, AIA_ENAME,
	    NULL, NULL },
	{ "line of NIS is no account", "sshd", "+nis", NULL, 0, LOCAL_IGNORE,
	    AIA_ENAME, NULL, NULL },
	{ "line without a uid", "sshd", "broken", NULL, 0, LOCAL_IGNORE,
	    AIA_EDAMAGED, NULL, NULL },

	{ "su by root", "su", "ada", "root", 0, LOCAL_REQUIRE, IGNORED,
	    "root", "" },
	{ "su to root", "su", "root", "ada", 70001, LOCAL_IGNORE, OURS,
	    "ada", "root" },
	{ "su - to root", "su-l", "root", "ada", 70001, LOCAL_IGNORE, OURS,
	    "ada", "root" },
	{ "su by the emergency account", "su", "root", "rescue", 1000,
	    LOCAL_REQUIRE, IGNORED, "rescue", "" },
	{ "su to the emergency account", "su", "rescue", "ada", 70001,
	    LOCAL_IGNORE, OURS, "ada", "rescue" },
	{ "su by a local account, ignored", "su", "ada", "lars", 1001,
	    LOCAL_IGNORE, IGNORED, "lars", "" },
	{ "su by a local account, required", "su", "root", "lars", 1001,
	    LOCAL_REQUIRE, OURS_LOCAL, "lars", "root" },
	{ "su by who is not root", "su", "root", "root", 70001, LOCAL_IGNORE,
	    AIA_EDENIED, NULL, NULL },
	{ "su by who is not rescue", "su", "root", "rescue", 70001,
	    LOCAL_IGNORE, AIA_EDENIED, NULL, NULL },
	{ "su by who is not lars", "su", "root", "lars", 1002, LOCAL_IGNORE,
	    AIA_EDENIED, NULL, NULL },
	{ "su by nobody", "su", "root", NULL, 70001, LOCAL_IGNORE, AIA_ENAME,
	    NULL, NULL },
	{ "su to a name we cannot send", "su", "Upper", "ada", 70001,
	    LOCAL_IGNORE, AIA_ENAME, NULL, NULL },
	{ "sudo", "sudo", "ada", "ada", 70001, LOCAL_IGNORE, OURS, "ada",
	    "" },
	{ "sudo, session", "sudo", "root", "ada", 0, LOCAL_IGNORE, OURS,
	    "ada", "" },
	{ "sudo -i, session", "sudo-i", "root", "lars", 0, LOCAL_REQUIRE,
	    OURS_LOCAL, "lars", "" },
	{ "sudo by root", "sudo", "root", "root", 0, LOCAL_REQUIRE, IGNORED,
	    "root", "" },
	{ "PAM_RUSER means nothing elsewhere", "sshd", "ada", "root", 0,
	    LOCAL_IGNORE, OURS, "ada", "" },
};

static void
decides(void **state)
{
	const struct who_row *row = *state;
	const struct options opt = { .local_users = row->local,
	    .emergency = { "rescue" } };
	const struct who_ask ask = { row->service, row->user, row->ruser,
	    row->ruid, passwd_path };
	struct who w;
	int r = who_decide(&ask, &opt, &w);

	if (row->want < 0) {
		assert_int_equal(r, row->want);
		return;
	}
	assert_int_equal(r, 0);
	assert_int_equal(w.is_ours, row->want != IGNORED);
	assert_int_equal(w.is_local, row->want != OURS);
	assert_int_equal(w.is_caller, strncmp(row->service, "su", 2) == 0);
	assert_string_equal(w.subject, row->subject);
	assert_string_equal(w.user.s, w.is_ours ? row->subject : "");
	assert_string_equal(w.target.s, row->target);
}

/* Without the file root is still root, and nobody else is local. */
static void
file_is_gone(void **state)
{
	const struct options opt = { .local_users = LOCAL_IGNORE,
	    .emergency = { "rescue" } };
	struct who_ask ask = { "login", "root", NULL, 0, "/nonexistent" };
	struct who w;

	(void)state;
	assert_int_equal(who_decide(&ask, &opt, &w), 0);
	assert_false(w.is_ours);
	ask.user = "rescue";
	assert_true(who_decide(&ask, &opt, &w) < 0);
	ask.user = "ada";
	assert_true(who_decide(&ask, &opt, &w) < 0);
}

/* Without an emergency account on the line an empty name is nobody's. */
static void
no_emergency_account(void **state)
{
	const struct options opt = { .local_users = LOCAL_REQUIRE };
	const struct who_ask ask = { "login", "rescue", NULL, 0, passwd_path };
	struct who w;

	(void)state;
	assert_int_equal(who_decide(&ask, &opt, &w), 0);
	assert_true(w.is_ours);
}

static void
same_is_all_the_same(void **state)
{
	const struct who a = { .is_ours = true, .subject = "ada",
	    .user = { "ada" }, .target = { "root" } };
	struct who b = a;

	(void)state;
	assert_true(who_same(&a, &b));
	b.target = (struct aia_name){ "bob" };
	assert_false(who_same(&a, &b));
	b = a;
	b.is_ours = false;
	assert_false(who_same(&a, &b));
	b = a;
	b.subject[3] = 'm';
	assert_false(who_same(&a, &b));
}

static int
write_passwd(void **state)
{
	int fd = mkstemp(passwd_path);
	size_t len = sizeof(passwd_text) - 1;

	(void)state;
	return fd < 0 || write(fd, passwd_text, len) != (ssize_t)len ||
	    close(fd) < 0 ? -1 : 0;
}

static int
remove_passwd(void **state)
{
	(void)state;
	return unlink(passwd_path);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 3] = {
		cmocka_unit_test(file_is_gone),
		cmocka_unit_test(no_emergency_account),
		cmocka_unit_test(same_is_all_the_same),
	};

	if (getuid() != 0)	/* the file must be root's */
		return 77;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 3] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = decides, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, write_passwd, remove_passwd);
}
