/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_directory.c - what workers see of directory.db: by another uid, with
 * the keeper running, stopped and killed; users, roles, refused records.
 */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/keeper/directory.h"
#include "base/netcall.h"
#include "tests/keeper_world.h"

#define READER 65533u	/* uid and gid of nobody else here */

static void
role_add(struct world *w, const char *name, const char *object_id,
    const char *local_group)
{
	struct conf_role *role = &w->conf.roles[w->conf.n_roles++];

	(void)snprintf(role->name, sizeof(role->name), "%s", name);
	(void)snprintf(role->object_id, sizeof(role->object_id), "%s",
	    object_id);
	role->local_group = world_name(local_group);
}

static int
setup(void **state)
{
	struct world *w = world_new();

	*state = w;
	role_add(w, "pinned", "p1", "render2");
	role_add(w, "pinned", "p1", "mltools");
	role_add(w, "elsewhere", "other", "root");

	world_begin(w, 0, NETCALL_FULL);
	world_user_keys(w, "n1", "ada", 200001, "ssh-ed25519 AAAA ada's");
	world_user(w, "n2", "eva", 200002, false);
	world_user(w, "n3", "bad:name", 200003, true);
	world_group(w, "g1", "ML Engineers", 210000, "n1 n2");
	world_group(w, "g2", "All Staff", 210002, "g1 g3");
	world_group(w, "g3", "Loop", 0, "g2");
	world_group(w, "d1", "double", 0, "n1");
	world_group(w, "d2", "double", 0, NULL);
	world_group(w, "p1", "pinned", 0, "n1");
	world_group(w, "p2", "pinned", 0, "n1");
	world_group(w, "e", "elsewhere", 0, "n1");
	world_group(w, "r", "docker", 210005, "n1");
	(void)world_end(w, true, false);
	return 0;
}

static int
teardown(void **state)
{
	world_free(*state);
	return 0;
}

static struct dir_user
user(struct directory *d, const char *name)
{
	struct aia_name n = world_name(name);
	struct dir_user u;

	assert_int_equal(directory_user_by_name(d, &n, &u), 0);
	return u;
}

static int
role_collect(const struct dir_role *role, void *arg)
{
	char *all = arg;

	(void)snprintf(all + strlen(all), 512 - strlen(all), "%s%s(%s) ",
	    role->ambiguous ? "!" : "", role->text, role->object.object_id);
	return 0;
}

static int
group_collect(const struct dir_group *group, void *arg)
{
	char *all = arg;

	(void)snprintf(all + strlen(all), 512 - strlen(all), "%s=%u(%s) ",
	    group->name.s, group->gid, group->who.object_id);
	return 0;
}

static int
user_collect(const struct dir_user *user, void *arg)
{
	char *all = arg;

	(void)snprintf(all + strlen(all), 512 - strlen(all), "%s%s=%u ",
	    user->active ? "" : "!", user->name.s, user->uid);
	return strlen(all) < 500 ? 0 : -E2BIG;
}

static int
refused_collect(const char *kind, const char *name, const char *object_id,
    const char *reason, void *arg)
{
	(void)snprintf(arg, 512, "%s %s %s %s", kind, name, object_id, reason);
	return 0;
}

static void
users(void **state)
{
	struct world *w = *state;
	struct aia_name nobody = world_name("nobody.here");
	struct directory *d = NULL;
	struct dir_user u;

	assert_int_equal(directory_open(&w->paths, &d), 0);
	u = user(d, "ada");
	assert_int_equal(u.uid, 200001);
	assert_int_equal(u.gid, 200001);
	assert_true(u.active);
	assert_string_equal(u.who.source.s, "corp");
	assert_string_equal(u.who.object_id, "n1");
	assert_string_equal(u.home, "/home/ada");
	assert_string_equal(u.shell, "/bin/bash");
	assert_false(user(d, "eva").active);
	assert_int_equal(directory_user_by_uid(d, 200002, &u), 0);
	assert_string_equal(u.name.s, "eva");
	assert_int_equal(directory_user_by_uid(d, 200003, &u), AIA_ENOUSER);
	assert_int_equal(directory_user_by_uid(d, 0, &u), AIA_ENOUSER);
	assert_int_equal(directory_user_by_name(d, &nobody, &u), AIA_ENOUSER);
	directory_close(d);
}

static void
roles(void **state)
{
	struct world *w = *state;
	struct directory *d = NULL;
	struct dir_user u;
	char all[512] = "";

	assert_int_equal(directory_open(&w->paths, &d), 0);
	u = user(d, "ada");
	assert_int_equal(directory_roles(d, &u.who, role_collect, all), 0);
	assert_string_equal(all, "All Staff(g2) Loop(g3) ML Engineers(g1) "
	    "docker(r) !double(d1) !elsewhere(e) pinned(p1) !pinned(p2) ");
	all[0] = '\0';
	assert_int_equal(directory_groups(d, &u.who, group_collect, all), 0);
	assert_string_equal(all, "all-staff=210002(g2) "
	    "ml-engineers=210000(g1) ");
	/* Somebody disabled has none. */
	u = user(d, "eva");
	all[0] = '\0';
	assert_int_equal(directory_roles(d, &u.who, role_collect, all), 0);
	assert_string_equal(all, "");
	directory_close(d);
	/* By root's configuration only; never root's own group. */
	assert_true(world_in_group(w, "ada", 901));
	assert_true(world_in_group(w, "ada", 250010));
	assert_false(world_in_group(w, "ada", 0));
	assert_false(world_in_group(w, "eva", 901));
}

static void
lists(void **state)
{
	struct world *w = *state;
	struct directory *d = NULL;
	char all[512] = "";

	assert_int_equal(directory_open(&w->paths, &d), 0);
	assert_int_equal(directory_users(d, NULL, user_collect, all), 0);
	assert_string_equal(all, "ada=200001 !eva=200002 ");
	all[0] = '\0';
	assert_int_equal(directory_all_groups(d, group_collect, all), 0);
	assert_string_equal(all, "all-staff=210002(g2) "
	    "ml-engineers=210000(g1) ");
	/* A walk that is broken off leaves the next one whole. */
	memset(all, 'x', 510);
	all[510] = '\0';
	assert_int_equal(directory_users(d, NULL, user_collect, all), -E2BIG);
	all[0] = '\0';
	assert_int_equal(directory_users(d, NULL, user_collect, all), 0);
	assert_string_equal(all, "ada=200001 !eva=200002 ");
	/* Behind somebody, who need not be there. */
	all[0] = '\0';
	assert_int_equal(directory_users(d, &(struct aia_name){ "ada" },
	    user_collect, all), 0);
	assert_int_equal(directory_users(d, &(struct aia_name){ "bob" },
	    user_collect, all), 0);
	assert_int_equal(directory_users(d, &(struct aia_name){ "eva" },
	    user_collect, all), 0);
	assert_string_equal(all, "!eva=200002 !eva=200002 ");
	directory_close(d);
}

static struct member_row {
	const char *group, *members;
	int found;
} member_rows[] = {
	{ "ml-engineers", "ada=200001 ", 0 },	/* not eva: disabled */
	{ "all-staff", "ada=200001 ", 0 },	/* through g1, and a loop */
	{ "docker", "", AIA_ENOUSER },		/* refused */
	{ "nobody", "", AIA_ENOUSER },
};

static void
members(void **state)
{
	struct world *w = *state;
	struct directory *d = NULL;

	assert_int_equal(directory_open(&w->paths, &d), 0);
	for (size_t i = 0; i < ARRAY_LEN(member_rows); i++) {
		const struct member_row *row = &member_rows[i];
		const struct aia_name name = world_name(row->group);
		struct dir_group group;
		char all[512] = "";

		assert_int_equal(directory_group_by_name(d, &name, &group),
		    row->found);
		assert_int_equal(directory_members(d, &name, user_collect,
		    all), 0);
		assert_string_equal(all, row->members);
	}
	directory_close(d);
}

static void
refused(void **state)
{
	struct world *w = *state;
	struct directory *d = NULL;
	char all[512] = "";

	assert_int_equal(directory_open(&w->paths, &d), 0);
	assert_int_equal(directory_refused(d, "bad:name", refused_collect,
	    all), 0);
	assert_string_equal(all, "user bad:name n3 name-form");
	assert_int_equal(directory_refused(d, "docker", refused_collect, all),
	    0);
	assert_string_equal(all, "group docker r name-protected");
	directory_close(d);
}

/* Byte for byte: a login in the browser is compared with it. */
static void
external_id(void **state)
{
	static char longest[DIR_TEXT_MAX + 1];
	static const struct { const char *in, *want; } rows[] = {
		{ "E-17", "E-17" }, { "e-17 ", "e-17 " },
		{ "\303\244 \"x\"", "\303\244 \"x\"" }, { NULL, "" },
		{ longest, longest },
	};
	static char got[DIR_TEXT_MAX + 1];
	struct world *w = *state;
	struct directory *d = NULL;
	struct identity nobody = { 0 };
	struct dir_user ada;

	memset(longest, 'x', DIR_TEXT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct netcall_user m = { .active = 1, .uid = 200001,
		    .object_id = aia_span_str("n1"),
		    .name = aia_span_str("ada"),
		    .external_id = aia_span_str(rows[i].in == NULL ? "" :
			rows[i].in), .has = AIA_BIT(NETCALL_USER_F_UID) |
			(rows[i].in == NULL ? 0 :
			AIA_BIT(NETCALL_USER_F_EXTERNAL_ID)) };

		world_begin(w, 0, NETCALL_DELTA);
		world_put(w, &netcall_m_user, &m);
		(void)world_end(w, true, false);
		assert_int_equal(directory_open(&w->paths, &d), 0);
		ada = user(d, "ada");
		memset(got, 'y', sizeof(got) - 1);
		assert_int_equal(directory_external_id(d, &ada.who, got), 0);
		assert_string_equal(got, rows[i].want);
		nobody.source = ada.who.source;
		memcpy(nobody.object_id, "n9", 3);
		(void)!directory_external_id(d, &nobody, got);
		assert_string_equal(got, "");
		directory_close(d);
	}
}

static void
keys(void **state)
{
	struct world *w = *state;
	struct directory *d = NULL;
	uint8_t room[DIR_KEYS_MAX];
	struct aia_span list, line;
	struct dir_user ada, eva;
	size_t len = 9;

	assert_int_equal(directory_open(&w->paths, &d), 0);
	ada = user(d, "ada");
	eva = user(d, "eva");
	assert_int_equal(directory_keys(d, &ada.who, room, &len), 0);
	list = aia_span_of(room, len);
	assert_true(aia_list_next(&list, &line));
	assert_true(aia_span_eq(line,
	    aia_span_str("ssh-ed25519 AAAA ada's")));
	assert_false(aia_list_next(&list, &line));
	assert_int_equal(directory_keys(d, &eva.who, room, &len), 0);
	assert_int_equal(len, 0);
	/* Withdrawn, it is gone with the same sync. */
	world_begin(w, 0, NETCALL_DELTA);
	world_user(w, "n1", "ada", 200001, true);
	(void)world_end(w, true, false);
	assert_int_equal(directory_keys(d, &ada.who, room, &len), 0);
	assert_int_equal(len, 0);
	directory_close(d);
}

static void
age(void **state)
{
	struct world *w = *state;
	const struct aia_name none = world_name("none");
	struct directory *d = NULL;
	struct fresh f = { 0 }, now;

	assert_int_equal(directory_open(&w->paths, &d), 0);
	assert_int_equal(fresh_now(&now), 0);
	assert_int_equal(directory_fresh(d, &w->conf.sources[0].name, &f), 0);
	assert_string_equal(f.at.id, now.at.id);
	assert_in_range(fresh_age_ms(&f, &now), 0, 60000);
	assert_int_equal(directory_fresh(d, &w->conf.sources[1].name, &f), 0);
	assert_int_equal(fresh_age_ms(&f, &now), -1);
	assert_int_equal(directory_fresh(d, &none, &f), AIA_ENOUSER);
	directory_close(d);
}

static void
no_database(void **state)
{
	struct paths paths = { .directory = "/nonexistent" };
	struct directory *d = NULL;

	(void)state;
	assert_int_equal(directory_open(&paths, &d), -ENOENT);
}

/* In a child of another uid: 0 if it finds ada. */
static int
read_as_other(const struct world *w)
{
	const struct aia_name name = world_name("ada");
	struct directory *d = NULL;
	struct dir_user u;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgid(READER) < 0 || setuid(READER) < 0)
			_exit(3);
		if (directory_open(&w->paths, &d) < 0)
			_exit(4);
		_exit(directory_user_by_name(d, &name, &u) == 0 ? 0 : 5);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A keeper that dies with the write-ahead log full of news. */
static void
keeper_killed(struct world *w)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		world_restart(w);
		world_begin(w, 0, NETCALL_DELTA);
		world_user(w, "n7", "late", 200007, true);
		(void)world_end(w, true, false);
		(void)kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
three_situations(void **state)
{
	static const char *const files[] = { STORE_FILE, STORE_FILE "-wal",
		STORE_FILE "-shm" };
	struct world *w = *state;
	char path[AIA_PATH_MAX];

	if (geteuid() != 0)
		skip();
	/* As packaged: keeper's uid, readers' group, set-group-ID. */
	db_close(w->up.db);
	w->up.db = NULL;
	assert_int_equal(chown(w->paths.directory, 0, READER), 0);
	assert_int_equal(chmod(w->paths.directory, 02750), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		assert_int_equal(path_join(w->paths.directory, files[i], path),
		    0);
		assert_int_equal(unlink(path), 0);
	}
	world_restart(w);
	world_begin(w, 0, NETCALL_FULL);
	world_user(w, "n1", "ada", 200001, true);
	(void)world_end(w, true, false);

	assert_int_equal(read_as_other(w), 0);	/* running */
	db_close(w->up.db);
	w->up.db = NULL;
	assert_int_equal(read_as_other(w), 0);	/* stopped cleanly */
	keeper_killed(w);
	assert_int_equal(read_as_other(w), 0);	/* killed */
	/* And it goes on from what was committed. */
	world_restart(w);
	update_local(&w->up);
	assert_int_equal(world_uid(w, "late"), 200007);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(users), TEST(roles), TEST(lists), TEST(members),
		TEST(refused), TEST(external_id), TEST(keys),
		TEST(age),
		cmocka_unit_test(no_database), TEST(three_situations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
