/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_derive.c - hostile and odd records among good ones, all in one listing:
 * each refused with the documented reason or served as documented, and the
 * good ones never touched.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/netcall.h"
#include "common/id.h"
#include "tests/keeper_world.h"

#define NO INT64_MIN	/* no such attribute */
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define X255 A32 A32 A32 A32 A32 A32 A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct row {
	const char *test;
	char	 kind;		/* 'u' or 'g' */
	const char *name;	/* as it comes */
	int64_t	 id;		/* uid or gid */
	const char *served;	/* the name it is served by; NULL: not */
	const char *want;	/* reason; "": none */
	/* users only */
	int64_t	 gid;		/* 0: none */
	const char *home, *shell, *defect;
	const char *object_id;	/* NULL: made of the number of the row */
} rows[] = {
	{ "plain user", 'u', "ada", 200001, "ada", .want = "" },
	{ "upper case", 'u', "GRACE", 200002, "grace", .want = "" },
	{ "domain cut", 'u', "edsger@example.org", 200003, "edsger",
	    .want = "" },
	{ "domain in capitals", 'u', "barbara@EXAMPLE.ORG", 200004,
	    "barbara", .want = "" },
	{ "other domain", 'u', "mallory@evil.test", 200005, NULL,
	    .want = "name-domain" },
	{ "domain is a prefix", 'u', "mal@example.or", 200006, NULL,
	    .want = "name-domain" },
	{ "domain is longer", 'u', "mal@example.org.evil", 200007, NULL,
	    .want = "name-domain" },
	{ "two domains", 'u', "mal@x@example.org", 200008, NULL,
	    .want = "name-domain" },
	{ "domain only", 'u', "@example.org", 200009, NULL,
	    .want = "name-form" },
	{ "empty name", 'u', "", 200010, NULL, .want = "name-form" },
	{ "32 bytes", 'u', A32, 200011, A32, .want = "" },
	{ "33 bytes", 'u', A32 "b", 200012, NULL, .want = "name-form" },
	{ "300 bytes", 'u', X255 A32 "aaaaaaaaaaaaa", 200013, NULL,
	    .want = "name-form" },
	{ "path", 'u', "../x", 200014, NULL, .want = "name-form" },
	{ "slash", 'u', "a/b", 200015, NULL, .want = "name-form" },
	{ "dot", 'u', ".", 200016, NULL, .want = "name-form" },
	{ "dots", 'u', "..", 200017, NULL, .want = "name-form" },
	{ "colon", 'u', "ada:x", 200018, NULL, .want = "name-form" },
	{ "newline", 'u', "eve\nroot", 200019, NULL, .want = "name-form" },
	{ "newline at the end", 'u', "eve\n", 200020, NULL,
	    .want = "name-form" },
	{ "carriage return", 'u', "eve\r", 200021, NULL, .want = "name-form" },
	{ "tab", 'u', "e\tve", 200022, NULL, .want = "name-form" },
	{ "escape", 'u', "\033[2J", 200023, NULL, .want = "name-form" },
	{ "space", 'u', "e ve", 200024, NULL, .want = "name-form" },
	{ "space before", 'u', " eve", 200025, NULL, .want = "name-form" },
	{ "option", 'u', "-rf", 200026, NULL, .want = "name-form" },
	{ "digits", 'u', "1000", 200027, NULL, .want = "name-form" },
	{ "digit first", 'u', "0day", 200028, NULL, .want = "name-form" },
	{ "hash", 'u', "#0", 200029, NULL, .want = "name-form" },
	{ "umlaut", 'u', "j\303\266rg", 200030, NULL, .want = "name-form" },
	{ "full-width letters", 'u', "\357\275\222oot", 200031, NULL,
	    .want = "name-form" },
	{ "not UTF-8", 'u', "a\377b", 200032, NULL, .want = "name-form" },
	{ "quote", 'u', "a'b", 200033, NULL, .want = "name-form" },
	{ "dollar", 'u', "$(id)", 200034, NULL, .want = "name-form" },
	{ "plus", 'u', "+", 200035, NULL, .want = "name-form" },
	{ "star", 'u', "*", 200036, NULL, .want = "name-form" },
	{ "root", 'u', "root", 200037, NULL, .want = "name-protected" },
	{ "Root", 'u', "Root", 200038, NULL, .want = "name-protected" },
	{ "root with domain", 'u', "root@example.org", 200039, NULL,
	    .want = "name-protected" },
	{ "daemon", 'u', "daemon", 200040, NULL, .want = "name-protected" },
	{ "user called sudo", 'u', "sudo", 200041, NULL,
	    .want = "name-protected" },
	{ "user called docker", 'u', "docker", 200042, NULL,
	    .want = "name-protected" },
	{ "user called aiauth", 'u', "aiauth", 200043, NULL,
	    .want = "name-protected" },
	{ "user with a configured protected name", 'u', "hpc-root", 200044,
	    NULL, .want = "name-protected" },
	{ "local account", 'u', "bob", 200045, NULL, .want = "name-local" },
	{ "local account in capitals", 'u', "BOB", 200046, NULL,
	    .want = "name-local" },
	{ "local group", 'u', "mltools", 200047, NULL, .want = "name-local" },

	{ "no uid", 'u', "noid", NO, NULL, .want = "id-none" },
	{ "uid 0", 'u', "zero", 0, NULL, .want = "id-range" },
	{ "uid -1", 'u', "minus", -1, NULL, .want = "id-range" },
	{ "uid 1", 'u', "one", 1, NULL, .want = "id-range" },
	{ "uid 999", 'u', "u999", 999, NULL, .want = "id-range" },
	{ "uid 1000, not in a range", 'u', "u1000", 1000, NULL,
	    .want = "id-range" },
	{ "uid 60001", 'u', "u60001", 60001, NULL, .want = "id-range" },
	{ "dynamic uid", 'u', "u61184", 61184, NULL, .want = "id-range" },
	{ "nobody", 'u', "u65534", 65534, NULL, .want = "id-range" },
	{ "uid 65535", 'u', "u65535", 65535, NULL, .want = "id-range" },
	{ "one below the range", 'u', "below", 199999, NULL,
	    .want = "id-range" },
	{ "first of the range", 'u', "first", 200000, "first", .want = "" },
	{ "last of the range", 'u', "last", 400000, "last", .want = "" },
	{ "one above the range", 'u', "above", 400001, NULL,
	    .want = "id-range" },
	{ "container uid", 'u', "container", 524288, NULL, .want = "id-range" },
	{ "2^31 - 1", 'u', "p31m1", 2147483647, NULL, .want = "id-range" },
	{ "2^31", 'u', "p31", 2147483648, NULL, .want = "id-range" },
	{ "2^32 - 2", 'u', "p32m2", 4294967294, NULL, .want = "id-range" },
	{ "2^32 - 1", 'u', "p32m1", 4294967295, NULL, .want = "id-range" },
	{ "2^32", 'u', "p32", 4294967296, NULL, .want = "id-range" },
	{ "2^32 and a good uid", 'u', "wrap", 4294967296 + 200050, NULL,
	    .want = "id-range" },
	{ "smallest", 'u', "smallest", INT64_MIN + 1, NULL,
	    .want = "id-range" },
	{ "largest", 'u', "largest", INT64_MAX, NULL, .want = "id-range" },
	{ "uid of a local account", 'u', "svcuid", 250005, NULL,
	    .want = "id-local" },
	{ "gid of a local account", 'u', "svcgid", 250006, NULL,
	    .want = "id-local" },
	{ "gid of a local group", 'u', "mlgid", 250010, NULL,
	    .want = "id-local" },
	{ "first subuid", 'u', "sub1", 300000, NULL, .want = "id-local" },
	{ "last subuid", 'u', "sub2", 365535, NULL, .want = "id-local" },
	{ "after the subuids", 'u', "sub3", 365536, "sub3", .want = "" },
	{ "our own uid", 'u', "ours", WORLD_OWN_ID, NULL, .want = "id-local" },
	{ "uid is a string", 'u', "strid", NO, NULL, .want = "defect",
	    .defect = "uidNumber: not an integer" },
	{ "uid is a float", 'u', "floatid", NO, NULL, .want = "defect",
	    .defect = "uidNumber: not an integer" },
	{ "NUL in the name", 'u', "nul", 200051, NULL, .want = "defect",
	    .defect = "userName: NUL" },
	{ "defect with a bad name", 'u', "d:d", 200052, NULL, .want = "defect",
	    .defect = "x" },
	{ "space in the object id", 'u', "objspace", 200053, NULL,
	    .want = "defect",
	    .object_id = "a b" },
	{ "newline in the object id", 'u', "objnl", 200054, NULL,
	    .want = "defect",
	    .object_id = "a\nb" },

	{ "two with one uid (1)", 'u', "twin1", 200060, NULL,
	    .want = "id-twice" },
	{ "two with one uid (2)", 'u', "twin2", 200060, NULL,
	    .want = "id-twice" },
	{ "two with one name (1)", 'u', "same", 200061, NULL,
	    .want = "name-twice" },
	{ "two with one name (2)", 'u', "SAME@example.org", 200062, NULL,
	    .want = "name-twice" },
	{ "one of three names has a bad uid (1)", 'u', "tri", 200063, NULL,
	    .want = "name-twice" },
	{ "one of three names has a bad uid (2)", 'u', "Tri", 0, NULL,
	    .want = "id-range" },
	{ "one of three names has a bad uid (3)", 'u', "tRi", 200064, NULL,
	    .want = "name-twice" },
	{ "one object id, two users", 'u', "ghost1", 200065, NULL,
	    .want = "defect",
	    .object_id = "twice" },
	{ "the other one", 'u', "ghost2", 200066, NULL, .want = "defect",
	    .object_id = "twice" },

	{ "own gid", 'u', "owngid", 200070, "owngid", .want = "", 200070 },
	{ "gid of a group", 'u', "ingroup", 200071, "ingroup",
	    .want = "", 220001 },
	{ "gid 0", 'u', "gid0", 200072, NULL, .want = "group-unknown", -2 },
	{ "gid of a local group as primary", 'u', "gidlocal", 200073, NULL,
	    .want = "group-unknown", 250010 },
	{ "gid of nobody's group", 'u', "gidnone", 200074, NULL,
	    .want = "group-unknown", 223344 },
	{ "gid is another user's uid", 'u', "gidother", 200075, NULL,
	    .want = "group-unknown", 200001 },
	{ "gid of a refused group", 'u', "gidref", 200076, NULL,
	    .want = "group-unknown", 220010 },
	{ "gid 2^32", 'u', "gid32", 200077, NULL, .want = "group-unknown",
	    4294967296 },

	{ "home /", 'u', "h1", 200080, NULL, .want = "home-form", .home = "/" },
	{ "home //", 'u', "h2", 200081, NULL,
	    .want = "home-form", .home = "//" },
	{ "home /root", 'u', "h3", 200082, NULL, .want = "home-form",
	    .home = "/root" },
	{ "home below /root", 'u', "h4", 200083, NULL, .want = "home-form",
	    .home = "/root/x" },
	{ "home /rootless", 'u', "h5", 200084, "h5", .want = "",
	    .home = "/rootless" },
	{ "home with ..", 'u', "h6", 200085, NULL, .want = "home-form",
	    .home = "/home/../root" },
	{ "home ends in ..", 'u', "h7", 200086, NULL, .want = "home-form",
	    .home = "/home/.." },
	{ "home with .", 'u', "h8", 200087, NULL, .want = "home-form",
	    .home = "/home/./x" },
	{ "relative home", 'u', "h9", 200088, NULL, .want = "home-form",
	    .home = "home/x" },
	{ "home with colon", 'u', "h10", 200089, NULL, .want = "home-form",
	    .home = "/home/a:b" },
	{ "home with newline", 'u', "h11", 200090, NULL, .want = "home-form",
	    .home = "/home/a\nb" },
	{ "home of 255 bytes", 'u', "h12", 200091, NULL, .want = "home-form",
	    .home = "/" X255 },
	{ "home of 254 and a slash", 'u', "h13", 200092, NULL,
	    .want = "home-form",
	    .home = "/home/x/" },
	{ "empty home", 'u', "h14", 200093, "h14", .want = "", .home = "" },
	{ "relative shell", 'u', "s1", 200094, NULL, .want = "shell-form",
	    .shell = "bash" },
	{ "shell with colon", 'u', "s2", 200095, NULL, .want = "shell-form",
	    .shell = "/bin/sh:x" },
	{ "shell with newline", 'u', "s3", 200096, NULL, .want = "shell-form",
	    .shell = "/bin/sh\nroot" },
	{ "shell with space", 'u', "s4", 200097, NULL, .want = "shell-form",
	    .shell = "/bin/sh -c id" },

	{ "plain group", 'g', "Ml Engineers", 220001, "ml-engineers",
	    .want = "" },
	{ "runs become one dash", 'g', "GPU  / Cluster", 220002,
	    "gpu-cluster", .want = "" },
	{ "umlaut in a group", 'g', "Pr\303\274fer", 220003, "pr-fer",
	    .want = "" },
	{ "newline in a group", 'g', "x\nroot:x:0", 220004, "x-root-x-0",
	    .want = "" },
	{ "group of only odd bytes", 'g', "!!!", 220005, NULL,
	    .want = "name-form" },
	{ "group begins with a digit", 'g', "3d", 220006, NULL,
	    .want = "name-form" },
	{ "group of 33 bytes", 'g', A32 "b", 220007, NULL,
	    .want = "name-form" },
	{ "empty group name", 'g', "", 220008, NULL, .want = "name-form" },
	{ "group docker", 'g', "docker", 220010, NULL,
	    .want = "name-protected" },
	{ "group Docker", 'g', "Docker", 220011, NULL,
	    .want = "name-protected" },
	{ "group sudo", 'g', "sudo", 220012, NULL, .want = "name-protected" },
	{ "group wheel", 'g', "wheel", 220013, NULL, .want = "name-protected" },
	{ "group root", 'g', "root", 220014, NULL, .want = "name-protected" },
	{ "group lxd", 'g', "lxd", 220015, NULL, .want = "name-protected" },
	{ "group shadow", 'g', "shadow", 220016, NULL,
	    .want = "name-protected" },
	{ "group adm", 'g', "adm", 220017, NULL, .want = "name-protected" },
	{ "group disk", 'g', "disk", 220018, NULL, .want = "name-protected" },
	{ "group kvm", 'g', "kvm", 220019, NULL, .want = "name-protected" },
	{ "group video", 'g', "video", 220020, NULL, .want = "name-protected" },
	{ "group render", 'g', "render", 220021, NULL,
	    .want = "name-protected" },
	{ "group hpc-root, by configuration", 'g', "HPC Root", 220022, NULL,
	    .want = "name-protected" },
	{ "local group's name", 'g', "users", 220023, NULL,
	    .want = "name-local" },
	{ "gid of group 0", 'g', "gzero", 0, NULL, .want = "id-range" },
	{ "gid of group 27", 'g', "g27", 27, NULL, .want = "id-range" },
	{ "gid -1", 'g', "gminus", -1, NULL, .want = "id-range" },
	{ "gid 2^32 of a group", 'g', "gp32", 4294967296, NULL,
	    .want = "id-range" },
	{ "gid of a local group to a group", 'g', "glocal", 250010, NULL,
	    .want = "id-local" },
	{ "two groups, one gid (1)", 'g', "gtwin1", 220030, NULL,
	    .want = "id-twice" },
	{ "two groups, one gid (2)", 'g', "gtwin2", 220030, NULL,
	    .want = "id-twice" },
	{ "two groups meet (1)", 'g', "a b", 220031, NULL,
	    .want = "name-twice" },
	{ "two groups meet (2)", 'g', "A-B", 220032, NULL,
	    .want = "name-twice" },
	{ "gid is a user's uid", 'g', "gofuser", 200065, NULL,
	    .want = "id-twice" },
	{ "that user", 'u', "uofgroup", 200065, NULL, .want = "id-twice" },
	{ "group spells out a private group", 'g', "grace", 200002, NULL,
	    .want = "name-of-user" },
	{ "group with a user's name", 'g', "edsger", 220040, NULL,
	    .want = "name-of-user" },
	{ "group without gid is a role only", 'g', "No Gid", NO, NULL,
	    .want = "" },
	{ "group docker without gid is a role only", 'g', "docker", NO,
	    NULL, .want = "" },
	{ "group with a defect", 'g', "broken", 220041, NULL, .want = "defect",
	    .defect = "members: not a list" },
};

static struct world *w;

static void
row_id(const struct row *row, char room[32])
{
	(void)snprintf(room, 32, "%s%td", row->kind == 'u' ? "U" : "G",
	    row - rows);
}

static struct aia_span
span(uint32_t *has, uint32_t bit, const char *s)
{
	if (s != NULL)
		*has |= AIA_BIT(bit);
	return aia_span_str(s);
}

static void
put_user(const struct row *row, const char *id)
{
	struct netcall_user m = { .active = 1,
	    .object_id = aia_span_str(id), .name = aia_span_str(row->name) };

	if (row->id != NO) {
		m.has |= AIA_BIT(NETCALL_USER_F_UID);
		m.uid = row->id;
	}
	if (row->gid != 0) {
		m.has |= AIA_BIT(NETCALL_USER_F_GID);
		m.gid = row->gid == -2 ? 0 : row->gid;
	}
	m.home = span(&m.has, NETCALL_USER_F_HOME, row->home);
	m.shell = span(&m.has, NETCALL_USER_F_SHELL, row->shell);
	m.defect = span(&m.has, NETCALL_USER_F_DEFECT, row->defect);
	world_put(w, &netcall_m_user, &m);
}

static void
put_group(const struct row *row, const char *id)
{
	struct netcall_group m = {
	    .object_id = aia_span_str(id), .name = aia_span_str(row->name) };

	if (row->id != NO) {
		m.has |= AIA_BIT(NETCALL_GROUP_F_GID);
		m.gid = row->id;
	}
	m.defect = span(&m.has, NETCALL_GROUP_F_DEFECT, row->defect);
	world_put(w, &netcall_m_group, &m);
	world_member(w, true, id, "good");
}

static int
setup(void **state)
{
	char id[32];

	(void)state;
	w = world_new();
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "good", "good", 399999, true);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		row_id(&rows[i], id);
		if (rows[i].kind == 'u')
			put_user(&rows[i], rows[i].object_id != NULL ?
			    rows[i].object_id : id);
		else
			put_group(&rows[i], id);
	}
	(void)world_end(w, true, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(w);
	return 0;
}

static void
one_row(void **state)
{
	const struct row *row = *state;
	char id[32];

	row_id(row, id);
	if (row->object_id != NULL)
		(void)snprintf(id, sizeof(id), "%s", row->object_id);
	assert_string_equal(world_reason(w, id), row->want);
	if (row->served == NULL)
		return;
	assert_int_equal(row->kind == 'u' ? world_uid(w, row->served) :
	    world_gid(w, row->served), row->id);
	if (row->kind == 'g')
		assert_true(world_in_group(w, "good", (uint32_t)row->id));
}

/* What is served is exactly what the rows say, and nothing beside. */
static void
nothing_else(void **state)
{
	const struct aia_snapshot *snap = world_snapshot(w);
	size_t n_users = 1, n_groups = 1;	/* "good" and its group */
	struct aia_snap_group group;
	struct aia_snap_user user;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].served == NULL)
			continue;
		n_users += rows[i].kind == 'u';
		/* Each user but one with a group's gid has a private one. */
		n_groups += rows[i].kind == 'g' ||
		    rows[i].gid == 0 || rows[i].gid == rows[i].id;
	}
	assert_int_equal(snap->info.n_users, n_users);
	assert_int_equal(snap->info.n_groups, n_groups);
	for (uint32_t i = 0; i < n_users; i++) {
		assert_int_equal(aia_snap_user_at(snap, i, &user), 0);
		assert_true(aia_id_ok(user.uid) && aia_id_ok(user.gid));
	}
	for (uint32_t i = 0; i < n_groups; i++) {
		assert_int_equal(aia_snap_group_at(snap, i, &group), 0);
		assert_true(aia_id_ok(group.gid));
	}
	assert_int_equal(world_uid(w, "good"), 399999);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].test,
		    .test_func = one_row, .initial_state = &rows[i] };
	tests[ARRAY_LEN(rows)] = (struct CMUnitTest){ .name = "nothing else",
	    .test_func = nothing_else };
	return cmocka_run_group_tests(tests, setup, teardown);
}
