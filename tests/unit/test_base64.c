/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base64.c - one text for each sequence of bytes, and no other.
 */
#include "config.h"

#include "base/base64.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4648 section 10, then what is no base64. */
static struct text_row {
	const char *text;
	int want;
	const char *bytes;
} text_rows[] = {
	{ "", 0, "" }, { "Zg==", 0, "f" }, { "Zm8=", 0, "fo" },
	{ "Zm9v", 0, "foo" }, { "Zm9vYg==", 0, "foob" },
	{ "Zm9vYmE=", 0, "fooba" }, { "Zm9vYmFy", 0, "foobar" },
	{ "+/+/", 0, "\xfb\xff\xbf" },
	{ "Zg", AIA_EPROTO, "" }, { "Zg=", AIA_EPROTO, "" },
	{ "Zh==", AIA_EPROTO, "" }, { "Zm9=", AIA_EPROTO, "" },
	{ "Z===", AIA_EPROTO, "" }, { "====", AIA_EPROTO, "" },
	{ "Zg==Zg==", AIA_EPROTO, "" }, { "Zg=v", AIA_EPROTO, "" },
	{ "Zm9v\n", AIA_EPROTO, "" }, { "Zm 9", AIA_EPROTO, "" },
	{ "Zm9-", AIA_EPROTO, "" }, { "Zm9_", AIA_EPROTO, "" },
	{ "Zm9\xc3", AIA_EPROTO, "" },
};

static void
text(void **state)
{
	const struct text_row *row = *state;
	size_t len = 99, want = strlen(row->bytes);
	uint8_t room[16];
	char back[32];

	assert_int_equal(base64_decode(aia_span_str(row->text), room,
	    sizeof(room), &len), row->want);
	if (row->want < 0) {
		assert_int_equal(len, 99);
		return;
	}
	assert_int_equal(len, want);
	assert_memory_equal(room, row->bytes, want);
	assert_int_equal(base64_encode(aia_span_of(room, len), back,
	    BASE64_ROOM(len)), 0);
	assert_string_equal(back, row->text);
	/* One byte of room too few, either way. */
	assert_int_equal(base64_encode(aia_span_of(room, len), back,
	    BASE64_ROOM(len) - 1), -ENOBUFS);
	if (want > 0)
		assert_int_equal(base64_decode(aia_span_str(row->text), room,
		    want - 1, &len), -ENOBUFS);
}

/* The same bytes without padding, and what is no base64url. */
static struct text_row url_rows[] = {
	{ "", 0, "" }, { "Zg", 0, "f" }, { "Zm8", 0, "fo" },
	{ "Zm9v", 0, "foo" }, { "Zm9vYg", 0, "foob" }, { "-_-_", 0,
	    "\xfb\xff\xbf" },
	{ "Z", AIA_EPROTO, "" }, { "Zg==", AIA_EPROTO, "" },
	{ "Zm8=", AIA_EPROTO, "" }, { "Zh", AIA_EPROTO, "" },
	{ "Zm9", AIA_EPROTO, "" }, { "Zm9vZ", AIA_EPROTO, "" },
	{ "+/+/", AIA_EPROTO, "" }, { "Zm9v\n", AIA_EPROTO, "" },
};

static void
url(void **state)
{
	uint8_t room[16];
	size_t len;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(url_rows); i++) {
		const struct text_row *row = &url_rows[i];

		len = 0;
		assert_int_equal(base64url_decode(aia_span_str(row->text),
		    room, sizeof(room), &len), row->want);
		assert_int_equal(len, strlen(row->bytes));
		assert_memory_equal(room, row->bytes, len);
		if (len > 0)
			assert_int_equal(base64url_decode(aia_span_str(
			    row->text), room, len - 1, &len), -ENOBUFS);
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(text_rows) + 1] = {
		[ARRAY_LEN(text_rows)] = cmocka_unit_test(url),
	};

	for (size_t i = 0; i < ARRAY_LEN(text_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = text_rows[i].text,
		    .test_func = text, .initial_state = &text_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
