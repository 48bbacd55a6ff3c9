/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keeper.c - the keeper as a process: it lists from something that speaks
 * as aiauth-netd does, answers questions, and follows /etc/passwd.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "aiauthd/daemon.h"
#include "base/listen.h"
#include "base/netcall.h"
#include "common/client.h"
#include "tests/keeper_world.h"

#define SECOND_MS 1000
#define ALL_MAX 8192	/* bytes of a whole status */
#define DEADLINE_MS 20000	/* a slow machine; nothing waits for it */

static struct world *w;
static struct daemon d;
static struct keeper_client client;
static pid_t keeper, netd;

static void
answer(int fd, const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	if (aia_encode(m, AIA_WIRE_VERSION, in, &pkt) < 0 ||
	    aia_packet_send(fd, &pkt, aia_now_ms() + DEADLINE_MS) < 0)
		_exit(2);
}

/* Two users and a group, whatever is asked. */
static void
netd_answer(int fd)
{
	static struct aia_packet pkt;
	struct netcall_call call;
	const struct netcall_user users[] = {
		{ .has = AIA_BIT(NETCALL_USER_F_UID), .active = 1,
		  .object_id = aia_span_str("n1"), .uid = 200001,
		  .name = aia_span_str("ada") },
		{ .has = AIA_BIT(NETCALL_USER_F_UID), .active = 1,
		  .object_id = aia_span_str("n2"), .uid = 0,
		  .name = aia_span_str("eve\nroot") },
	};
	const struct netcall_group group = {
		.has = AIA_BIT(NETCALL_GROUP_F_GID), .gid = 210000,
		.object_id = aia_span_str("g"), .name = aia_span_str("Team"),
	};
	const struct netcall_members members = {
		.group = group.object_id, .members = aia_span_of("\0\2n1", 4),
	};
	const struct netcall_listing_end end = { .complete = 1 };
	const struct netcall_result result = { .outcome = NETCALL_OK };
	struct netcall_listing_begin begin = { .mode = NETCALL_FULL };

	if (aia_packet_recv(fd, &pkt, aia_now_ms() + DEADLINE_MS) < 0 ||
	    aia_decode(&netcall_m_call, &pkt, &call) < 0)
		_exit(2);
	begin.source = call.source;
	answer(fd, &netcall_m_listing_begin, &begin);
	answer(fd, &netcall_m_user, &users[0]);
	answer(fd, &netcall_m_user, &users[1]);
	answer(fd, &netcall_m_group, &group);
	answer(fd, &netcall_m_member_add, &members);
	answer(fd, &netcall_m_listing_end, &end);
	answer(fd, &netcall_m_result, &result);
}

static pid_t
netd_start(void)
{
	char path[AIA_PATH_MAX];
	int listen_fd, fd;
	pid_t pid;

	assert_int_equal(path_join(w->paths.run, SOCK_NETD, path), 0);
	assert_int_equal(listen_bind(path, (gid_t)-1, 0600, &listen_fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		(void)close(listen_fd);
		return pid;
	}
	(void)fcntl(listen_fd, F_SETFL, 0);
	while ((fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		netd_answer(fd);
		(void)close(fd);
	}
	_exit(1);
}

static void
conf_write(void)
{
	char path[AIA_PATH_MAX + 16], text[512];
	struct conf_error err;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/etc", w->root);
	(void)snprintf(w->paths.conf, sizeof(w->paths.conf), "%.200s", path);
	(void)snprintf(text, sizeof(text), "[directory]\n"
	    "id_ranges = 200000-400000\n[source corp]\nprovider = file\n"
	    "path = %s/etc/people.json\n", w->root);
	(void)snprintf(path, sizeof(path), "%s/etc/aiauth.conf", w->root);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(conf_gather(&w->paths, &d.conf_fd, &err), 0);
}

static int
setup(void **state)
{
	int listen_fd;

	(void)state;
	if (geteuid() != 0)
		return 0;	/* the sockets must be root's: see skip() */
	w = world_new();
	conf_write();
	d.paths = w->paths;
	/* The id of somebody who does nothing here. */
	d.uid_vault = d.uid_login = d.uid_net = 65534;
	d.gid_vault = d.gid_login = d.gid_net = d.gid_call = 65534;
	/* The keeper opens it itself. */
	db_close(w->up.db);
	w->up.db = NULL;
	assert_int_equal(path_join(w->paths.run, SOCK_KEEPER, client.path), 0);
	assert_int_equal(listen_bind(client.path, (gid_t)-1, 0600, &listen_fd),
	    0);
	netd = netd_start();
	keeper = fork();
	assert_true(keeper >= 0);
	if (keeper == 0)
		_exit(keeper_main(&d, listen_fd));
	(void)close(listen_fd);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (netd > 0)
		(void)kill(netd, SIGKILL);
	world_free(w);
	return 0;
}

static void
root_only(void)
{
	if (geteuid() != 0)
		skip();
}

/* Poll the published snapshot until it says so, at most for so long. */
static void
wait_for(const char *user, uint32_t uid, int64_t most_ms)
{
	int64_t end_ms = aia_now_ms() + most_ms;
	char path[AIA_PATH_MAX];

	assert_int_equal(path_join(w->paths.nss, AIA_SNAPSHOT_FILE, path), 0);
	while (access(path, F_OK) < 0 || world_uid(w, user) != uid) {
		assert_true(aia_now_ms() < end_ms);
		(void)usleep(10000);
	}
}

static int
collect(const char *json, void *arg)
{
	char *all = arg;
	size_t len = strlen(all);

	return snprintf(all + len, ALL_MAX - len, "%s\n", json) <
	    (int)(ALL_MAX - len) ? 0 : -ENOBUFS;
}

static void
sync_and_status(void **state)
{
	char text[128], all[ALL_MAX] = "";

	(void)state;
	root_only();
	assert_int_equal(keeper_sync(&client, NULL, false,
	    aia_now_ms() + DEADLINE_MS, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	assert_int_equal(world_uid(w, "ada"), 200001);
	assert_true(world_in_group(w, "ada", 210000));
	assert_int_equal(keeper_status(&client, aia_now_ms() + DEADLINE_MS,
	    collect, all), 0);
	assert_non_null(strstr(all, "\"n_users\":1"));
	assert_non_null(strstr(all, "\"outcome\":\"ok\""));
	assert_non_null(strstr(all, "\"name\":\"eve\\nroot\""));
	assert_non_null(strstr(all, "\"reason\":\"name-form\""));
	assert_non_null(strstr(all, "\"kind\":\"directory\""));
}

static void
unknown_source(void **state)
{
	const struct aia_name name = world_name("nosuch");
	char text[128];

	(void)state;
	root_only();
	assert_int_equal(keeper_sync(&client, &name, false,
	    aia_now_ms() + DEADLINE_MS, text, sizeof(text)), AIA_ENOUSER);
}

static void
local_account_appears(void **state)
{
	(void)state;
	root_only();
	world_etc(w, "passwd", "root:x:0:0::/root:/bin/sh\n"
	    "ada:x:1001:1001::/home/ada:/bin/sh\n");
	wait_for("ada", 0, SECOND_MS);
	assert_int_equal(world_gid(w, "ada"), 0);
	world_etc(w, "passwd", "root:x:0:0::/root:/bin/sh\n");
	wait_for("ada", 200001, SECOND_MS);
	world_etc(w, "group", "root:x:0:\nteam:x:1001:\n");
	wait_for("ada", 200001, SECOND_MS);
	world_etc(w, "group", "root:x:0:\nada:x:1001:\n");
	wait_for("ada", 0, SECOND_MS);
	world_etc(w, "group", "root:x:0:\n");
	wait_for("ada", 200001, SECOND_MS);
	world_etc(w, "subuid", "bob:200000:65536\n");
	wait_for("ada", 0, SECOND_MS);
	world_etc(w, "subuid", "");
	wait_for("ada", 200001, SECOND_MS);
}

static void
strangers_wait_for_nothing(void **state)
{
	struct aia_client *c[20];

	(void)state;
	root_only();
	/* Connections that say nothing hold up nobody who does. */
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		assert_int_equal(aia_client_open(client.path, 0,
		    aia_now_ms() + DEADLINE_MS, &c[i]), 0);
	sync_and_status(state);
	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		aia_client_close(c[i]);
}

static void
without_netd(void **state)
{
	char text[128], all[ALL_MAX] = "";

	(void)state;
	root_only();
	assert_int_equal(kill(netd, SIGKILL), 0);
	assert_int_equal(waitpid(netd, NULL, 0), netd);
	netd = 0;
	assert_int_equal(keeper_sync(&client, NULL, true,
	    aia_now_ms() + DEADLINE_MS, text, sizeof(text)), AIA_EOFFLINE);
	assert_string_not_equal(text, "");
	assert_int_equal(world_uid(w, "ada"), 200001);
	assert_int_equal(keeper_status(&client, aia_now_ms() + DEADLINE_MS,
	    collect, all), 0);
	assert_non_null(strstr(all, "\"outcome\":\"netd-offline\""));
}

static void
clean_stop(void **state)
{
	int status;

	(void)state;
	root_only();
	assert_int_equal(kill(keeper, SIGTERM), 0);
	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(world_uid(w, "ada"), 200001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sync_and_status),
		cmocka_unit_test(unknown_source),
		cmocka_unit_test(local_account_appears),
		cmocka_unit_test(strangers_wait_for_nothing),
		cmocka_unit_test(without_netd),
		cmocka_unit_test(clean_stop),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
