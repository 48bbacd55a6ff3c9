/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_qr.c - QR codes as text.
 */
#include "config.h"

#include "base/qr.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
draws(void **state)
{
	static char room[QR_TEXT_MAX];
	size_t lines = 0;

	(void)state;
	assert_int_equal(qr_text("otpauth://totp/x", room, sizeof(room)), 0);
	for (const char *s = room; *s != '\0'; s++)
		lines += *s == '\n';
	/* Version 1 or 2 has 21 or 25 modules, and 2 of border each side. */
	assert_in_range(lines, 13, 15);
	assert_int_equal(room[strlen(room) - 1], '\n');
	/* The border is light: two rows of full blocks at the top. */
	assert_int_equal(memcmp(room, "\u2588\u2588\u2588", 9), 0);
}

/* What an enrolment needs at its longest still fits a prompt. */
static void
longest(void **state)
{
	static char room[QR_TEXT_MAX], data[361];

	(void)state;
	memset(data, 'x', sizeof(data) - 1);
	assert_int_equal(qr_text(data, room, sizeof(room)), 0);
}

static void
does_not_fit(void **state)
{
	static char room[QR_TEXT_MAX], data[4001];

	(void)state;
	memset(data, 'x', 400);
	assert_int_equal(qr_text(data, room, 100), -ENOBUFS);
	memset(data, 'x', 4000);
	assert_int_equal(qr_text(data, room, sizeof(room)), -EMSGSIZE);
}

/* One line of half blocks as two rows of '1' for light and '0'. */
static void
unfold(const char **s, char upper[64], char lower[64])
{
	static const struct { const char *block; char upper, lower; } blocks[] = {
		{ "\u2588", '1', '1' }, { "\u2580", '1', '0' },
		{ "\u2584", '0', '1' }, { " ", '0', '0' },
	};
	size_t n = 0;

	for (; **s != '\n'; n++)
		for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
			size_t len = strlen(blocks[i].block);

			if (strncmp(*s, blocks[i].block, len) != 0)
				continue;
			assert_true(n < 63);
			upper[n] = blocks[i].upper;
			lower[n] = blocks[i].lower;
			*s += len;
			break;
		}
	upper[n] = lower[n] = '\0';
	(*s)++;
}

/* One line of ASCII, two characters a module. */
static void
narrow(const char **s, char row[64])
{
	size_t n = 0;

	for (; **s != '\n'; *s += 2, n++) {
		assert_true(n < 63);
		assert_true(strncmp(*s, "##", 2) == 0 ||
		    strncmp(*s, "  ", 2) == 0);
		row[n] = **s == '#' ? '1' : '0';
	}
	row[n] = '\0';
	(*s)++;
}

static struct alike_row { const char *name, *data; } alike_rows[] = {
	{ "ASCII: the smallest", "x" },
	{ "ASCII: an address", "https://id.example/device?user_code=ABCD-EFGH" },
	{ "ASCII: a longer one", "https://login.microsoftonline.com/common/"
	    "oauth2/deviceauth?otc=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" },
};

/* Both styles draw the same modules. */
static void
alike(void **state)
{
	const struct alike_row *row = *state;
	static char blocks[QR_TEXT_MAX], ascii[QR_TEXT_MAX];
	const char *b = blocks, *a = ascii;
	char upper[64], lower[64], one[64];

	assert_int_equal(qr_draw(row->data, QR_UNICODE, blocks,
	    sizeof(blocks)), 0);
	assert_int_equal(qr_draw(row->data, QR_ASCII, ascii, sizeof(ascii)),
	    0);
	while (*b != '\0') {
		unfold(&b, upper, lower);
		assert_true(*a != '\0');
		narrow(&a, one);
		assert_string_equal(one, upper);
		/* Of an odd number of rows half blocks have one more. */
		if (*a == '\0')
			break;
		narrow(&a, one);
		assert_string_equal(one, lower);
	}
	assert_string_equal(a, "");
	assert_string_equal(b, "");
}

/* Version 1: 21 modules and 2 of border on each side. */
static void
ascii_size(void **state)
{
	static const size_t size = 25 * (2 * 25 + 1) + 1;
	static char room[QR_TEXT_MAX];

	(void)state;
	assert_int_equal(qr_draw("x", QR_ASCII, room, size), 0);
	assert_int_equal(strlen(room), size - 1);
	assert_int_equal(strspn(room, "#"), 50);
	assert_int_equal(strspn(room, "# \n"), size - 1);
	assert_int_equal(qr_draw("x", QR_ASCII, room, size - 1), -ENOBUFS);
	assert_int_equal(qr_draw("x", QR_ASCII, room, 1), -ENOBUFS);
}

static void
no_picture(void **state)
{
	char room[2] = "x";

	(void)state;
	assert_int_equal(qr_draw("x", QR_NONE, room, 1), 0);
	assert_string_equal(room, "");
	assert_int_equal(qr_draw("x", QR_NONE, room, 0), -ENOBUFS);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(alike_rows) + 5] = {
		cmocka_unit_test(ascii_size),
		cmocka_unit_test(no_picture),
		cmocka_unit_test(draws),
		cmocka_unit_test(longest),
		cmocka_unit_test(does_not_fit),
	};

	for (size_t i = 0; i < ARRAY_LEN(alike_rows); i++)
		tests[i + 5] = (struct CMUnitTest){
		    .name = alike_rows[i].name, .test_func = alike,
		    .initial_state = &alike_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
