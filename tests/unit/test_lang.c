/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lang.c - a language is that of messages alone, and needs no locale of it.
 */
#include "config.h"

#include "base/lang.h"

#ifdef ENABLE_NLS
#include <libintl.h>
#endif
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT N_("One-time code: ")

static void
says(const char *language, const char *want)
{
	lang_set(language);
	assert_string_equal(_(TEXT), want);
	assert_string_equal(_("of no catalogue"), "of no catalogue");
	assert_string_equal(_(""), "");
	assert_string_equal(setlocale(LC_ALL, NULL), "C");
	assert_string_equal(getenv("LANGUAGE"), "xx");
}

static void
by_name(void **state)
{
	(void)state;
	says("en", TEXT);
#ifdef ENABLE_NLS
	says("de", "Einmalcode: ");
	/* A text of several lines, with what gettext would take for its own. */
	assert_non_null(strstr(_(N_("Scan this code with an authenticator app, "
	    "or enter the secret there:\n%s\n\n  Secret: %s\n  Time-based, %s, "
	    "%u digits, 30 seconds\n\nCode that the app shows: ")),
	    "Geheimnis: %s\n  Zeitbasiert, %s, %u Ziffern, 30 Sekunden\n"));
#endif
	says("eo", TEXT);
	says("en", TEXT);
}

#ifdef ENABLE_NLS
/* Only messages: numbers and bytes stay what they are in C. */
static void
by_locale(void **state)
{
	(void)state;
	lang_user();
	assert_string_equal(bindtextdomain(PACKAGE_TARNAME, NULL),
	    AIA_LOCALE_DIR);
	assert_string_equal(_(TEXT), TEXT);
	assert_string_equal(setlocale(LC_CTYPE, NULL), "C");
	assert_string_equal(setlocale(LC_NUMERIC, NULL), "C");
	assert_string_equal(setlocale(LC_TIME, NULL), "C");
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
#ifdef ENABLE_NLS
		cmocka_unit_test(by_locale),
#endif
	};

	if (setenv("LANGUAGE", "xx", 1) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
