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
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/keeper/directory.h"
#include "base/log.h"
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

/* One that is pinned to the later source is the later source's. */
static void
pinned_to_source(void **state)
{
	struct world *w = world_new();
	struct conf_role *role = &w->conf.roles[w->conf.n_roles++];

	(void)state;
	(void)snprintf(role->label, sizeof(role->label), "admins");
	(void)snprintf(role->name, sizeof(role->name), "admins");
	(void)snprintf(role->object_id, sizeof(role->object_id), "same");
	role->source = world_name("lab");
	corp(w);
	has_roles(w, "ada", "admins! finance ");
	lab(w);
	has_roles(w, "ada", "admins! finance ");
	has_roles(w, "kim", "admins ben finance! money ");
	world_free(w);
}

/* A source with ranges of its own has no others, [id] sections included. */
static void
own_ranges(void **state)
{
	struct world *w = world_new();
	struct conf_id *id = &w->conf.ids[w->conf.n_ids++];

	(void)state;
	w->conf.sources[1].ranges = (struct conf_ranges){
	    { { 200103, 200199 }, { 210102, 210102 } }, 2 };
	*id = (struct conf_id){ .source = world_name("lab"),
	    .object_id = "l-sam", .id = 200300 };
	lab(w);
	assert_string_equal(world_reason(w, "l-ada"), "id-range");
	assert_string_equal(world_reason(w, "l-eve"), "id-range");
	assert_string_equal(world_reason(w, "l-gid"), "id-range");
	assert_int_equal(world_uid(w, "kim"), 200103);
	assert_int_equal(world_gid(w, "finance"), 210102);
	corp(w);
	assert_int_equal(world_uid(w, "ben"), 200002);
	world_begin(w, 1, NETCALL_DELTA);
	world_user(w, "l-sam", "sam", 200104, true);
	assert_int_equal(world_end(w, true, false), 0);
	assert_string_equal(world_reason(w, "l-sam"), "id-range");
	world_free(w);
}

/* Names that go from one to another, and what is said about it. */

static struct move_row {
	const char	*name;
	const char	*before[2], *after[2];	/* names of p-1 and p-2; or NULL */
	const char	*later[2];		/* in a third listing; or none */
	unsigned	 said;
	const char	*text;			/* part of it */
} move_rows[] = {
	{ "rename", { "ann" }, { "amy" }, .said = 0 },
	{ "swap", { "ann", "bea" }, { "bea", "ann" }, .said = 2,
	    .text = "name=ann object_id=p-2 source=corp before=p-1 "
	    "before_source=corp" },
	{ "rename, and another takes the old name", { "ann" },
	    { "amy", "ann" }, .said = 1,
	    .text = "name=ann object_id=p-2" },
	{ "the same, one after the other", { "ann" }, { "amy" },
	    { "amy", "ann" }, .said = 1, .text = "before=p-1" },
	{ "deleted, and another comes", { "ann", "bea" }, { NULL, "bea" },
	    { NULL, "ann" }, .said = 1, .text = "before=p-1" },
	{ "deleted, and comes back", { "ann", "bea" }, { NULL, "bea" },
	    { "ann", "bea" }, .said = 0 },
	{ "said once", { "ann" }, { "amy", "ann" }, { "amy", "ann" },
	    .said = 1 },
};

static void
names_are(struct world *w, const char *const names[2])
{
	static const char *const ids[] = { "p-1", "p-2" };

	world_begin(w, 0, NETCALL_FULL);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (names[i] != NULL)
			world_user(w, ids[i], names[i],
			    (uint32_t)(200201 + i), true);
	assert_int_equal(world_end(w, true, true), 0);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (names[i] != NULL)
			assert_int_equal(world_uid(w, names[i]), 200201 + i);
}

/* What is written to stderr meanwhile; the caller frees it. */
static char *
listed_aloud(const struct move_row *row)
{
	struct world *w = world_new();
	FILE *file = tmpfile();
	int old = dup(STDERR_FILENO);
	char *text = calloc(1, 65536);

	assert_non_null(file);
	assert_non_null(text);
	(void)dup2(fileno(file), STDERR_FILENO);
	names_are(w, row->before);
	names_are(w, row->after);
	if (row->later[0] != NULL || row->later[1] != NULL)
		names_are(w, row->later);
	(void)fflush(stderr);
	(void)dup2(old, STDERR_FILENO);
	(void)close(old);
	rewind(file);
	(void)!fread(text, 1, 65535, file);
	(void)fclose(file);
	world_free(w);
	return text;
}

static void
moved(void **state)
{
	const struct move_row *row = *state;
	char *text = listed_aloud(row);
	unsigned said = 0;

	for (const char *p = text; (p = strstr(p,
	    "directory.name_passed_on kind=user ")) != NULL; p++)
		said++;
	assert_int_equal(said, row->said);
	if (row->text != NULL)
		assert_non_null(strstr(text, row->text));
	free(text);
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
	static const struct CMUnitTest plain[] = {
		cmocka_unit_test(listed_in_order),
		cmocka_unit_test(listed_the_other_way),
		cmocka_unit_test(pinned), cmocka_unit_test(pinned_to_source),
		cmocka_unit_test(own_ranges), cmocka_unit_test(primary_group),
	};
	struct CMUnitTest tests[ARRAY_LEN(plain) + ARRAY_LEN(move_rows)] = {
	    0 };

	log_init("test_sources", true);
	memcpy(tests, plain, sizeof(plain));
	for (size_t i = 0; i < ARRAY_LEN(move_rows); i++)
		tests[ARRAY_LEN(plain) + i] = (struct CMUnitTest){
		    .name = move_rows[i].name, .test_func = moved,
		    .initial_state = &move_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
