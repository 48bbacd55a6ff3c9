/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_edit.c - what set-up writes into files of the system, and that it writes
 * it once.
 */
#include "config.h"

#include "aiauthctl/edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct names_row {
	const char *name, *text, *want;
} names_rows[] = {
	{ "Debian", "passwd:         files systemd\ngroup:\tfiles\n",
	    "passwd:         files aiauth systemd\ngroup:\tfiles aiauth\n" },
	{ "there already", "passwd: files aiauth\ngroup: files aiauth\n",
	    "passwd: files aiauth\ngroup: files aiauth\n" },
	{ "an action stays with files", "passwd: files [SUCCESS=merge] x\n"
	    "group: compat[NOTFOUND=continue]\n",
	    "passwd: files [SUCCESS=merge] aiauth x\n"
	    "group: compat[NOTFOUND=continue] aiauth\n" },
	{ "a comment is none", "passwd: files # aiauth\ngroup: files\n",
	    "passwd: files aiauth # aiauth\ngroup: files aiauth\n" },
	{ "no line for it", "hosts: files dns\n",
	    "hosts: files dns\npasswd: files aiauth\ngroup: files aiauth\n" },
	{ "nothing at all", "",
	    "passwd: files aiauth\ngroup: files aiauth\n" },
	{ "no line feed at the end", "group: files\npasswd: files",
	    "group: files aiauth\npasswd: files aiauth" },
	{ "without files", "passwd: systemd\ngroup:\n",
	    "passwd: systemd aiauth\ngroup: aiauth\n" },
	{ "initgroups, too", "passwd: files\ngroup: files\n"
	    "initgroups: files sss\n", "passwd: files aiauth\n"
	    "group: files aiauth\ninitgroups: files aiauth sss\n" },
	{ "another name that begins so", "passwd_compat: nis\npasswd: files\n"
	    "group: files\n", "passwd_compat: nis\npasswd: files aiauth\n"
	    "group: files aiauth\n" },
	{ "an action without its end", "passwd: files [x\ngroup: files\n",
	    "passwd: files [x aiauth\ngroup: files aiauth\n" },
};

static void
names(void **state)
{
	const struct names_row *row = *state;
	char *got = NULL, *again = NULL;

	assert_int_equal(edit_nsswitch(row->text, &got), 0);
	assert_string_equal(got, row->want);
	assert_int_equal(edit_nsswitch(got, &again), 0);
	if (strchr(row->text, '[') == NULL ||
	    strchr(row->text, ']') != NULL)
		assert_string_equal(again, got);
	free(got);
	free(again);
}

#define UNIX "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n"
#define DENY "auth\trequisite\tpam_deny.so\nauth\trequired\tpam_permit.so\n"
#define ROOT(e) "auth\t[success=1 ignore=1 default=ignore]\tpam_succeed_if." \
	"so quiet service notin su:su-l:sudo:sudo-i user in root" e "\n"
static struct pam_row {
	const char *name;
	enum pam_kind kind;
	const char *emergency, *text, *want;	/* NULL: not in there */
} pam_rows[] = {
	{ "Debian's auth", PAM_AUTH, NULL, "# x\n" UNIX DENY, "# x\n" ROOT("")
	    "auth\t[success=2 ignore=ignore default=die]\tpam_aiauth.so\n"
	    UNIX DENY },
	{ "emergency", PAM_AUTH, "rescue", UNIX DENY, ROOT(":rescue")
	    "auth\t[success=2 ignore=ignore default=die]\tpam_aiauth.so "
	    "emergency=rescue\n" UNIX DENY },
	{ "nothing that refuses", PAM_AUTH, NULL, UNIX, ROOT("")
	    "auth\t[success=done ignore=ignore default=die]\tpam_aiauth.so\n"
	    UNIX },
	{ "there already", PAM_AUTH, NULL, "auth required pam_aiauth.so\n"
	    UNIX, "auth required pam_aiauth.so\n" UNIX },
	{ "a comment is no line", PAM_AUTH, NULL, "#" UNIX, NULL },
	{ "another kind", PAM_ACCOUNT, NULL, UNIX DENY, NULL },
	{ "account", PAM_ACCOUNT, NULL, "account required pam_unix.so\n",
	    "account\t[success=2 default=ignore]\tpam_succeed_if.so quiet "
	    "service notin su:su-l:sudo:sudo-i user in root\n"
	    "account\t[success=1 default=ignore]\tpam_succeed_if.so quiet "
	    "service in cron:crond:atd uid < 1000\n"
	    "account\t[success=ok ignore=ignore default=die]\tpam_aiauth.so\n"
	    "account required pam_unix.so\n" },
	{ "session, before them all", PAM_SESSION, "x",
	    "-session optional pam_keyinit.so\nsession required pam_unix.so\n",
	    "session\t[success=1 default=ignore]\tpam_succeed_if.so quiet "
	    "user in root:x\nsession\trequisite\tpam_aiauth.so emergency=x\n"
	    "-session optional pam_keyinit.so\n"
	    "session required pam_unix.so\n" },
	{ "no session", PAM_SESSION, NULL, "sessions x\n", NULL },
};

static void
pam(void **state)
{
	const struct pam_row *row = *state;
	char *got = NULL, *again = NULL;

	assert_int_equal(edit_pam(row->text, row->kind, row->emergency, &got),
	    row->want == NULL ? AIA_ENOUSER : 0);
	if (row->want == NULL)
		return;
	assert_string_equal(got, row->want);
	assert_int_equal(edit_pam(got, row->kind, row->emergency, &again), 0);
	assert_string_equal(again, got);
	free(got);
	free(again);
}

static void
profile(void **state)
{
	char *got = NULL;

	(void)state;
	assert_int_equal(edit_profile("Name: x\n\tpam_succeed_if.so quiet user "
	    "in root\n\trequisite\tpam_aiauth.so\n", "rescue", &got), 0);
	assert_string_equal(got, "Name: x\n\tpam_succeed_if.so quiet user in "
	    "root:rescue\n\trequisite\tpam_aiauth.so emergency=rescue\n");
	free(got);
}

static struct sshd_row {
	const char *name, *text;
	bool includes;
} sshd_rows[] = {
	{ "Debian", "# x\n\nInclude /etc/ssh/sshd_config.d/*.conf\n", true },
	{ "relative, with a sign", "include=\"sshd_config.d/*.conf\"\n",
	    true },
	{ "a comment", "#Include /etc/ssh/sshd_config.d/*.conf\n", false },
	{ "of another folder", "Include /etc/ssh/x/*.conf\n", false },
	{ "for some only", "Match User x\n"
	    "Include /etc/ssh/sshd_config.d/*.conf\n", false },
	{ "nothing", "", false },
};

static void
sshd(void **state)
{
	const struct sshd_row *row = *state;
	char *got = NULL, *again = NULL;

	assert_int_equal(edit_sshd_includes(row->text), row->includes);
	assert_int_equal(edit_sshd(row->text, "UsePAM yes\n", &got), 0);
	assert_memory_equal(got, "UsePAM yes\n", 11);
	assert_string_equal(got + 11, row->text);
	assert_int_equal(edit_sshd(got, "UsePAM yes\n", &again), 0);
	assert_string_equal(again, got);
	free(got);
	free(again);
}

#define ROWS(rows, f) \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) \
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name, \
		    .test_func = f, .initial_state = &rows[i] }

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(names_rows) + ARRAY_LEN(pam_rows) +
	    ARRAY_LEN(sshd_rows) + 1] = { { .name = "profile",
	    .test_func = profile } };
	size_t n = 1;

	ROWS(names_rows, names);
	ROWS(pam_rows, pam);
	ROWS(sshd_rows, sshd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
