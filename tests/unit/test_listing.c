/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_listing.c - walking pages of servers that behave, and that do not.
 */
#include "config.h"

#include "netd/idp/listing.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NO_TOTAL (-1)

/* A server of 'there' users, u1 and so on, in pages of 'page'. */
static struct walk_row {
	const char *name;
	uint64_t there, page;
	int64_t total;		/* what it says */
	int total_on;		/* the only page that says it; 0: every one */
	int64_t grows;		/* the total, by this with each page */
	uint64_t shift;		/* each page begins so much too early */
	bool ignores_start;	/* every page is the first one */
	bool no_ids;
	int fails_at;		/* the fetch that fails; 0: none */
	int fails_by;		/* if not AIA_EOFFLINE */
	uint32_t by_cursor;	/* 0: by index */
	bool no_end;		/* nextCursor on the last page, too */
	bool same_cursor;	/* always the same one */
	const char *cursor;	/* instead of any, on the second page */
	int want;
	uint64_t want_users;
	int want_fetches;
	const char *partial;	/* NULL: complete */
} walk_rows[] = {
	{ .name = "pages that fit", .there = 9, .page = 3, .total = 9,
	  .want_users = 9, .want_fetches = 3 },
	{ .name = "a last page that is short", .there = 10, .page = 3,
	  .total = 10, .want_users = 10, .want_fetches = 4 },
	{ .name = "one page", .there = 3, .page = 100, .total = 3,
	  .want_users = 3, .want_fetches = 1 },
	{ .name = "nobody", .there = 0, .page = 3, .total = 0,
	  .want_users = 0, .want_fetches = 1 },
	{ .name = "pages smaller than asked for", .there = 5, .page = 1,
	  .total = 5, .want_users = 5, .want_fetches = 5 },
	{ .name = "no stable order", .there = 9, .page = 3, .total = 9,
	  .shift = 1, .want_users = 8, .want_fetches = 3,
	  .partial = "users came twice: the server's order is not stable" },
	{ .name = "startIndex ignored", .there = 9, .page = 3, .total = 9,
	  .ignores_start = true, .want_users = 3, .want_fetches = 2,
	  .partial = "users came twice: the server's order is not stable" },
	{ .name = "total too high: a page past the end", .there = 6,
	  .page = 3, .total = 9, .want_users = 6, .want_fetches = 3,
	  .partial = "6 users came, the server spoke of 9" },
	{ .name = "total too low", .there = 6, .page = 3, .total = 2,
	  .want_users = 3, .want_fetches = 1,
	  .partial = "3 users came, the server spoke of 2" },
	{ .name = "total 0, and yet some", .there = 6, .page = 3, .total = 0,
	  .want_users = 3, .want_fetches = 1,
	  .partial = "3 users came, the server spoke of 0" },
	{ .name = "total grows", .there = 9, .page = 3, .total = 7,
	  .grows = 1, .want_users = 9, .want_fetches = 3,
	  .partial = "the number of users changed from 7 to 8" },
	{ .name = "total grows for ever", .there = 9, .page = 3, .total = 9,
	  .grows = 5, .want_users = 9, .want_fetches = 4,
	  .partial = "the number of users changed from 9 to 14" },
	{ .name = "without ids nobody can be told apart", .there = 4,
	  .page = 2, .total = 4, .no_ids = true, .want_users = 0,
	  .want_fetches = 2, .partial = "users came without an id" },
	{ .name = "without ids for ever", .there = 9, .page = 3,
	  .total = 1000000000, .no_ids = true, .ignores_start = true,
	  .want = -EFBIG, .want_fetches = 5 },
	{ .name = "as many as objects_max", .there = 12, .page = 12,
	  .total = 12, .want_users = 12, .want_fetches = 1 },
	{ .name = "more than objects_max", .there = 13, .page = 20,
	  .total = 13, .want = -EFBIG, .want_users = 12, .want_fetches = 1 },
	{ .name = "no total", .there = 3, .page = 3, .total = NO_TOTAL,
	  .want = AIA_EPROTO, .want_fetches = 1 },
	{ .name = "second page fails", .there = 9, .page = 3, .total = 9,
	  .fails_at = 2, .want = AIA_EOFFLINE, .want_users = 3,
	  .want_fetches = 2 },
	{ .name = "by cursor", .there = 9, .page = 3, .total = 9,
	  .by_cursor = 3, .want_users = 9, .want_fetches = 3 },
	{ .name = "by cursor, nobody", .there = 0, .page = 3, .total = 0,
	  .by_cursor = 3, .want_fetches = 1 },
	{ .name = "by cursor, without a total", .there = 9, .page = 3,
	  .total = NO_TOTAL, .by_cursor = 3, .want_users = 9,
	  .want_fetches = 3 },
	{ .name = "by cursor, the total on the first page only", .there = 9,
	  .page = 3, .total = 9, .total_on = 1, .by_cursor = 3,
	  .want_users = 9, .want_fetches = 3 },
	{ .name = "by cursor, the total on the last page only", .there = 9,
	  .page = 3, .total = 9, .total_on = 3, .by_cursor = 3,
	  .want_users = 9, .want_fetches = 3 },
	{ .name = "by cursor, another total on the first page only",
	  .there = 9, .page = 3, .total = 8, .total_on = 1, .by_cursor = 3,
	  .want_users = 9, .want_fetches = 3,
	  .partial = "9 users came, the server spoke of 8" },
	{ .name = "the total on the first page only", .there = 9, .page = 3,
	  .total = 9, .total_on = 1, .want = AIA_EPROTO, .want_users = 3,
	  .want_fetches = 2 },
	{ .name = "by cursor, the total is another one", .there = 9,
	  .page = 3, .total = 8, .by_cursor = 3, .want_users = 9,
	  .want_fetches = 3,
	  .partial = "9 users came, the server spoke of 8" },
	{ .name = "by cursor, which is forgotten", .there = 9, .page = 3,
	  .total = 9, .by_cursor = 3, .fails_at = 3, .fails_by = -ESTALE,
	  .want_users = 6, .want_fetches = 3,
	  .partial = "after 6 users the server did not know its cursor any "
	  "more" },
	{ .name = "by cursor, an end that does not come", .there = 9,
	  .page = 3, .total = NO_TOTAL, .by_cursor = 3, .no_end = true,
	  .want_users = 9, .want_fetches = 3 + LISTING_EMPTY_MAX + 1,
	  .partial = "the server's cursor for users does not come to an end" },
	{ .name = "by cursor, which does not move", .there = 9, .page = 3,
	  .total = NO_TOTAL, .by_cursor = 3, .same_cursor = true,
	  .want_users = 6, .want_fetches = 2,
	  .partial = "the server's cursor for users does not come to an end" },
	{ .name = "by a cursor with white space", .there = 9, .page = 3,
	  .total = 9, .by_cursor = 3, .cursor = "\"a b\"",
	  .want = AIA_EPROTO, .want_users = 6, .want_fetches = 2 },
	{ .name = "by a cursor that is a number", .there = 9, .page = 3,
	  .total = 9, .by_cursor = 3, .cursor = "6",
	  .want = AIA_EPROTO, .want_users = 6, .want_fetches = 2 },
	{ .name = "by cursor, null is none", .there = 9, .page = 3,
	  .total = 6, .by_cursor = 3, .cursor = "null",
	  .want_users = 6, .want_fetches = 2 },
};

static const struct conf_source source = { .name.s = "test",
	.objects_max = 12, .page_size = 20 };

struct rig {
	const struct walk_row *row;
	int		 n_fetches;
	uint64_t	 n_users, n_groups, n_members, n_member_adds;
	uint64_t	 n_replaced;	/* groups whose members are all */
	int		 sink_fails;	/* what put returns */
};

/* Where a page begins; of a cursor the server knows it by its name. */
static uint64_t
page_from(const struct walk_row *row, const struct listing_at *at)
{
	uint64_t from = row->ignores_start ? 0 : at->start - 1;

	if (at->cursor != NULL)
		return at->cursor[0] == '\0' ? 0 :
		    strtoull(at->cursor + 1, NULL, 10);
	return from >= row->shift && from > 0 ? from - row->shift : from;
}

static int
next_format(const struct rig *rig, uint64_t from, char *text, size_t cap)
{
	const struct walk_row *row = rig->row;
	uint64_t next = row->same_cursor ? 3 : from + row->page;

	if (row->by_cursor == 0 || (next >= row->there && !row->no_end))
		return 0;
	if (row->cursor != NULL && rig->n_fetches == 2)
		return snprintf(text, cap, ",\"nextCursor\":%s", row->cursor);
	return snprintf(text, cap, ",\"nextCursor\":\"c%llu\"",
	    (unsigned long long)next);
}

static int
fetch(void *arg, enum scim_kind kind, const struct listing_at *where,
    struct scim_page **ret)
{
	struct rig *rig = arg;
	const struct walk_row *row = rig->row;
	uint64_t from = page_from(row, where);
	static char text[4096];
	size_t at;

	(void)kind;
	assert_int_equal(where->count, row->by_cursor > 0 ? row->by_cursor :
	    source.page_size);
	assert_int_equal(where->cursor != NULL, row->by_cursor > 0);
	if (++rig->n_fetches == row->fails_at)
		return row->fails_by < 0 ? row->fails_by : AIA_EOFFLINE;
	at = (size_t)snprintf(text, sizeof(text), "{\"itemsPerPage\":100,");
	if (row->total != NO_TOTAL && (row->total_on == 0 ||
	    row->total_on == rig->n_fetches))
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    "\"totalResults\":%lld,", (long long)(row->total +
		    row->grows * (rig->n_fetches - 1)));
	at += (size_t)snprintf(text + at, sizeof(text) - at,
	    "\"Resources\":[");
	for (uint64_t i = from; i < row->there && i < from + row->page; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    "%s{\"%s\":\"u%llu\"}", i == from ? "" : ",",
		    row->no_ids ? "x" : "id", (unsigned long long)i);
	at += (size_t)snprintf(text + at, sizeof(text) - at, "]");
	at += (size_t)next_format(rig, from, text + at, sizeof(text) - at);
	at += (size_t)snprintf(text + at, sizeof(text) - at, "}");
	return scim_page_parse(text, at, ret);
}

static int
put(void *arg, const struct aia_message *m, const void *record)
{
	struct rig *rig = arg;
	struct aia_span list, id;

	if (rig->sink_fails < 0)
		return rig->sink_fails;
	rig->n_users += m == &netcall_m_user;
	if (m == &netcall_m_group) {
		rig->n_groups++;
		rig->n_replaced +=
		    ((const struct netcall_group *)record)->members_replaced;
	}
	if (m == &netcall_m_member_add) {
		list = ((const struct netcall_members *)record)->members;
		rig->n_member_adds++;
		while (aia_list_next(&list, &id))
			rig->n_members++;
	}
	return 0;
}

static void
walk(void **state)
{
	const struct walk_row *row = *state;
	struct rig rig = { .row = row };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job job = { .source = &source, .sink = &sink };
	const struct listing_pages pages = { fetch, &rig, row->by_cursor };
	struct listing *l = NULL;

	assert_int_equal(listing_new(&job, NETCALL_FULL, &l), 0);
	assert_int_equal(listing_walk(l, SCIM_USER, &pages), row->want);
	assert_int_equal(rig.n_users, row->want_users);
	assert_int_equal(rig.n_fetches, row->want_fetches);
	if (row->partial != NULL)
		assert_string_equal(feed_cause(listing_feed(l)), row->partial);
	else if (row->want == 0)
		assert_null(feed_cause(listing_feed(l)));
	listing_free(l);
}

/* A user and a group may have the same id; the second walk stays apart. */
static void
both_kinds(void **state)
{
	static const struct walk_row row = { .there = 4, .page = 3,
	    .total = 4 };
	struct rig rig = { .row = &row };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job job = { .source = &source, .sink = &sink };
	const struct listing_pages pages = { fetch, &rig, 0 };
	struct listing *l = NULL;

	(void)state;
	assert_int_equal(listing_new(&job, NETCALL_FULL, &l), 0);
	assert_int_equal(listing_walk(l, SCIM_USER, &pages), 0);
	assert_int_equal(listing_walk(l, SCIM_GROUP, &pages), 0);
	assert_int_equal(rig.n_users, 4);
	assert_int_equal(rig.n_groups, 4);
	assert_null(feed_cause(listing_feed(l)));
	listing_free(l);
}

static void
sink_says_stop(void **state)
{
	static const struct walk_row row = { .there = 4, .page = 3,
	    .total = 4 };
	struct rig rig = { .row = &row, .sink_fails = AIA_EOFFLINE };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job job = { .source = &source, .sink = &sink };
	const struct listing_pages pages = { fetch, &rig, 0 };
	struct listing *l = NULL;

	(void)state;
	assert_int_equal(listing_new(&job, NETCALL_FULL, &l), 0);
	assert_int_equal(listing_walk(l, SCIM_USER, &pages), AIA_EOFFLINE);
	assert_int_equal(rig.n_fetches, 1);
	listing_free(l);
}

/* In a delta each group says that these are all its members. */
static void
members_in_a_delta(void **state)
{
	static const enum netcall_mode modes[] = { NETCALL_FULL,
	    NETCALL_DELTA };
	static const struct walk_row row = { .there = 1, .page = 3,
	    .total = 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct rig rig = { .row = &row };
		const struct idp_sink sink = { put, &rig };
		const struct idp_job job = { .source = &source, .sink = &sink };
		const struct listing_pages pages = { fetch, &rig, 0 };
		struct listing *l = NULL;

		assert_int_equal(listing_new(&job, modes[i], &l), 0);
		assert_int_equal(listing_walk(l, SCIM_GROUP, &pages), 0);
		assert_int_equal(rig.n_groups, 1);
		assert_int_equal(rig.n_replaced, modes[i] == NETCALL_DELTA);
		listing_free(l);
	}
}

/* A group that does not fit one packet. */
static void
many_members(void **state)
{
	static char text[1 << 20];
	struct rig rig = { 0 };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job job = { .source = &source, .sink = &sink };
	struct scim_page *page = NULL;
	struct listing *l = NULL;
	size_t at = (size_t)snprintf(text, sizeof(text), "{\"Resources\":[{"
	    "\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],"
	    "\"id\":\"g\",\"displayName\":\"g\",\"members\":[{}");

	(void)state;
	for (int i = 0; i < 5000; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
		    ",{\"value\":\"%036d\"}", i);
	at += (size_t)snprintf(text + at, sizeof(text) - at,
	    "]},{\"id\":\"u\"},{\"id\":\"u\"}]}");
	assert_int_equal(scim_page_parse(text, at, &page), 0);
	assert_int_equal(listing_new(&job, NETCALL_FULL, &l), 0);
	assert_int_equal(listing_whole(l, page), 0);
	assert_int_equal(rig.n_members, 5000);
	/* 60000 / (36 + 2) members in each */
	assert_int_equal(rig.n_member_adds, 4);
	assert_int_equal(rig.n_groups, 1);
	assert_int_equal(rig.n_users, 2);	/* the keeper's to refuse */
	assert_null(feed_cause(listing_feed(l)));
	listing_free(l);
	scim_page_free(page);
}

/* A server of objects of one length; what it is asked for. */
static struct length_row {
	const char *name;
	size_t len;		/* bytes of an object */
	uint32_t page_size;
	uint32_t want[3];	/* 0: no such page */
} length_rows[] = {
	{ "short ones", 50, 1000, { 100, 1000, 1000 } },
	{ "never more than page_size", 50, 7, { 7, 7, 7 } },
	{ "long ones", 10000, 1000, { 100, 52, 52 } },
	{ "each as good as a page", 450000, 1000, { 100, 1, 1 } },
};

struct lengths {
	const struct length_row *row;
	char		*text;
	uint32_t	 counts[3];
	unsigned	 n;
};

/* Of the long ones fewer come than were asked for. */
static int
fetch_length(void *arg, enum scim_kind kind, const struct listing_at *where,
    struct scim_page **ret)
{
	struct lengths *le = arg;
	size_t cap = 3 * LISTING_PAGE_AIM;
	int at = 0;

	(void)kind;
	if (le->n == ARRAY_LEN(le->counts))
		return AIA_EOFFLINE;
	le->counts[le->n++] = where->count;
	at = snprintf(le->text, cap, "{\"totalResults\":2000,\"Resources\":[");
	for (uint32_t i = 0; i < where->count && (i == 0 ||
	    (size_t)at + le->row->len < cap); i++)
		at += snprintf(le->text + at, cap - (size_t)at,
		    "%s{\"id\":\"%06llu\",\"displayName\":\"%*s\"}",
		    i == 0 ? "" : ",", (unsigned long long)(where->start + i),
		    (int)le->row->len - 35, "x");
	at += snprintf(le->text + at, cap - (size_t)at, "]}");
	return scim_page_parse(le->text, (size_t)at, ret);
}

/* As many as make a page of the length aimed at, whatever one object takes. */
static void
page_lengths(void **state)
{
	const struct length_row *row = *state;
	const struct conf_source of_size = { .name.s = "test",
	    .objects_max = 5000, .page_size = row->page_size };
	struct rig rig = { 0 };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job sized = { .source = &of_size, .sink = &sink };
	struct lengths le = { .row = row,
	    .text = malloc(3 * LISTING_PAGE_AIM) };
	const struct listing_pages pages = { fetch_length, &le, 0 };
	struct listing *l = NULL;

	assert_non_null(le.text);
	assert_int_equal(listing_new(&sized, NETCALL_FULL, &l), 0);
	(void)!listing_walk(l, SCIM_GROUP, &pages);
	assert_memory_equal(le.counts, row->want, sizeof(le.counts));
	listing_free(l);
	free(le.text);
}

/* What a page's text lets be seen only when its turn comes. */
static void
bad_object(void **state)
{
	static const char in[] = "{\"totalResults\":2,\"Resources\":"
	    "[{\"id\":\"1\"},{x}]}";
	struct rig rig = { 0 };
	const struct idp_sink sink = { put, &rig };
	const struct idp_job job = { .source = &source, .sink = &sink };
	struct scim_page *page = NULL;
	struct listing *l = NULL;

	(void)state;
	assert_int_equal(scim_page_parse(in, strlen(in), &page), 0);
	assert_int_equal(listing_new(&job, NETCALL_FULL, &l), 0);
	assert_int_equal(listing_whole(l, page), -EBADMSG);
	assert_int_equal(rig.n_users, 1);
	listing_free(l);
	scim_page_free(page);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(walk_rows) +
	    ARRAY_LEN(length_rows) + 5] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(walk_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = walk_rows[i].name,
		    .test_func = walk, .initial_state = &walk_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(length_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = length_rows[i].name, .test_func = page_lengths,
		    .initial_state = &length_rows[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(bad_object);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(both_kinds);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(sink_says_stop);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(members_in_a_delta);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(many_members);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
