/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_bytes.c - readers and writers at the edges of their room.
 */
#include "config.h"

#include "common/bytes.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t good[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
	0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 'a', 'b',
};

static int
read_all(size_t len)
{
	struct aia_rd rd;
	struct aia_span s;

	aia_rd_init(&rd, good, len);
	if (aia_rd_u8(&rd) != 0x01 || aia_rd_u16(&rd) != 0x0203 ||
	    aia_rd_u32(&rd) != 0x04050607 ||
	    aia_rd_u64(&rd) != 0x08090a0b0c0d0e0fULL)
		return AIA_EPROTO;
	s = aia_rd_bytes(&rd, 2);
	if (s.p == NULL || memcmp(s.p, "ab", 2) != 0)
		return AIA_EPROTO;
	return aia_rd_end(&rd);
}

static void
reads_what_is_there(void **state)
{
	(void)state;
	assert_int_equal(read_all(sizeof(good)), 0);
	for (size_t len = 0; len < sizeof(good); len++)
		assert_int_equal(read_all(len), AIA_EPROTO);
}

static void
refuses_what_is_left(void **state)
{
	struct aia_rd rd;

	(void)state;
	aia_rd_init(&rd, good, 3);
	assert_int_equal(aia_rd_u16(&rd), 0x0102);
	assert_int_equal(aia_rd_end(&rd), AIA_EPROTO);
}

static void
stays_bad(void **state)
{
	struct aia_rd rd;

	(void)state;
	aia_rd_init(&rd, good, 3);
	assert_int_equal(aia_rd_u32(&rd), 0);
	assert_true(rd.bad);
	/* Three bytes are there, but a reader that failed gives no more. */
	assert_int_equal(aia_rd_u8(&rd), 0);
	assert_null(aia_rd_bytes(&rd, 1).p);
	assert_int_equal(aia_rd_end(&rd), AIA_EPROTO);
}

static void
takes_no_huge_length(void **state)
{
	struct aia_rd rd;

	(void)state;
	aia_rd_init(&rd, good, sizeof(good));
	assert_null(aia_rd_bytes(&rd, SIZE_MAX).p);
	assert_true(rd.bad);
}

static int
write_all(uint8_t *room, size_t cap, size_t *ret_len)
{
	struct aia_wr wr;

	aia_wr_init(&wr, room, cap);
	aia_wr_u8(&wr, 0x01);
	aia_wr_u16(&wr, 0x0203);
	aia_wr_u32(&wr, 0x04050607);
	aia_wr_u64(&wr, 0x08090a0b0c0d0e0fULL);
	aia_wr_bytes(&wr, "ab", 2);
	return aia_wr_end(&wr, ret_len);
}

static void
writes_what_fits(void **state)
{
	uint8_t room[sizeof(good) + 1];
	size_t len = 0;

	(void)state;
	for (size_t cap = 0; cap < sizeof(good); cap++) {
		memset(room, 0xee, sizeof(room));
		assert_int_equal(write_all(room, cap, &len), -ENOBUFS);
		assert_int_equal(room[cap], 0xee);
	}
	assert_int_equal(write_all(room, sizeof(good), &len), 0);
	assert_int_equal(len, sizeof(good));
	assert_memory_equal(room, good, sizeof(good));
}

static void
spans_compare_by_length(void **state)
{
	(void)state;
	assert_true(aia_span_eq(aia_span_str("ab"), aia_span_of("ab", 2)));
	assert_false(aia_span_eq(aia_span_str("ab"), aia_span_str("abc")));
	assert_false(aia_span_eq(aia_span_str("ab"), aia_span_str("ac")));
	assert_false(aia_span_eq(aia_span_str(""), aia_span_str(NULL)));
	assert_true(aia_span_eq(aia_span_str(NULL), aia_span_of(NULL, 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_there),
		cmocka_unit_test(refuses_what_is_left),
		cmocka_unit_test(stays_bad),
		cmocka_unit_test(takes_no_huge_length),
		cmocka_unit_test(writes_what_fits),
		cmocka_unit_test(spans_compare_by_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
