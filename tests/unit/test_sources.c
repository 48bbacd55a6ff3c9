/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sources.c - two sources: what the later one claims takes nothing from
 * the earlier one, whichever was listed first.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/keeper/directory.h"
#include "tests/keeper_world.h"

/* Sources 0 and 1: "corp" and "lab". */
static void
corp(struct world *w)
{
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "c-ada", "ada", 200001, true);
	world_user(w, "c-ben", "ben", 200002, true);
	world_group(w, "c-fin", "finance", 210000, "c-ada");
	world_group(w, "same", "admins", 0, "c-ada");
	assert_int_equal(world_end(w, true, false), 0);
}

/* Somebody who would like to be in corp's place. */
static void
lab(struct world *w)
{
	world_begin(w, 1, NETCALL_FULL);
	world_user(w, "l-ada", "ada", 200101, true);
	world_user(w, "l-eve", "eve", 200002, true);
	world_user(w, "l-kim", "kim", 200103, true);
	world_group(w, "l-ben", "ben", 210101, "l-kim");
	world_group(w, "l-fin", "finance", 210102, "l-kim");
	world_group(w, "l-gid", "money", 210000, "l-kim");
	world_group(w, "same", "admins", 0, "l-kim");
	assert_int_equal(world_end(w, true, false), 0);
}

static int
role_note(const struct dir_role *role, void *arg)
{
	char *all = arg;
	size_t len = strlen(all);

	(void)snprintf(all + len, 64 - len, "%s%s ", role->text,
	    role->ambiguous ? "!" : "");
	return 0;
}

static void
has_roles(struct world *w, const char *user, const char *want)
{
	const struct aia_name name = world_name(user);
	struct directory *d = NULL;
	struct dir_user u;
	char all[64] = "";

	assert_int_equal(directory_open(&w->paths, &d), 0);
	assert_int_equal(directory_user_by_name(d, &name, &u), 0);
	assert_int_equal(directory_roles(d, &u.who, role_note, all), 0);
	directory_close(d);
	assert_string_equal(all, want);
}

static void
earlier_stands(struct world *w)
{
	assert_int_equal(world_uid(w, "ada"), 200001);
	assert_int_equal(world_uid(w, "kim"), 200103);
	assert_int_equal(world_gid(w, "finance"), 210000);
	assert_false(world_in_group(w, "kim", 210000));
	assert_string_equal(world_reason(w, "c-ada"), "");
	assert_string_equal(world_reason(w, "l-ada"), "name-shadowed");
	assert_string_equal(world_reason(w, "l-fin"), "name-shadowed");
	has_roles(w, "ada", "admins finance ");
	has_roles(w, "kim", "admins! ben finance! money ");
}

static void
listed_in_order(void **state)
{
	struct world *w = world_new();

	(void)state;
	corp(w);
	lab(w);
	earlier_stands(w);
	assert_string_equal(world_reason(w, "c-ben"), "");
	assert_int_equal(world_uid(w, "ben"), 200002);
	assert_string_equal(world_reason(w, "l-eve"), "id-taken");
	assert_string_equal(world_reason(w, "l-gid"), "id-taken");
	assert_string_equal(world_reason(w, "l-ben"), "name-of-user");
	world_free(w);
}

/* The later source was there alone for a while: names move, ids do not. */
static void
listed_the_other_way(void **state)
{
	struct world *w = world_new();

	(void)state;
	lab(w);
	assert_int_equal(world_uid(w, "ada"), 200101);
	has_roles(w, "kim", "admins ben finance money ");
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "c-ada", "ada", 200001, true);
	world_group(w, "c-fin", "finance", 210500, "c-ada");
	world_group(w, "same", "admins", 0, "c-ada");
	assert_int_equal(world_end(w, true, false), 0);
	assert_int_equal(world_uid(w, "ada"), 200001);
	assert_int_equal(world_gid(w, "finance"), 210500);
	assert_string_equal(world_reason(w, "l-ada"), "name-shadowed");
	has_roles(w, "ada", "admins finance ");
	has_roles(w, "kim", "admins! ben finance! money ");
	world_free(w);
}

/* A pinned role is the earliest source's, though both use one object id. */
static void
pinned(void **state)
{
	struct world *w = world_new();
	struct conf_role *role = &w->conf.roles[w->conf.n_roles++];

	(void)state;
	(void)snprintf(role->label, sizeof(role->label), "admins");
	(void)snprintf(role->name, sizeof(role->name), "admins");
	(void)snprintf(role->object_id, sizeof(role->object_id), "same");
	lab(w);
	corp(w);
	has_roles(w, "ada", "admins finance ");
	has_roles(w, "kim", "admins! ben finance! money ");
	world_free(w);
}

static void
primary_group(void **state)
{
	const struct netcall_user m = {
		.has = AIA_BIT(NETCALL_USER_F_UID) |
		    AIA_BIT(NETCALL_USER_F_GID), .active = 1,
		.object_id = aia_span_str("l-mal"), .uid = 200110,
		.name = aia_span_str("mal"), .gid = 210000,
	};
	struct world *w = world_new();

	(void)state;
	corp(w);
	world_begin(w, 1, NETCALL_FULL);
	world_put(w, &netcall_m_user, &m);
	assert_int_equal(world_end(w, true, false), 0);
	assert_string_equal(world_reason(w, "l-mal"), "group-unknown");
	assert_int_equal(world_uid(w, "mal"), 0);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(listed_in_order),
		cmocka_unit_test(listed_the_other_way),
		cmocka_unit_test(pinned), cmocka_unit_test(primary_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
