/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_apply.c - what a listing changes: explicit statements at once, absence
 * only where it means something, and held when there is much of it.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/keeper/derive.h"
#include "base/netcall.h"
#include "tests/keeper_world.h"

static int
setup(void **state)
{
	*state = world_new();
	return 0;
}

static int
teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* Users first..last of a company: id "n7", name "u7", uid 200007. */
static void
put_users(struct world *w, unsigned first, unsigned last, bool active)
{
	char id[16], name[16];

	for (unsigned i = first; i <= last; i++) {
		(void)snprintf(id, sizeof(id), "n%u", i);
		(void)snprintf(name, sizeof(name), "u%u", i);
		world_user(w, id, name, 200000 + i, active);
	}
}

static int64_t
list_users(struct world *w, unsigned first, unsigned last, bool confirm)
{
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, first, last, true);
	return world_end(w, true, confirm);
}

static bool
is_active(struct world *w, const char *name)
{
	struct aia_name n = world_name(name);
	const struct aia_snapshot *snap = world_snapshot(w);
	struct aia_snap_user user;
	char shell[AIA_SNAP_TEXT_LEN_MAX + 1];

	assert_int_equal(aia_snap_user_by_name(snap, &n, &user), 0);
	assert_int_equal(aia_snap_text_get(snap, &user.shell, shell), 0);
	return strcmp(shell, DERIVE_NOLOGIN) != 0;
}

static void
everybody_disabled(void **state)
{
	struct world *w = *state;

	assert_int_equal(list_users(w, 1, 100, false), 0);
	assert_true(is_active(w, "u1"));
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 100, false);
	assert_int_equal(world_end(w, true, false), 0);
	for (unsigned i = 1; i <= 100; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "u%u", i);
		assert_false(is_active(w, name));
	}
}

/* 21 of 100 vanish, one of the others is disabled, in the same listing. */
static void
shrink_held_then_confirmed(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 100, false);
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 1, false);
	put_users(w, 2, 79, true);
	world_user(w, "new", "newcomer", 201000, true);
	assert_int_equal(world_end(w, true, false), 21);
	assert_int_equal(world_uid(w, "u100"), 200100);
	assert_true(is_active(w, "u100"));
	assert_false(is_active(w, "u1"));
	assert_int_equal(world_uid(w, "newcomer"), 201000);

	/* What is held is what was seen; more of it needs seeing first. */
	assert_int_equal(list_users(w, 1, 40, true), 40);
	assert_int_equal(world_uid(w, "u100"), 0);
	assert_int_equal(world_uid(w, "u41"), 200041);
	assert_int_equal(list_users(w, 1, 40, true), 0);
	assert_int_equal(world_uid(w, "u41"), 0);
	assert_int_equal(world_uid(w, "u40"), 200040);
}

static struct shrink_row {
	const char *name;
	unsigned before, after;	/* users */
	int64_t	 held;
} shrink_rows[] = {
	{ "20 of 100 vanish", 100, 80, 0 },
	{ "21 of 100 vanish", 100, 79, 21 },
	{ "10 of 10 vanish", 10, 0, 0 },
	{ "11 of 11 vanish", 11, 0, 11 },
	{ "11 of 54 vanish", 54, 43, 11 },
	{ "11 of 55 vanish", 55, 44, 0 },
	{ "200 of 1000 vanish", 1000, 800, 0 },
	{ "201 of 1000 vanish", 1000, 799, 201 },
};

static void
shrink(void **state)
{
	const struct shrink_row *row = *state;
	struct world *w = world_new();

	(void)list_users(w, 1, row->before, false);
	assert_int_equal(list_users(w, 1, row->after, false), row->held);
	assert_int_equal(world_snapshot(w)->info.n_users, row->held > 0 ?
	    row->before : row->after);
	world_free(w);
}

static void
held_comes_back(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 100, false);
	assert_int_equal(list_users(w, 1, 50, false), 50);
	assert_int_equal(list_users(w, 1, 95, false), 0);
	assert_int_equal(world_uid(w, "u95"), 200095);
	assert_int_equal(world_uid(w, "u96"), 0);
}

/* A listing whose objects all have other ids than yesterday. */
static void
held_keeps_its_name(void **state)
{
	struct world *w = *state;
	char id[16], name[16];

	(void)list_users(w, 1, 100, false);
	world_begin(w, 0, NETCALL_FULL);
	for (unsigned i = 1; i <= 100; i++) {
		(void)snprintf(id, sizeof(id), "other%u", i);
		(void)snprintf(name, sizeof(name), "u%u", i);
		world_user(w, id, name, 300 * 1000 + 70000 + i, true);
	}
	assert_int_equal(world_end(w, true, false), 100);
	assert_int_equal(world_uid(w, "u50"), 200050);
	assert_string_equal(world_reason(w, "other50"), "name-shadowed");
}

/* It is gone, and was refused before: nothing that holding would protect. */
static void
held_but_refused(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "bad", "eva", 0, true);
	put_users(w, 1, 20, true);
	(void)world_end(w, true, false);
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "good", "eva", 200100, true);
	assert_int_equal(world_end(w, true, false), 21);
	assert_int_equal(world_uid(w, "eva"), 200100);
}

/* Nothing of these says that anybody is gone. */
static struct missing_row {
	const char *name;
	uint32_t mode;
	bool	 complete;
} missing_rows[] = {
	{ "partial full listing", NETCALL_FULL, false },
	{ "delta", NETCALL_DELTA, true },
	{ "partial delta", NETCALL_DELTA, false },
};

static void
missing_means_nothing(void **state)
{
	const struct missing_row *row = *state;
	struct world *w = world_new();

	(void)list_users(w, 1, 20, false);
	world_begin(w, 0, row->mode);
	put_users(w, 1, 1, false);
	assert_int_equal(world_end(w, row->complete, false), 0);
	assert_int_equal(world_snapshot(w)->info.n_users, 20);
	assert_false(is_active(w, "u1"));
	assert_true(is_active(w, "u2"));
	world_free(w);
}

/* It broke off: what takes away counts, what gives does not. */
static void
broken_off(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 3, true);
	world_group(w, "g", "team", 210000, "n1 n2");
	(void)world_end(w, true, false);

	world_begin(w, 0, NETCALL_DELTA);
	world_user(w, "n1", "renamed", 200001, false);
	world_user(w, "n4", "u4", 200004, true);
	world_gone(w, "n3");
	world_member(w, true, "g", "n3");
	world_member(w, false, "g", "n2");
	world_break(w);
	assert_false(is_active(w, "u1"));
	assert_int_equal(world_uid(w, "renamed"), 0);
	assert_int_equal(world_uid(w, "u4"), 0);
	assert_int_equal(world_uid(w, "u3"), 0);
	assert_false(world_in_group(w, "u2", 210000));
}

static void
gone_is_never_held(void **state)
{
	struct world *w = *state;
	char id[16];

	(void)list_users(w, 1, 100, false);
	world_begin(w, 0, NETCALL_DELTA);
	for (unsigned i = 1; i <= 90; i++) {
		(void)snprintf(id, sizeof(id), "n%u", i);
		world_gone(w, id);
	}
	assert_int_equal(world_end(w, true, false), 0);
	assert_int_equal(world_snapshot(w)->info.n_users, 10);
}

static void
memberships(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	world_group(w, "top", "top", 210000, "mid n1");
	world_group(w, "mid", "mid", 0, "low");
	world_group(w, "low", "low", 210002, "n2 top nobody");	/* a loop */
	put_users(w, 1, 3, true);
	(void)world_end(w, true, false);
	assert_true(world_in_group(w, "u1", 210000));
	assert_true(world_in_group(w, "u2", 210000));
	assert_true(world_in_group(w, "u2", 210002));
	assert_true(world_in_group(w, "u1", 210002));	/* by the loop */
	assert_false(world_in_group(w, "u3", 210000));

	/* A full listing gives all members, a delta adds and takes. */
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 3, true);
	world_group(w, "top", "top", 210000, "mid");
	world_member(w, true, "top", "n3");
	world_group(w, "mid", "mid", 0, "low");
	world_group(w, "low", "low", 210002, "n2");
	(void)world_end(w, true, false);
	assert_false(world_in_group(w, "u1", 210000));
	assert_true(world_in_group(w, "u3", 210000));
	world_begin(w, 0, NETCALL_DELTA);
	world_member(w, false, "mid", "low");
	world_member(w, true, "low", "n1");
	(void)world_end(w, true, false);
	assert_false(world_in_group(w, "u2", 210000));
	assert_true(world_in_group(w, "u1", 210002));
	assert_true(world_in_group(w, "u2", 210002));
}

static void
inactive_in_no_group(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "n1", "u1", 200001, false);
	world_group(w, "g", "team", 210000, "n1");
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "u1"), 200001);
	assert_int_equal(world_gid(w, "u1"), 200001);
	assert_false(world_in_group(w, "u1", 210000));
}

static void
changed_id_waits(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 2, false);
	for (int i = 0; i < 2; i++) {
		world_begin(w, 0, NETCALL_FULL);
		world_user(w, "n1", "u1", 200500, true);
		put_users(w, 2, 2, true);
		(void)world_end(w, true, false);
		assert_int_equal(world_uid(w, "u1"), 200001);
		assert_string_equal(world_reason(w, "n1"), "id-changed");
	}
	/* Another number than the one that was reported is not agreed to. */
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "n1", "u1", 200600, true);
	put_users(w, 2, 2, true);
	(void)world_end(w, true, true);
	assert_int_equal(world_uid(w, "u1"), 200001);
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "n1", "u1", 200600, true);
	put_users(w, 2, 2, true);
	(void)world_end(w, true, true);
	assert_int_equal(world_uid(w, "u1"), 200600);
	assert_string_equal(world_reason(w, "n1"), "");
	/* The old one is nobody else's, now or ever. */
	world_begin(w, 0, NETCALL_DELTA);
	world_user(w, "n9", "u9", 200001, true);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "u9"), 0);
	assert_string_equal(world_reason(w, "n9"), "id-taken");
}

static void
changed_to_a_bad_id(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 2, false);
	for (int i = 0; i < 3; i++) {
		world_begin(w, 0, NETCALL_FULL);
		world_user(w, "n1", "u1", i == 2 ? 200002 : 0, true);
		put_users(w, 2, 2, true);
		(void)world_end(w, true, i > 0);
		assert_int_equal(world_uid(w, "u1"), 200001);
		assert_string_equal(world_reason(w, "n1"), "id-changed");
	}
}

/* An id outlives its identity, and the database is closed in between. */
static void
id_never_given_again(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 3, false);
	world_begin(w, 0, NETCALL_DELTA);
	world_gone(w, "n2");
	(void)world_end(w, true, false);
	world_restart(w);
	world_begin(w, 1, NETCALL_FULL);
	world_user(w, "x", "x", 200002, true);
	world_group(w, "y", "y", 200003, NULL);
	(void)world_end(w, true, false);
	assert_string_equal(world_reason(w, "x"), "id-taken");
	assert_string_equal(world_reason(w, "y"), "id-taken");
	/* The same identity gets it again, by another name. */
	world_begin(w, 0, NETCALL_DELTA);
	world_user(w, "n2", "again", 200002, true);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "again"), 200002);
}

static void
two_swap_names(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 2, false);
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "n1", "u2", 200001, true);
	world_user(w, "n2", "u1", 200002, true);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "u2"), 200001);
	assert_int_equal(world_uid(w, "u1"), 200002);
}

static void
first_source_first(void **state)
{
	struct world *w = *state;

	world_begin(w, 1, NETCALL_FULL);
	world_user(w, "b", "ada", 200050, true);
	world_group(w, "gb", "team", 210050, NULL);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "ada"), 200050);
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "a", "ada", 200051, true);
	world_group(w, "ga", "Team", 210051, NULL);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "ada"), 200051);
	assert_int_equal(world_gid(w, "team"), 210051);
	assert_string_equal(world_reason(w, "b"), "name-shadowed");
	assert_string_equal(world_reason(w, "gb"), "name-shadowed");
}

static void
object_changes_kind(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 1, true);
	world_group(w, "n2", "team", 210000, "n1");
	(void)world_end(w, true, false);
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 1, true);
	world_user(w, "n2", "person", 210000, true);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "person"), 210000);
	assert_int_equal(world_gid(w, "team"), 0);
	assert_false(world_in_group(w, "u1", 210000));
}

static void
local_accounts_win(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 2, false);
	world_etc(w, "passwd", "root:x:0:0::/root:/bin/sh\n"
	    "u1:x:1001:1001::/home/u1:/bin/sh\n");
	update_local(&w->up);
	assert_int_equal(world_uid(w, "u1"), 0);
	assert_int_equal(world_uid(w, "u2"), 200002);
	assert_string_equal(world_reason(w, "n1"), "name-local");
	world_etc(w, "passwd", "root:x:0:0::/root:/bin/sh\n");
	update_local(&w->up);
	assert_int_equal(world_uid(w, "u1"), 200001);
	/* Who cannot tell what is local publishes nothing. */
	assert_int_equal(remove(w->paths.passwd), 0);
	update_local(&w->up);
	assert_true(w->up.behind);
	assert_int_equal(world_uid(w, "u1"), 200001);
}

static void
source_taken_away(void **state)
{
	struct world *w = *state;

	(void)list_users(w, 1, 2, false);
	world_begin(w, 1, NETCALL_FULL);
	world_user(w, "x", "x", 200050, true);
	(void)world_end(w, true, false);
	w->conf.n_sources = 1;
	world_restart(w);
	update_local(&w->up);
	assert_int_equal(world_uid(w, "x"), 0);
	assert_int_equal(world_uid(w, "u1"), 200001);
}

/* Nothing new: no rebuilding, and the snapshot stays. */
static void
same_again(void **state)
{
	struct world *w = *state;
	uint64_t generation;

	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 5, true);
	world_group(w, "g", "team", 210000, "n1 n2 n1");
	(void)world_end(w, true, false);
	generation = world_snapshot(w)->info.generation;
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 5, true);
	world_group(w, "g", "team", 210000, "n2 n1");
	(void)world_end(w, true, false);
	assert_int_equal(world_snapshot(w)->info.generation, generation);
	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 5, true);
	world_group(w, "g", "team", 210000, "n2");
	(void)world_end(w, true, false);
	assert_int_equal(world_snapshot(w)->info.generation, generation + 1);
}

/* A group on several pages, with others between, and a user renamed meanwhile:
 * the last word counts, and members are those of all pages. */
static void
merging(void **state)
{
	struct world *w = *state;

	world_begin(w, 0, NETCALL_FULL);
	put_users(w, 1, 5, true);
	world_group(w, "g", "team", 210000, "n4 n5");
	(void)world_end(w, true, false);
	world_begin_merging(w, 0);
	put_users(w, 1, 4, true);
	world_group(w, "g", "team", 210000, "n1 n2");
	world_group(w, "h", "other", 210001, NULL);
	world_group(w, "g", "crew", 210000, "n3");
	world_member(w, false, "g", "n2");
	world_user(w, "n4", "fourth", 200004, true);
	world_gone(w, "n1");
	(void)world_end(w, true, false);
	assert_int_equal(world_gid(w, "team"), 0);
	assert_int_equal(world_gid(w, "crew"), 210000);
	assert_int_equal(world_uid(w, "fourth"), 200004);
	assert_int_equal(world_uid(w, "u4"), 0);
	assert_int_equal(world_uid(w, "u1"), 0);
	assert_int_equal(world_uid(w, "u5"), 0);
	assert_true(world_in_group(w, "u3", 210000));
	assert_false(world_in_group(w, "u2", 210000));
	assert_false(world_in_group(w, "fourth", 210000));
}

/* But not one id for a user and a group. */
static void
merging_two_kinds(void **state)
{
	struct world *w = *state;

	world_begin_merging(w, 0);
	world_user(w, "x", "ada", 200001, true);
	world_group(w, "x", "ada", 210000, NULL);
	(void)world_end(w, true, false);
	assert_int_equal(world_uid(w, "ada"), 0);
	assert_string_equal(world_reason(w, "x"), "defect");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest plain[] = {
		TEST(everybody_disabled), TEST(shrink_held_then_confirmed),
		TEST(held_comes_back), TEST(held_keeps_its_name),
		TEST(held_but_refused),
		TEST(broken_off), TEST(gone_is_never_held), TEST(memberships),
		TEST(inactive_in_no_group), TEST(changed_id_waits),
		TEST(changed_to_a_bad_id), TEST(id_never_given_again),
		TEST(two_swap_names), TEST(first_source_first),
		TEST(object_changes_kind), TEST(local_accounts_win),
		TEST(source_taken_away), TEST(same_again), TEST(merging),
		TEST(merging_two_kinds),
	};
	struct CMUnitTest rows[ARRAY_LEN(shrink_rows) +
	    ARRAY_LEN(missing_rows)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(shrink_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = shrink_rows[i].name,
		    .test_func = shrink, .initial_state = &shrink_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(missing_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = missing_rows[i].name,
		    .test_func = missing_means_nothing,
		    .initial_state = &missing_rows[i] };
	return cmocka_run_group_tests(plain, NULL, NULL) +
	    cmocka_run_group_tests(rows, NULL, NULL);
}
