/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lang.c - what people read, in their language.
 */
#include "config.h"

#include "base/lang.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#ifdef ENABLE_NLS
static void
domain(void)
{
	(void)bindtextdomain(PACKAGE_TARNAME, AIA_LOCALE_DIR);
	(void)bind_textdomain_codeset(PACKAGE_TARNAME, "UTF-8");
	(void)textdomain(PACKAGE_TARNAME);
}

/*
 * A locale of the language would have to be installed; one that every libc has
 * is enough for gettext to look at the variable.  Only messages: numbers and
 * bytes stay what they are in C.
 */
void
lang_set(const char *language)
{
	if (strcmp(language, "en") == 0)
		return;
	if (setlocale(LC_MESSAGES, "C.UTF-8") != NULL &&
	    setenv("LANGUAGE", language, 1) == 0)
		domain();
}

void
lang_user(void)
{
	if (setlocale(LC_MESSAGES, "") != NULL)
		domain();
}
#else
void
lang_set(const char *language)
{
	(void)language;
}

void
lang_user(void)
{
}
#endif
