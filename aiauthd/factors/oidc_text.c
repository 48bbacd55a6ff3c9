/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oidc_text.c - what a person is told who is to log in in a browser.
 */
#include "config.h"

#include "aiauthd/factors/oidc_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/lang.h"

#define WORDS_MAX 1024		/* bytes of the text besides picture and address */

static bool
text_take(struct aia_span s, uint8_t first, char *room, size_t cap)
{
	if (s.len == 0 || s.len >= cap)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < first || s.p[i] > '~')
			return false;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return true;
}

static bool
url_take(struct aia_span s, char room[NETCALL_URL_MAX + 1])
{
	static const char https[] = "https://";

	return text_take(s, '!', room, NETCALL_URL_MAX + 1) &&
	    strncmp(room, https, sizeof(https) - 1) == 0 &&
	    room[sizeof(https) - 1] != '/' && room[sizeof(https) - 1] != '\0';
}

int
oidc_told_take(const struct netcall_device *m, struct oidc_told *ret)
{
	struct oidc_told told = { 0 };

	if (!text_take(m->user_code, ' ', told.user_code,
	    sizeof(told.user_code)) || !url_take(m->url, told.url) ||
	    (AIA_HAS(m, NETCALL_DEVICE_F_URL_COMPLETE) &&
	    !url_take(m->url_complete, told.url_complete)))
		return AIA_EPROTO;
	*ret = told;
	return 0;
}

int
oidc_text(const struct oidc_told *told, enum qr_style style, const char *user,
    const char *host, char *room, size_t cap)
{
	const char *picture = told->url_complete[0] != '\0' ?
	    told->url_complete : told->url;
	const size_t rest = WORDS_MAX + strlen(told->url);
	size_t at = 0;
	int n;

	if (cap > rest && qr_draw(picture, style, room, cap - rest) == 0)
		at = strlen(room);
	n = snprintf(room + at, cap - at, _("Log in as %s at %s in a browser: "
	    "open the page\n  %s\nand enter the code\n  %s\n"
	    "Never do so for a link or a code that somebody sent you.\n"
	    "Press Enter, now or when you have done so: "), user, host,
	    told->url, told->user_code);
	return n < 0 || (size_t)n >= cap - at ? -ENOBUFS : 0;
}
