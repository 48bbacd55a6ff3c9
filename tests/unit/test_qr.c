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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws),
		cmocka_unit_test(longest),
		cmocka_unit_test(does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
