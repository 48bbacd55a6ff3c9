/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_messages.c - every message of the table, through the same mill.
 */
#include "config.h"

#include "common/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/every_message.h"

#define FIELD_HEAD 4	/* id, kind, length */

static uint8_t filler[65536];

/* A list of as many bytes; of one byte there is none but the empty one. */
static struct aia_span
one_item(size_t len)
{
	static uint8_t room[65536];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	if (len >= 2)
		aia_list_add(&wr, filler, len - 2);
	return aia_span_of(room, wr.len);
}

/* Put a value of len bytes (or, for a number, the value) into the field. */
static void
field_fill(const struct aia_field *f, size_t len, union any_message *m)
{
	uint8_t *at = (uint8_t *)m + f->offset;
	struct aia_span s = aia_span_of(filler, len);
	struct aia_name name = { "ada" };
	uint32_t u32 = (uint32_t)len;

	assert_true(f->offset < sizeof(*m));
	switch ((enum aia_kind)f->kind) {
	case AIA_U32:
		memcpy(at, &u32, sizeof(u32));
		break;
	case AIA_I64:
		memset(at, 0xff, 8);
		break;
	case AIA_NAME:
		memcpy(at, &name, sizeof(name));
		break;
	case AIA_LIST:
		s = one_item(len);
		memcpy(at, &s, sizeof(s));
		break;
	case AIA_TEXT:
	case AIA_BYTES:
		memcpy(at, &s, sizeof(s));
		break;
	}
	m->has |= AIA_BIT(f->id);
}

/* Every field there, each as small or as large as it may be. */
static void
message_fill(const struct aia_message *m, bool largest, union any_message *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < m->n_fields; i++)
		field_fill(&m->fields[i], largest ? m->fields[i].max : 1, ret);
}

static void
round_trip(const struct aia_message *m, uint8_t version, bool largest)
{
	static struct aia_packet pkt, again;
	union any_message in, out;

	message_fill(m, largest, &in);
	assert_int_equal(aia_encode(m, version, &in, &pkt), 0);
	assert_int_equal(pkt.buf[0], version);
	assert_int_equal(pkt.buf[1], m->type);
	assert_int_equal(aia_decode(m, &pkt, &out), 0);
	assert_int_equal(out.has, in.has);
	assert_int_equal(aia_encode(m, version, &out, &again), 0);
	assert_int_equal(again.len, pkt.len);
	assert_memory_equal(again.buf, pkt.buf, pkt.len);
}

static void
comes_back(void **state)
{
	const struct aia_message *m = *state;

	for (uint8_t v = AIA_WIRE_VERSION_MIN; v <= AIA_WIRE_VERSION; v++) {
		round_trip(m, v, false);
		round_trip(m, v, true);
	}
}

/* A beginning of it is refused, or is a message of its own. */
static void
is_refused_when_cut(void **state)
{
	static struct aia_packet pkt, again;
	const struct aia_message *m = *state;
	union any_message s;
	size_t len;

	message_fill(m, false, &s);
	assert_int_equal(aia_encode(m, 2, &s, &pkt), 0);
	for (len = pkt.len - 1; len >= 2; len--) {
		pkt.len = len;
		if (aia_decode(m, &pkt, &s) == AIA_EPROTO)
			continue;
		assert_int_equal(aia_encode(m, 2, &s, &again), 0);
		assert_int_equal(again.len, len);
		assert_memory_equal(again.buf, pkt.buf, len);
	}
}

static void
needs_each_required_field(void **state)
{
	static struct aia_packet pkt;
	const struct aia_message *m = *state;
	union any_message s;

	for (size_t i = 0; i < m->n_fields; i++) {
		size_t at = 2, len;

		if (!m->fields[i].required)
			continue;
		message_fill(m, false, &s);
		assert_int_equal(aia_encode(m, 2, &s, &pkt), 0);
		for (;;) {
			len = FIELD_HEAD + (size_t)(pkt.buf[at + 2] << 8 |
			    pkt.buf[at + 3]);
			if (pkt.buf[at] == m->fields[i].id)
				break;
			at += len;
		}
		memmove(pkt.buf + at, pkt.buf + at + len,
		    pkt.len - at - len);
		pkt.len -= len;
		assert_int_equal(aia_decode(m, &pkt, &s), AIA_EPROTO);
	}
}

static void
is_refused_with_more(void **state)
{
	static struct aia_packet pkt;
	const struct aia_message *m = *state;
	union any_message s;
	size_t len;

	message_fill(m, false, &s);
	assert_int_equal(aia_encode(m, 2, &s, &pkt), 0);
	len = pkt.len;
	for (size_t more = 1; more <= FIELD_HEAD; more++) {
		memset(pkt.buf + len, 0, more);
		pkt.len = len + more;
		assert_int_equal(aia_decode(m, &pkt, &s), AIA_EPROTO);
	}
	/* a field that no message has */
	memcpy(pkt.buf + len, "\x1f\x04\x00\x00", FIELD_HEAD);
	assert_int_equal(aia_decode(m, &pkt, &s), AIA_EPROTO);
}

/* One past the limit of each field, as the sender and as the receiver. */
static void
keeps_its_limits(void **state)
{
	static struct aia_packet pkt;
	const struct aia_message *m = *state;
	union any_message s;

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct aia_field *f = &m->fields[i];

		if (f->max == 0 || f->max >= UINT32_MAX)
			continue;
		message_fill(m, false, &s);
		field_fill(f, f->max + 1, &s);
		assert_int_equal(aia_encode(m, 2, &s, &pkt), AIA_EPROTO);
	}
}

static void
table_is_sound(void **state)
{
	const struct aia_message *m = *state;
	uint8_t last = 0;

	assert_non_null(m->name);
	assert_true(m->size >= sizeof(uint32_t));
	assert_true(m->size <= sizeof(union any_message));
	for (size_t i = 0; i < m->n_fields; i++) {
		assert_true(m->fields[i].id > last);
		assert_true(m->fields[i].id <= 31);
		assert_true(m->fields[i].offset >= sizeof(uint32_t));
		assert_true(m->fields[i].offset < m->size);
		last = m->fields[i].id;
	}
}

static void
types_differ(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(every_message); i++)
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(every_message[i]->type,
			    every_message[j]->type);
}

static void
verdicts_are_far_apart(void **state)
{
	static const uint32_t v[] = { AIA_V_PERMIT, AIA_V_DENIED,
	    AIA_V_UNKNOWN_USER, AIA_V_MAX_TRIES, AIA_V_UNAVAILABLE, 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(v); i++)
		for (size_t j = 0; j < i; j++) {
			int bits = __builtin_popcount(v[i] ^ v[j]);

			assert_in_range(bits, j == 0 ? 16 : 12, 32);
		}
}

static const struct {
	const char	*name;
	void		(*run)(void **state);
} mills[] = {
	{ "table is sound", table_is_sound },
	{ "comes back", comes_back },
	{ "is refused when cut", is_refused_when_cut },
	{ "needs each required field", needs_each_required_field },
	{ "is refused with more", is_refused_with_more },
	{ "keeps its limits", keeps_its_limits },
};

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(every_message) * ARRAY_LEN(mills) +
	    2] = {
		cmocka_unit_test(types_differ),
		cmocka_unit_test(verdicts_are_far_apart),
	};
	static char names[ARRAY_LEN(every_message) * ARRAY_LEN(mills)][64];
	size_t n = 0;

	memset(filler, 'x', sizeof(filler));
	for (size_t i = 0; i < ARRAY_LEN(every_message); i++)
		for (size_t j = 0; j < ARRAY_LEN(mills); j++) {
			union { const void *c; void *v; } m =
			    { .c = every_message[i] };

			(void)snprintf(names[n], sizeof(names[n]), "%s %s",
			    every_message[i]->name, mills[j].name);
			tests[2 + n] = (struct CMUnitTest){ .name = names[n],
			    .test_func = mills[j].run, .initial_state = m.v };
			n++;
		}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
