/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_otpauth.c - key URIs and base32.
 */
#include "config.h"

#include "base/otpauth.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4648 section 10, without the padding. */
static struct base32_row { const char *name, *in, *want, *grouped; }
base32_rows[] = {
	{ "empty", "", "", "" },
	{ "f", "f", "MY", "MY" },
	{ "fo", "fo", "MZXQ", "MZXQ" },
	{ "foo", "foo", "MZXW6", "MZXW 6" },
	{ "foob", "foob", "MZXW6YQ", "MZXW 6YQ" },
	{ "fooba", "fooba", "MZXW6YTB", "MZXW 6YTB" },
	{ "foobar", "foobar", "MZXW6YTBOI", "MZXW 6YTB OI" },
};

static void
base32(void **state)
{
	const struct base32_row *row = *state;
	struct secret key = { 0 };
	char room[64];

	assert_int_equal(secret_set(&key, row->in, strlen(row->in)), 0);
	assert_int_equal(otpauth_base32(&key, false, room, sizeof(room)), 0);
	assert_string_equal(room, row->want);
	assert_int_equal(otpauth_base32(&key, true, room, sizeof(room)), 0);
	assert_string_equal(room, row->grouped);
	assert_int_equal(otpauth_base32(&key, false, room,
	    strlen(row->want)), -ENOBUFS);
}

static void
uri(void **state)
{
	static const char want[] = "otpauth://totp/Ex%20%26%20Co:"
	    "ada%40gpu7?secret=MZXW6YTBOI&issuer=Ex%20%26%20Co"
	    "&algorithm=SHA256&digits=8&period=30";
	struct secret key = { 0 };
	char room[256];

	(void)state;
	assert_int_equal(secret_set(&key, "foobar", 6), 0);
	assert_int_equal(otpauth_uri("Ex & Co", "ada@gpu7", &key, "SHA256",
	    8, room, sizeof(room)), 0);
	assert_string_equal(room, want);
	assert_int_equal(otpauth_uri("Ex & Co", "ada@gpu7", &key, "SHA256",
	    8, room, sizeof(want) - 1), -ENOBUFS);
	assert_int_equal(otpauth_uri("Ex & Co", "ada@gpu7", &key, "SHA256",
	    8, room, sizeof(want)), 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(base32_rows) + 1] = {
		cmocka_unit_test(uri),
	};

	for (size_t i = 0; i < ARRAY_LEN(base32_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = base32_rows[i].name, .test_func = base32,
		    .initial_state = &base32_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
