/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stage.c - the order and the limits of a record stream, and every
 * truncation of each of its packets.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "aiauthd/keeper/stage.h"

#define OBJECTS_MAX 3
#define MEMBERS_MAX (OBJECTS_MAX * STAGE_MEMBERS_PER_OBJECT)

static const struct aia_name corp = { "corp" }, lab = { "lab" };
static struct aia_packet pkt;

/* One letter is one packet. */
static void
packet(char letter)
{
	static uint8_t room[4096];
	struct netcall_listing_begin begin = { .source = letter == 'X' ? lab :
	    corp, .mode = letter == '0' ? 0 : NETCALL_FULL };
	const struct netcall_user user = { .active = 1,
	    .object_id = aia_span_str(letter == 'u' ? "" : "id"),
	    .name = aia_span_str("ada") };
	const struct netcall_group group = { .object_id = user.object_id,
	    .name = user.name };
	const struct netcall_gone gone = { .object_id = user.object_id };
	const struct netcall_result result = { .outcome = NETCALL_OK };
	const struct netcall_listing_end end = { .complete = 1 };
	struct netcall_members members = { .group = aia_span_str("g") };
	struct aia_wr wr;
	const struct {
		char	 letter;
		const struct aia_message *m;
		const void *in;
	} rows[] = {
		{ 'B', &netcall_m_listing_begin, &begin },
		{ 'X', &netcall_m_listing_begin, &begin },
		{ '0', &netcall_m_listing_begin, &begin },
		{ 'U', &netcall_m_user, &user },
		{ 'u', &netcall_m_user, &user },
		{ 'G', &netcall_m_group, &group },
		{ 'M', &netcall_m_member_add, &members },
		{ 'D', &netcall_m_member_del, &members },
		{ 'e', &netcall_m_member_add, &members },
		{ 'O', &netcall_m_gone, &gone },
		{ 'E', &netcall_m_listing_end, &end },
		{ 'R', &netcall_m_result, &result },
	};

	aia_wr_init(&wr, room, sizeof(room));
	for (int i = 0; i < STAGE_MEMBERS_PER_OBJECT; i++)
		aia_list_add(&wr, "member", letter == 'e' ? 0 : 6);
	assert_int_equal(aia_wr_end(&wr, &members.members.len), 0);
	members.members.p = room;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].letter == letter)
			assert_int_equal(aia_encode(rows[i].m,
			    AIA_WIRE_VERSION, rows[i].in, &pkt), 0);
}

static struct stage *
stage(void)
{
	struct stage *sg = NULL;

	assert_int_equal(stage_new(memfd_create("stage", MFD_CLOEXEC), &corp,
	    OBJECTS_MAX, &sg), 0);
	return sg;
}

static struct stream_row {
	const char *name, *stream;
	int	 want;		/* of the last packet; 0 of those before */
} stream_rows[] = {
	{ "a whole one", "BUGMDOE", 0 },
	{ "an empty one", "BE", 0 },
	{ "record before the beginning", "U", AIA_EPROTO },
	{ "end before the beginning", "E", AIA_EPROTO },
	{ "two beginnings", "BB", AIA_EPROTO },
	{ "record after the end", "BEU", AIA_EPROTO },
	{ "two ends", "BEE", AIA_EPROTO },
	{ "beginning after the end", "BEB", AIA_EPROTO },
	{ "another source", "X", AIA_EPROTO },
	{ "neither full nor delta", "0", AIA_EPROTO },
	{ "not a record", "BR", AIA_EPROTO },
	{ "empty object id", "Bu", AIA_EPROTO },
	{ "empty member id", "Be", AIA_EPROTO },
	{ "as many objects as may be", "BUGO", 0 },
	{ "one object more", "BUGOU", -EFBIG },
	{ "as many members as may be", "BMMD", 0 },
	{ "one packet of members more", "BMMMD", -EFBIG },
};

static void
stream(void **state)
{
	const struct stream_row *row = *state;
	struct stage *sg = stage();
	size_t len = strlen(row->stream), n_records = 0;
	struct stage_record rec;
	int r;

	for (size_t i = 0; i < len; i++) {
		packet(row->stream[i]);
		assert_int_equal(stage_packet(sg, &pkt),
		    i + 1 < len ? 0 : row->want);
	}
	if (row->want == 0) {
		assert_int_equal(stage_rewind(sg), 0);
		while ((r = stage_next(sg, &rec)) > 0)
			n_records++;
		assert_int_equal(r, 0);
		assert_int_equal(n_records, strspn(row->stream + 1, "UGMDO"));
	}
	stage_free(sg);
}

static void
truncated(void **state)
{
	static const char letters[] = "BUGMDOE";

	(void)state;
	for (size_t i = 0; i < strlen(letters); i++) {
		packet(letters[i]);
		for (size_t whole = pkt.len; pkt.len > 2;) {
			struct stage *sg = stage();
			struct aia_packet *begin = NULL;

			pkt.len--;
			if (i > 0) {
				begin = malloc(sizeof(*begin));
				assert_non_null(begin);
				*begin = pkt;
				packet('B');
				assert_int_equal(stage_packet(sg, &pkt), 0);
				pkt = *begin;
			}
			assert_true(pkt.len < whole);
			assert_int_equal(stage_packet(sg, &pkt), AIA_EPROTO);
			stage_free(sg);
			free(begin);
		}
	}
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(stream_rows) + 1] = {
		cmocka_unit_test(truncated),
	};

	for (size_t i = 0; i < ARRAY_LEN(stream_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = stream_rows[i].name, .test_func = stream,
		    .initial_state = &stream_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
