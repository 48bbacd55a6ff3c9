/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lang.h - what people read, in their language: the door to gettext, whose
 * catalogues are also compiled in.
 *
 * _("text") where a text is said, N_("text") where it only stands in a table, or
 * is sent to aiauthctl as the end of a request: that says it in its own language.
 * What programs read and what is logged stays English, and so does what
 * aia_strerror() says.  po/ has the translations; make check demands that they
 * are whole.
 */
#ifndef AIA_BASE_LANG_H
#define AIA_BASE_LANG_H

#ifdef ENABLE_NLS
#define _(text) lang_text(text)
#else
#define _(text) (text)
#endif
#define N_(text) text

#define LANG_LIST "en de"	/* those there are, the first being ours */

/* This one of them, whatever the environment says and whichever locales and
 * catalogues the machine has: for daemons, who cannot know whom they talk to. */
void lang_set(const char *language);
/* The one that whoever started us has chosen, by gettext: for tools. */
void lang_user(void);
/* text itself where there is nothing else. */
const char *lang_text(const char *text) __attribute__((format_arg(1)));

#endif
