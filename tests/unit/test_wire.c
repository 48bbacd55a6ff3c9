/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_wire.c - one message with a field of each kind, byte by byte.
 */
#include "config.h"

#include "common/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct sample {
	uint32_t	has;
	uint32_t	u32;
	int64_t		i64;
	struct aia_span	text, bytes, list;
	struct aia_name	name;
};

static const struct aia_field sample_fields[] = {
	{ 1, AIA_U32, 1, 1000, offsetof(struct sample, u32) },
	{ 2, AIA_I64, 0, 0, offsetof(struct sample, i64) },
	{ 3, AIA_TEXT, 0, 4, offsetof(struct sample, text) },
	{ 4, AIA_BYTES, 0, 4, offsetof(struct sample, bytes) },
	{ 5, AIA_NAME, 0, 0, offsetof(struct sample, name) },
	{ 9, AIA_LIST, 0, 16, offsetof(struct sample, list) },
};
static const struct aia_message sample = {
	.type = 200, .name = "SAMPLE", .size = sizeof(struct sample),
	.fields = sample_fields, .n_fields = ARRAY_LEN(sample_fields),
};

#define HEAD "\x02\xc8"
#define F_U32 "\x01\x01\x00\x04\x00\x00\x03\xe8"

static struct bad_row {
	const char	*name;
	const char	*bytes;
	size_t		 len;
	int		 want;
} rows[] = {
#define ROW(name, s, want) { name, s, sizeof(s) - 1, want }
	ROW("required only", HEAD F_U32, 0),
	ROW("all kinds", HEAD F_U32
	    "\x02\x02\x00\x08\xff\xff\xff\xff\xff\xff\xff\xfe"
	    "\x03\x03\x00\x04" "abcd" "\x04\x04\x00\x02\x00\xff"
	    "\x05\x05\x00\x03" "ada"
	    "\x09\x06\x00\x07\x00\x01" "x" "\x00\x00\x00\x00", 0),
	ROW("empty text, bytes, list", HEAD F_U32
	    "\x03\x03\x00\x00\x04\x04\x00\x00\x09\x06\x00\x00", 0),
	ROW("nothing", HEAD, AIA_EPROTO),
	ROW("another type", "\x02\xc9" F_U32, AIA_EPROTO),
	ROW("required missing", HEAD "\x03\x03\x00\x01" "a", AIA_EPROTO),
	ROW("twice", HEAD F_U32 F_U32, AIA_EPROTO),
	ROW("falling ids", HEAD "\x03\x03\x00\x01" "a" F_U32, AIA_EPROTO),
	ROW("unknown id", HEAD F_U32 "\x06\x03\x00\x01" "a", AIA_EPROTO),
	ROW("id 0", HEAD "\x00\x01\x00\x04\x00\x00\x00\x01" F_U32,
	    AIA_EPROTO),
	ROW("id 33", HEAD F_U32 "\x21\x01\x00\x04\x00\x00\x00\x01",
	    AIA_EPROTO),
	ROW("wrong kind", HEAD "\x01\x03\x00\x04\x00\x00\x03\xe8",
	    AIA_EPROTO),
	ROW("kind 0", HEAD "\x01\x00\x00\x04\x00\x00\x03\xe8", AIA_EPROTO),
	ROW("u32 of 3 bytes", HEAD "\x01\x01\x00\x03\x00\x03\xe8",
	    AIA_EPROTO),
	ROW("u32 of 5 bytes", HEAD "\x01\x01\x00\x05\x00\x00\x00\x03\xe8",
	    AIA_EPROTO),
	ROW("u32 over its limit", HEAD "\x01\x01\x00\x04\x00\x00\x03\xe9",
	    AIA_EPROTO),
	ROW("i64 of 7 bytes", HEAD F_U32
	    "\x02\x02\x00\x07\x00\x00\x00\x00\x00\x00\x01", AIA_EPROTO),
	ROW("text over its limit", HEAD F_U32 "\x03\x03\x00\x05" "abcde",
	    AIA_EPROTO),
	ROW("NUL in text", HEAD F_U32 "\x03\x03\x00\x03" "a\0b", AIA_EPROTO),
	ROW("bytes over their limit", HEAD F_U32 "\x04\x04\x00\x05" "abcde",
	    AIA_EPROTO),
	ROW("empty name", HEAD F_U32 "\x05\x05\x00\x00", AIA_EPROTO),
	ROW("bad name", HEAD F_U32 "\x05\x05\x00\x03" "a:b", AIA_EPROTO),
	ROW("list cut in an item", HEAD F_U32
	    "\x09\x06\x00\x03\x00\x02" "x", AIA_EPROTO),
	ROW("list cut in a length", HEAD F_U32 "\x09\x06\x00\x01\x00",
	    AIA_EPROTO),
	ROW("length past the end", HEAD "\x01\x01\xff\xff\x00\x00\x03\xe8",
	    AIA_EPROTO),
	ROW("one byte left over", HEAD F_U32 "\x02", AIA_EPROTO),
	ROW("three bytes left over", HEAD F_U32 "\x02\x02\x00", AIA_EPROTO),
#undef ROW
};

static void
packet_of(const void *bytes, size_t len, struct aia_packet *ret)
{
	memcpy(ret->buf, bytes, len);
	ret->len = len;
	assert_int_equal(aia_packet_head(ret), 0);
}

/* What decodes encodes to the same bytes; what does not leaves zeroes. */
static void
decode(void **state)
{
	static const struct sample zero;
	static struct aia_packet pkt, again;
	const struct bad_row *row = *state;
	struct sample s;

	packet_of(row->bytes, row->len, &pkt);
	memset(&s, 0xee, sizeof(s));
	assert_int_equal(aia_decode(&sample, &pkt, &s), row->want);
	if (row->want < 0) {
		assert_memory_equal(&s, &zero, sizeof(s));
		return;
	}
	assert_int_equal(aia_encode(&sample, 2, &s, &again), 0);
	assert_int_equal(again.len, row->len);
	assert_memory_equal(again.buf, row->bytes, row->len);
}

static struct value_row {
	const char	*name;
	struct sample	 in;
} value_rows[] = {
	{ "encode: u32 over its limit", { .u32 = 1001 } },
	{ "encode: text is not there", { .has = AIA_BIT(3) } },
	{ "encode: text too long", { .has = AIA_BIT(3),
	    .text = { (const uint8_t *)"abcde", 5 } } },
	{ "encode: NUL in text", { .has = AIA_BIT(3),
	    .text = { (const uint8_t *)"a\0b", 3 } } },
	{ "encode: bytes too long", { .has = AIA_BIT(4),
	    .bytes = { (const uint8_t *)"abcde", 5 } } },
	{ "encode: no name", { .has = AIA_BIT(5) } },
	{ "encode: not a name", { .has = AIA_BIT(5), .name = { "a:b" } } },
	{ "encode: not a list", { .has = AIA_BIT(9),
	    .list = { (const uint8_t *)"\x00\x05x", 3 } } },
};

static void
encode_refuses(void **state)
{
	static struct aia_packet pkt;
	const struct value_row *row = *state;

	assert_int_equal(aia_encode(&sample, 2, &row->in, &pkt), AIA_EPROTO);
}

static void
encode_leaves_out_what_is_not_there(void **state)
{
	static struct aia_packet pkt;
	struct sample in = { .u32 = 1000, .text = aia_span_str("ab") };

	(void)state;
	assert_int_equal(aia_encode(&sample, 1, &in, &pkt), 0);
	assert_int_equal(pkt.len, 10);
	assert_memory_equal(pkt.buf, "\x01\xc8" F_U32, 10);
	assert_int_equal(pkt.version, 1);
	assert_int_equal(pkt.type, 200);
}

static void
head_needs_two_bytes(void **state)
{
	static struct aia_packet pkt = { .buf = { 1, 2 } };

	(void)state;
	for (pkt.len = 0; pkt.len < 2; pkt.len++)
		assert_int_equal(aia_packet_head(&pkt), AIA_EPROTO);
	assert_int_equal(aia_packet_head(&pkt), 0);
	assert_int_equal(pkt.version, 1);
	assert_int_equal(pkt.type, 2);
	pkt.len = AIA_PACKET_MAX + 1;
	assert_int_equal(aia_packet_head(&pkt), AIA_EPROTO);
}

static void
list_is_walked(void **state)
{
	uint8_t room[16];
	struct aia_wr wr;
	struct aia_span list, item;
	size_t len = 0;

	(void)state;
	aia_wr_init(&wr, room, sizeof(room));
	aia_list_add(&wr, "ab", 2);
	aia_list_add(&wr, "", 0);
	aia_list_add(&wr, "c", 1);
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	list = aia_span_of(room, len);
	assert_true(aia_list_next(&list, &item));
	assert_true(aia_span_eq(item, aia_span_str("ab")));
	assert_true(aia_list_next(&list, &item));
	assert_int_equal(item.len, 0);
	assert_true(aia_list_next(&list, &item));
	assert_true(aia_span_eq(item, aia_span_str("c")));
	assert_false(aia_list_next(&list, &item));
	aia_list_add(&wr, room, 65536);
	assert_int_equal(aia_wr_end(&wr, &len), -ENOBUFS);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(value_rows) + 3] = {
		cmocka_unit_test(encode_leaves_out_what_is_not_there),
		cmocka_unit_test(head_needs_two_bytes),
		cmocka_unit_test(list_is_walked),
	};
	size_t n = 3;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = decode, .initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(value_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = value_rows[i].name,
		    .test_func = encode_refuses,
		    .initial_state = &value_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
