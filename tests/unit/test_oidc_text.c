/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_oidc_text.c - what a person is told who is to log in in a browser, by an
 * aiauth-netd that need not be honest.
 */
#include "config.h"

#include "aiauthd/factors/oidc_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/messages.h"

#define URL "https://id.example/device"

/* Terminated; filled by main(): the longest, and one byte longer. */
static char code_longest[NETCALL_CODE_MAX + 1];
static char code_longer[NETCALL_CODE_MAX + 2];
static char url_longest[NETCALL_URL_MAX + 1];
static char url_longer[NETCALL_URL_MAX + 2];

static struct take_row {
	const char *name, *code, *url, *complete;	/* complete NULL: none */
	int want;
} take_rows[] = {
	{ "plain", "ABCD-EFGH", URL, NULL, 0 },
	{ "with an address for the picture", "AB", URL, URL "?c=AB", 0 },
	{ "a space in the code", "AB CD", URL, NULL, 0 },
	{ "longest code", code_longest, URL, NULL, 0 },
	{ "one byte longer", code_longer, URL, NULL, AIA_EPROTO },
	{ "no code", "", URL, NULL, AIA_EPROTO },
	{ "a code that clears the screen", "\033[2J", URL, NULL, AIA_EPROTO },
	{ "a second line in the code", "AB\nCD", URL, NULL, AIA_EPROTO },
	{ "DEL in the code", "AB\177", URL, NULL, AIA_EPROTO },
	{ "a code that is not ASCII", "\xc3\x84", URL, NULL, AIA_EPROTO },
	{ "longest address", "AB", url_longest, NULL, 0 },
	{ "an address one byte longer", "AB", url_longer, NULL, AIA_EPROTO },
	{ "no address", "AB", "", NULL, AIA_EPROTO },
	{ "http", "AB", "http://id.example/", NULL, AIA_EPROTO },
	{ "HTTPS in capitals", "AB", "HTTPS://id.example/", NULL,
	    AIA_EPROTO },
	{ "no host", "AB", "https://", NULL, AIA_EPROTO },
	{ "no host but a path", "AB", "https:///device", NULL, AIA_EPROTO },
	{ "shortest address", "AB", "https://h", NULL, 0 },
	{ "a space in the address", "AB", URL " x", NULL, AIA_EPROTO },
	{ "a second line in the address", "AB", URL "\nx", NULL, AIA_EPROTO },
	{ "a script for the picture", "AB", URL, "javascript:x", AIA_EPROTO },
	{ "a longer one for the picture", "AB", URL, url_longer, AIA_EPROTO },
	{ "an empty one for the picture", "AB", URL, "", AIA_EPROTO },
};

static void
take(void **state)
{
	const struct take_row *row = *state;
	struct netcall_device m = { .user_code = aia_span_str(row->code),
	    .url = aia_span_str(row->url) };
	struct oidc_told told = { .user_code = "before" };

	if (row->complete != NULL) {
		m.has = AIA_BIT(NETCALL_DEVICE_F_URL_COMPLETE);
		m.url_complete = aia_span_str(row->complete);
	}
	assert_int_equal(oidc_told_take(&m, &told), row->want);
	if (row->want < 0) {
		assert_string_equal(told.user_code, "before");
		return;
	}
	assert_string_equal(told.user_code, row->code);
	assert_string_equal(told.url, row->url);
	assert_string_equal(told.url_complete, row->complete == NULL ? "" :
	    row->complete);
}

/* A terminated text has no NUL in it; what crosses the wire may. */
static void
nul(void **state)
{
	const struct netcall_device m = { .user_code = aia_span_of("A\0B", 3),
	    .url = aia_span_str(URL) };
	struct oidc_told told;

	(void)state;
	assert_int_equal(oidc_told_take(&m, &told), AIA_EPROTO);
}

static const char words[] = "Log in as ada at gpu1 in a browser: open the page\n"
    "  " URL "\nand enter the code\n  ABCD-EFGH\n"
    "Never do so for a link or a code that somebody sent you.\n"
    "Press Enter, now or when you have done so: ";

static struct text_row {
	const char *name;
	enum qr_style style;
	size_t cap;
	int want;
	const char *picture;	/* part of it; NULL: there is none */
} text_rows[] = {
	{ "half blocks", QR_UNICODE, AIA_TEXT_MAX + 1, 0, "\u2580" },
	{ "ASCII", QR_ASCII, AIA_TEXT_MAX + 1, 0, "####" },
	{ "no picture", QR_NONE, AIA_TEXT_MAX + 1, 0, NULL },
	{ "no room for half blocks", QR_UNICODE, 1500, 0, NULL },
	{ "room for half blocks alone", QR_ASCII, 2500, 0, NULL },
	{ "room for the words alone", QR_UNICODE, sizeof(words), 0, NULL },
	{ "one byte less", QR_UNICODE, sizeof(words) - 1, -ENOBUFS, NULL },
	{ "a byte", QR_NONE, 1, -ENOBUFS, NULL },
};

static void
text(void **state)
{
	const struct text_row *row = *state;
	const struct oidc_told told = { .user_code = "ABCD-EFGH", .url = URL };
	char room[AIA_TEXT_MAX + 1];
	size_t len;

	assert_int_equal(oidc_text(&told, row->style, "ada", "gpu1", room,
	    row->cap), row->want);
	if (row->want < 0)
		return;
	len = strlen(room);
	assert_in_range(len, sizeof(words) - 1, row->cap - 1);
	assert_string_equal(room + len - (sizeof(words) - 1), words);
	assert_int_equal(len == sizeof(words) - 1, row->picture == NULL);
	if (row->picture != NULL)
		assert_non_null(strstr(room, row->picture));
}

/* The picture is of the address with the code in it, where there is one. */
static void
picture(void **state)
{
	static const char complete[] = URL "?user_code=ABCD-EFGH";
	struct oidc_told told = { .user_code = "ABCD-EFGH", .url = URL };
	char room[AIA_TEXT_MAX + 1], want[AIA_TEXT_MAX + 1];

	(void)state;
	memcpy(told.url_complete, complete, sizeof(complete));
	assert_int_equal(oidc_text(&told, QR_UNICODE, "ada", "gpu1", room,
	    sizeof(room)), 0);
	assert_int_equal(qr_draw(complete, QR_UNICODE, want, sizeof(want)), 0);
	assert_memory_equal(room, want, strlen(want));
	assert_string_equal(room + strlen(want), words);
	assert_null(strstr(room, "user_code="));
}

/* At its longest in everything it fits a prompt. */
static void
longest(void **state)
{
	struct oidc_told told;
	char room[AIA_TEXT_MAX + 1], user[33], host[65];

	(void)state;
	memset(user, 'u', sizeof(user) - 1);
	memset(host, 'h', sizeof(host) - 1);
	user[sizeof(user) - 1] = host[sizeof(host) - 1] = '\0';
	memcpy(told.user_code, code_longest, sizeof(code_longest));
	memcpy(told.url, url_longest, sizeof(url_longest));
	memcpy(told.url_complete, url_longest, sizeof(url_longest));
	for (int style = QR_NONE; style <= QR_ASCII; style++) {
		assert_int_equal(oidc_text(&told, (enum qr_style)style, user,
		    host, room, sizeof(room)), 0);
		assert_non_null(strstr(room, url_longest));
		assert_non_null(strstr(room, code_longest));
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(take_rows) + ARRAY_LEN(text_rows) +
	    3] = { 0 };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(nul),
		cmocka_unit_test(picture),
		cmocka_unit_test(longest),
	};
	size_t n = 0;

	memset(code_longest, 'C', sizeof(code_longest) - 1);
	memset(code_longer, 'C', sizeof(code_longer) - 1);
	memset(url_longest, 'u', sizeof(url_longest) - 1);
	memset(url_longer, 'u', sizeof(url_longer) - 1);
	memcpy(url_longest, "https://", 8);
	memcpy(url_longer, "https://", 8);
	for (size_t i = 0; i < ARRAY_LEN(take_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = take_rows[i].name,
		    .test_func = take, .initial_state = &take_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(text_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = text_rows[i].name,
		    .test_func = text, .initial_state = &text_rows[i] };
	memcpy(tests + n, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
