/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_doctor_names.c - files that say where names come from, good and bad.
 */
#include "config.h"

#include "aiauthctl/doctor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NSSWITCH, OTHERS, CACHES };

#define FINE "passwd: files aiauth\ngroup: files aiauth\n"
static struct row {
	const char *name;
	int which;
	const char *text;	/* NULL: no such file */
	const char *found;	/* "WHERE WHAT\n" of each */
} rows[] = {
	{ "as it should be", NSSWITCH, "# of this host\n\n" FINE, "" },
	{ "blanks, an action, others behind", NSSWITCH,
	    " passwd:\tfiles [SUCCESS=return] systemd aiauth # so\n"
	    "group:compat aiauth[NOTFOUND=return] sss\n", "" },
	{ "nothing", NSSWITCH, "",
	    "/f names of the directory are not looked for in passwd\n"
	    "/f names of the directory are not looked for in group\n" },
	{ "not asked", NSSWITCH, "group: files aiauth\npasswd: files\n",
	    "/f:2 names of the directory are not looked for in passwd\n" },
	{ "only in a comment", NSSWITCH,
	    "passwd: files # aiauth\ngroup: files aiauth",
	    "/f:1 names of the directory are not looked for in passwd\n" },
	{ "only in a longer name", NSSWITCH,
	    "passwd: files aiauth2\ngroup: files aiauth",
	    "/f:1 names of the directory are not looked for in passwd\n" },
	{ "before the files", NSSWITCH,
	    "passwd: aiauth files\ngroup: files aiauth\n",
	    "/f:1 passwd asks aiauth before the accounts of this host\n" },
	{ "cut off", NSSWITCH, "passwd: files aiauth\n"
	    "group: files [NOTFOUND=return] aiauth\n",
	    "/f:2 group ends the search before aiauth is asked\n" },
	{ "cut off, the other way", NSSWITCH,
	    "passwd: files [!SUCCESS=return] aiauth\ngroup: files aiauth",
	    "/f:1 passwd ends the search before aiauth is asked\n" },
	{ "groups of a user", NSSWITCH, FINE "initgroups: files\n",
	    "/f:3 names of the directory are not looked for in initgroups\n" },
	{ "half an action", NSSWITCH, "passwd: files [NOT\n"
	    "group: files aiauth",
	    "/f:1 names of the directory are not looked for in passwd\n" },
	{ "the first line counts", NSSWITCH, FINE "passwd: files\n", "" },

	{ "nobody else", OTHERS, FINE, "" },
	{ "another behind", OTHERS, "passwd: files aiauth sss\n", "" },
	{ "another in front", OTHERS, "passwd: files\n"
	    "group: files sss aiauth\n", "/f:2 in group, sss gives names "
	    "before aiauth does, so that one name can be two people\n" },

	{ "caches nothing", CACHES, "enable-cache passwd no\n"
	    "\tenable-cache\tgroup no # so\n", "" },
	{ "no file", CACHES, NULL,
	    "/f nscd answers for passwd: who is new, changed or gone is seen "
	    "late\n/f nscd answers for group: who is new, changed or gone is "
	    "seen late\n" },
	{ "the last word counts", CACHES, "enable-cache passwd no\n"
	    "enable-cache group no\nenable-cache group yes\n",
	    "/f nscd answers for group: who is new, changed or gone is seen "
	    "late\n" },
	{ "words over two lines", CACHES, "enable-cache passwd\nno no\n"
	    "enable-cache group no\n", "/f nscd answers for passwd: who is "
	    "new, changed or gone is seen late\n" },
};

static void
collect(const char *where, const char *what, const char *fix, void *arg)
{
	char *all = arg;
	size_t at = strlen(all);

	assert_true(fix[0] != '\0');
	(void)snprintf(all + at, 1024 - at, "%s %s\n", where, what);
}

static void
names(void **state)
{
	static void (*const looks[])(const struct doctor *dr,
	    const char *path, const char *text) = {
		[NSSWITCH] = doctor_nsswitch,
		[OTHERS] = doctor_nsswitch_others,
		[CACHES] = doctor_name_caches,
	};
	const struct row *row = *state;
	char all[1024] = "";
	const struct doctor dr = { collect, all };

	looks[row->which](&dr, "/f", row->text);
	assert_string_equal(all, row->found);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = names, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
