/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lang.c - a language is that of messages alone, and needs no locale of it.
 */
#include "config.h"

#include "base/lang.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT N_("One-time code: ")

static void
english_touches_nothing(void **state)
{
	(void)state;
	lang_set("en");
	assert_string_equal(setlocale(LC_ALL, NULL), "C");
	assert_string_equal(getenv("LANGUAGE"), "xx");
	assert_string_equal(_(TEXT), TEXT);
}

#ifdef ENABLE_NLS
/* As it lies when installed, in a folder of its own. */
static void
german(void **state)
{
	char dir[] = "/tmp/test_lang.XXXXXX", at[256], mo[4096];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_non_null(realpath("po/de.mo", mo));
	(void)snprintf(at, sizeof(at), "%s/de", dir);
	assert_int_equal(mkdir(at, 0700), 0);
	(void)snprintf(at, sizeof(at), "%s/de/LC_MESSAGES", dir);
	assert_int_equal(mkdir(at, 0700), 0);
	(void)snprintf(at, sizeof(at), "%s/de/LC_MESSAGES/aiauth.mo", dir);
	assert_int_equal(symlink(mo, at), 0);

	lang_set("de");
	assert_string_equal(bindtextdomain(PACKAGE_TARNAME, NULL),
	    AIA_LOCALE_DIR);
	assert_non_null(bindtextdomain(PACKAGE_TARNAME, dir));
	assert_string_equal(_(TEXT), "Einmalcode: ");
	assert_string_equal(_("of no catalogue"), "of no catalogue");
	assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
	assert_string_equal(setlocale(LC_NUMERIC, NULL), "C");
	assert_string_equal(setlocale(LC_TIME, NULL), "C");

	assert_int_equal(unlink(at), 0);
	*strrchr(at, '/') = '\0';
	assert_int_equal(rmdir(at), 0);
	*strrchr(at, '/') = '\0';
	assert_int_equal(rmdir(at), 0);
	assert_int_equal(rmdir(dir), 0);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(english_touches_nothing),
#ifdef ENABLE_NLS
		cmocka_unit_test(german),
#endif
	};

	if (setenv("LANGUAGE", "xx", 1) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
