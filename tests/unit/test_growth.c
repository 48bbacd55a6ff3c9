/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_growth.c - which growth of a role is an alarm, and that its members have
 * the local group all the same.
 */
#include "config.h"

#include "aiauthd/keeper/growth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/netcall.h"
#include "tests/keeper_world.h"

#define H 3600
#define GONE (-1)	/* not counted: the role is not there */
#define RENDER2 901u	/* the world's local group */

static struct growth_row {
	const char *name;
	struct { int64_t at_s, members; } steps[6];
	size_t	n;
	int64_t	grew_s, grew_from;	/* afterwards */
} growth_rows[] = {
	{ "first count", { { 1, 50 } }, 1, 0, 0 },
	{ "twice as many", { { 1, 50 }, { 2, 100 } }, 2, 0, 0 },
	{ "more than twice", { { 1, 50 }, { 2, 101 } }, 2, 2, 50 },
	{ "by five", { { 1, 1 }, { 2, 6 } }, 2, 0, 0 },
	{ "by six", { { 1, 1 }, { 2, 7 } }, 2, 2, 1 },
	{ "from nobody", { { 1, 0 }, { 2, 6 } }, 2, 2, 0 },
	{ "in small steps", { { 1, 10 }, { 2, 14 }, { 3, 18 }, { 4, 21 } },
	    4, 4, 10 },
	{ "in small steps over two days", { { 1, 10 }, { 20 * H, 15 },
	    { 40 * H, 21 }, { 50 * H, 29 } }, 4, 0, 0 },
	{ "at once after a quiet month", { { 1, 10 }, { 720 * H, 40 } },
	    2, 720 * H, 10 },
	{ "again counts from there", { { 1, 10 }, { 2, 40 }, { 3, 79 } },
	    3, 2, 10 },
	{ "a second alarm", { { 1, 10 }, { 2, 40 }, { 3, 81 } }, 3, 3, 40 },
	{ "shrinks and grows back", { { 1, 30 }, { 2, 10 }, { 3, 30 } },
	    3, 3, 10 },
	{ "goes and comes back", { { 1, 30 }, { 2, GONE }, { 3, 30 } },
	    3, 3, 0 },
	{ "the clock is set back", { { 50 * H, 10 }, { H, 15 }, { 2 * H, 21 } },
	    3, 2 * H, 10 },
};

static void
growth(void **state)
{
	const struct growth_row *row = *state;
	struct world *w = world_new();
	struct growth_count counts[2] = { { "other", 3 }, { "gpu", 0 } };
	struct growth got;

	for (size_t i = 0; i < row->n; i++) {
		counts[1].members = row->steps[i].members;
		assert_int_equal(growth_note(w->up.db, counts,
		    counts[1].members == GONE ? 1 : 2, row->steps[i].at_s), 0);
	}
	assert_int_equal(growth_get(w->up.db, "gpu", &got), 0);
	assert_int_equal(got.members, counts[1].members);
	assert_int_equal(got.grew_s, row->grew_s);
	assert_int_equal(got.grew_from, row->grew_from);
	assert_int_equal(growth_get(w->up.db, "other", &got), 0);
	assert_int_equal(got.grew_s, 0);
	assert_int_equal(growth_get(w->up.db, "never", &got), AIA_ENOUSER);
	world_free(w);
}

static void
role_pin(struct world *w, size_t at, const char *label, const char *object_id)
{
	struct conf_role *role = &w->conf.roles[at];

	(void)snprintf(role->label, sizeof(role->label), "%s", label);
	(void)snprintf(role->name, sizeof(role->name), "GPU %s", object_id);
	(void)snprintf(role->object_id, sizeof(role->object_id), "%s",
	    object_id);
	role->local_group = world_name("render2");
	w->conf.n_roles = at + 1;
}

/* Users u0..u19; g1 has the first n1 of them, g2 those from 'from2' on. */
static void
list(struct world *w, unsigned n1, unsigned from2)
{
	char id[16];

	world_begin(w, 0, NETCALL_FULL);
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(id, sizeof(id), "u%u", i);
		world_user(w, id, id, 200000 + i, i != 0);
	}
	world_group(w, "g1", "GPU g1", 0, NULL);
	for (unsigned i = 0; i < n1; i++) {
		(void)snprintf(id, sizeof(id), "u%u", i);
		world_member(w, true, "g1", id);
	}
	world_group(w, "g2", "GPU g2", 0, NULL);
	for (unsigned i = from2; i < 20; i++) {
		(void)snprintf(id, sizeof(id), "u%u", i);
		world_member(w, true, "g2", id);
	}
	assert_int_equal(world_end(w, true, false), 0);
}

static void
expect(struct world *w, const char *label, int64_t members, int64_t from)
{
	struct growth got;

	assert_int_equal(growth_get(w->up.db, label, &got), 0);
	assert_int_equal(got.members, members);
	assert_int_equal(got.grew_from, from);
	assert_int_equal(got.grew_s != 0, from != 0);
}

/* Two roles give one group: each is counted, who is in both has it once. */
static void
through_listings(void **state)
{
	struct world *w = world_new();

	(void)state;
	role_pin(w, 0, "one", "g1");
	role_pin(w, 1, "two", "g2");
	list(w, 5, 3);
	expect(w, "one", 4, 0);		/* u0 is not active */
	expect(w, "two", 17, 0);
	list(w, 10, 3);
	expect(w, "one", 9, 0);
	list(w, 14, 18);
	expect(w, "one", 13, 4);
	expect(w, "two", 2, 0);
	assert_false(world_in_group(w, "u0", RENDER2));
	assert_true(world_in_group(w, "u13", RENDER2));
	assert_false(world_in_group(w, "u14", RENDER2));
	assert_true(world_in_group(w, "u19", RENDER2));
	world_free(w);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(growth_rows) + 1] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(growth_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = growth_rows[i].name,
		    .test_func = growth, .initial_state = &growth_rows[i] };
	tests[ARRAY_LEN(growth_rows)] = (struct CMUnitTest){
	    .name = "through listings", .test_func = through_listings };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
