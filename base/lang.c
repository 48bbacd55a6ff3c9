/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lang.c - what people read, in their language.
 *
 * gettext needs a locale of the language, and a daemon's machine need not have
 * any but C, with which it looks nothing up (C.UTF-8 counts as C since glibc
 * 2.39).  So daemons have the catalogues in them: nothing is opened, either.
 */
#include "config.h"

#include "base/lang.h"

#ifdef ENABLE_NLS
#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>

#include "common/err.h"

static const struct text {
	const char *language, *ours, *theirs;
} texts[] = {
#include "base/lang.inc"
};

static const char *chosen;	/* NULL: ours */
static bool by_locale;

void
lang_set(const char *language)
{
	chosen = NULL;
	for (size_t i = 0; i < ARRAY_LEN(texts) && chosen == NULL; i++)
		if (strcmp(texts[i].language, language) == 0)
			chosen = texts[i].language;
}

void
lang_user(void)
{
	if (setlocale(LC_MESSAGES, "") == NULL)
		return;
	(void)bindtextdomain(PACKAGE_TARNAME, AIA_LOCALE_DIR);
	(void)bind_textdomain_codeset(PACKAGE_TARNAME, "UTF-8");
	(void)textdomain(PACKAGE_TARNAME);
	by_locale = true;
}

const char *
lang_text(const char *text)
{
	if (by_locale)
		return gettext(text);
	for (size_t i = 0; i < ARRAY_LEN(texts) && chosen != NULL; i++)
		if (strcmp(texts[i].language, chosen) == 0 &&
		    strcmp(texts[i].ours, text) == 0)
			return texts[i].theirs;
	return text;
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

const char *
lang_text(const char *text)
{
	return text;
}
#endif
