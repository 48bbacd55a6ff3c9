/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_feed.c - what goes out, in which order and how many packets.
 */
#include "config.h"

#include "netd/idp/feed.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct conf_source source = { .name.s = "test",
	.objects_max = 3 };

struct rig {
	char	 log[4096];	/* one word a record */
	int	 fails;		/* what put returns */
	struct idp_sink sink;
	struct idp_job job;
	struct feed *feed;
};

__attribute__((format(printf, 2, 3)))
static void
say(struct rig *rig, const char *format, ...)
{
	size_t len = strlen(rig->log);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(rig->log + len, sizeof(rig->log) - len, format, ap);
	va_end(ap);
}

static void
members_say(struct rig *rig, const struct aia_message *m,
    const struct netcall_members *record)
{
	struct aia_span list = record->members, item;

	say(rig, "%s %.*s:", m->name, (int)record->group.len,
	    (const char *)record->group.p);
	while (aia_list_next(&list, &item))
		say(rig, "%.*s,", (int)item.len, (const char *)item.p);
	say(rig, " ");
}

static int
put(void *arg, const struct aia_message *m, const void *record)
{
	const struct netcall_listing_begin *begin = record;
	const struct netcall_listing_end *end = record;
	struct rig *rig = arg;

	if (rig->fails < 0)
		return rig->fails;
	if (m == &netcall_m_member_add || m == &netcall_m_member_del)
		members_say(rig, m, record);
	else if (m == &netcall_m_listing_begin)
		say(rig, "BEGIN %s %u ", begin->source.s, begin->mode);
	else if (m == &netcall_m_listing_end)
		say(rig, "END %u %zu ", end->complete, end->cursor.len);
	else
		say(rig, "%s ", m->name);
	return 0;
}

static int
setup(void **state)
{
	static struct rig rig;

	rig = (struct rig){ .sink = { put, &rig } };
	rig.job = (struct idp_job){ .source = &source, .sink = &rig.sink };
	*state = &rig;
	return feed_new(&rig.job, NETCALL_FULL, &rig.feed);
}

static int
teardown(void **state)
{
	feed_free(((struct rig *)*state)->feed);
	return 0;
}

static int
member(struct rig *rig, const struct aia_message *m, const char *group,
    const char *who)
{
	return feed_member(rig->feed, m, aia_span_str(group),
	    aia_span_str(who));
}

/* Members go out together, and before whatever comes after them. */
static void
order(void **state)
{
	const struct aia_message *add = &netcall_m_member_add;
	const struct aia_message *del = &netcall_m_member_del;
	const struct netcall_listing_begin begin = { 0 };
	static const struct netcall_group group;
	static const struct netcall_gone gone;
	struct rig *rig = *state;
	struct idp_end end = { 0 };

	assert_int_equal(feed_begin(rig->feed, &begin), 0);
	assert_int_equal(feed_object(rig->feed, &netcall_m_group, &group), 0);
	assert_int_equal(member(rig, add, "g", "1"), 0);
	assert_int_equal(member(rig, add, "g", "2"), 0);
	assert_int_equal(member(rig, del, "g", "3"), 0);
	assert_int_equal(member(rig, add, "h", "4"), 0);
	assert_int_equal(feed_object(rig->feed, &netcall_m_gone, &gone), 0);
	assert_int_equal(member(rig, add, "g", "5"), 0);
	assert_int_equal(feed_end(rig->feed, aia_span_str("abc"), &end), 0);
	assert_string_equal(rig->log, "BEGIN test 1 GROUP "
	    "MEMBER_ADD g:1,2, MEMBER_DEL g:3, MEMBER_ADD h:4, GONE "
	    "MEMBER_ADD g:5, END 1 3 ");
	assert_int_equal(end.result.outcome, NETCALL_OK);
	assert_string_equal(end.text, "complete");
}

static void
first_cause(void **state)
{
	struct rig *rig = *state;
	struct idp_end end = { 0 };

	assert_null(feed_cause(rig->feed));
	feed_partial(rig->feed, "%d came", 3);
	feed_partial(rig->feed, "later");
	assert_string_equal(feed_cause(rig->feed), "3 came");
	assert_int_equal(feed_end(rig->feed, aia_span_str(""), &end), 0);
	assert_string_equal(rig->log, "END 0 0 ");
	assert_string_equal(end.text, "3 came");
}

static void
too_many(void **state)
{
	static const struct netcall_user user;
	struct rig *rig = *state;

	assert_int_equal(feed_object(rig->feed, &netcall_m_user, &user), 0);
	assert_int_equal(feed_count(rig->feed), 0);
	assert_int_equal(feed_object(rig->feed, &netcall_m_user, &user), 0);
	assert_int_equal(feed_object(rig->feed, &netcall_m_user, &user),
	    -EFBIG);
	assert_int_equal(feed_count(rig->feed), -EFBIG);
	assert_string_equal(rig->log, "USER USER ");
}

static void
seen(void **state)
{
	static char long_id[OBJECT_ID_LEN_MAX + 2];
	struct rig *rig = *state;

	memset(long_id, 'x', sizeof(long_id) - 1);
	assert_false(feed_has_seen(rig->feed, 1, aia_span_str("a")));
	assert_int_equal(feed_see(rig->feed, 1, aia_span_str("a")), 0);
	assert_true(feed_has_seen(rig->feed, 1, aia_span_str("a")));
	assert_false(feed_has_seen(rig->feed, 2, aia_span_str("a")));
	assert_int_equal(feed_see(rig->feed, 2, aia_span_str("a")), 0);
	assert_int_equal(feed_see(rig->feed, 1, aia_span_str("a")), -EEXIST);
	assert_int_equal(feed_see(rig->feed, 1, aia_span_str(long_id)),
	    -EINVAL);
	assert_int_equal(member(rig, &netcall_m_member_add, long_id, "m"),
	    -EINVAL);
	assert_int_equal(member(rig, &netcall_m_member_add, "g", long_id),
	    -EINVAL);
}

static void
sink_says_stop(void **state)
{
	const struct netcall_listing_begin begin = { 0 };
	static const struct netcall_user user;
	struct rig *rig = *state;
	struct idp_end end = { 0 };

	rig->fails = AIA_EOFFLINE;
	assert_int_equal(feed_begin(rig->feed, &begin), AIA_EOFFLINE);
	assert_int_equal(member(rig, &netcall_m_member_add, "g", "1"), 0);
	assert_int_equal(feed_object(rig->feed, &netcall_m_user, &user),
	    AIA_EOFFLINE);
	assert_int_equal(feed_end(rig->feed, aia_span_str(""), &end),
	    AIA_EOFFLINE);
	assert_int_equal(end.result.outcome, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(order, setup, teardown),
		cmocka_unit_test_setup_teardown(first_cause, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(seen, setup, teardown),
		cmocka_unit_test_setup_teardown(sink_says_stop, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
