/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_reserved.c - what belongs to the machine, also where its files are odd.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/keeper/reserved.h"
#include "tests/keeper_world.h"

static struct world *w;
static struct reserved *rs;

static int
setup(void **state)
{
	static const uint32_t own[] = { 4242 };

	(void)state;
	w = world_new();
	world_etc(w, "passwd", "root:x:0:0::/root:/bin/sh\n"
	    "\n# comment\n+::::::\nnoid:x:\nnouid:x:abc:500::/:/bin/sh\n"
	    "Upper:x:600:601::/:/bin/sh\nhuge:x:99999999999:1::/:/bin/sh\n"
	    "plus:x:+5:-6::/:/bin/sh\nlast:x:700:701");
	world_etc(w, "group", "audio:x:29:\nonly\nlast:x:800:ada\n");
	world_etc(w, "subuid", "a:1000000:10\nb:1000005:20\nc:5:0\n"
	    "d:4294967290:100\nx:y:z\nbob:2000000:1\n");
	world_etc(w, "subgid", "a:3000000:65536\n");
	return reserved_read(&w->paths, &w->conf.protected_groups, own,
	    ARRAY_LEN(own), &rs);
}

static int
teardown(void **state)
{
	(void)state;
	reserved_free(rs);
	world_free(w);
	return 0;
}

static struct id_row { uint32_t id; bool want; } id_rows[] = {
	{ 0, true }, { 1, true }, { 2, false }, { 5, false }, { 6, false },
	{ 29, true }, { 500, true }, { 600, true }, { 601, true },
	{ 700, true }, { 701, true }, { 702, false }, { 800, true },
	{ 4242, true }, { 4241, false }, { 999999, false }, { 1000000, true },
	{ 1000009, true }, { 1000024, true }, { 1000025, false },
	{ 2000000, true }, { 2000001, false }, { 2999999, false },
	{ 3000000, true }, { 3065535, true }, { 3065536, false },
	{ 4294967289, false }, { 4294967290, true }, { 4294967295, true },
};

static struct name_row {
	const char *name;
	bool local, protected;
} name_rows[] = {
	{ "root", true, true }, { "noid", true, false },
	{ "nouid", true, false }, { "huge", true, false },
	{ "plus", true, false }, { "last", true, false },
	{ "audio", true, false }, { "only", true, false },
	{ "upper", false, false }, { "ada", false, false },
	{ "docker", false, true }, { "render", false, true },
	{ "hpc-root", false, true }, { "aiauth-net", false, true },
	{ "aiauth-keys", false, true },
};

static void
ids(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(id_rows); i++) {
		print_message("id %u\n", id_rows[i].id);
		assert_int_equal(reserved_has_id(rs, id_rows[i].id),
		    id_rows[i].want);
	}
}

static void
names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++) {
		struct aia_name name = world_name(name_rows[i].name);

		print_message("name %s\n", name.s);
		assert_int_equal(reserved_is_local(rs, &name),
		    name_rows[i].local);
		assert_int_equal(reserved_is_protected(rs, &name),
		    name_rows[i].protected);
	}
}

static void
groups(void **state)
{
	struct aia_name last = world_name("last"), only = world_name("only"),
	    nouid = world_name("nouid");
	uint32_t gid = 0;

	(void)state;
	assert_int_equal(reserved_group(rs, &last, &gid), 0);
	assert_int_equal(gid, 800);
	assert_int_equal(reserved_group(rs, &only, &gid), AIA_ENOUSER);
	assert_int_equal(reserved_group(rs, &nouid, &gid), AIA_ENOUSER);
}

static struct file_row {
	const char *name, *file;
	int	 want;
} file_rows[] = {
	{ "no passwd", "passwd", -ENOENT }, { "no group", "group", -ENOENT },
	{ "no subuid", "subuid", 0 }, { "no subgid", "subgid", 0 },
};

static void
missing_file(void **state)
{
	const struct file_row *row = *state;
	struct reserved *got = NULL;
	char path[AIA_PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/etc/%s", w->root, row->file);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(reserved_read(&w->paths, &w->conf.protected_groups,
	    NULL, 0, &got), row->want);
	reserved_free(got);
	world_etc(w, row->file, "x:x:1:\n");
}

int
main(void)
{
	struct CMUnitTest tests[3 + ARRAY_LEN(file_rows)] = {
		cmocka_unit_test(ids), cmocka_unit_test(names),
		cmocka_unit_test(groups),
	};

	for (size_t i = 0; i < ARRAY_LEN(file_rows); i++)
		tests[3 + i] = (struct CMUnitTest){ .name = file_rows[i].name,
		    .test_func = missing_file, .initial_state = &file_rows[i] };
	return cmocka_run_group_tests(tests, setup, teardown);
}
