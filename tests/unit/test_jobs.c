/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_jobs.c - the parent over a real socket: who is served, who is sent away,
 * what signals do.  The calls are of provider file: no network.
 */
#include "config.h"

#include "base/jobs.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/listen.h"
#include "base/log.h"
#include "base/netcall.h"
#include "common/client.h"
#include "netd/job.h"

#define WAIT_MS 10000		/* for what comes at once */
#define MOST 8			/* calls of one caller */

static char dir[] = "/tmp/test_jobs.XXXXXX";
static char sock[64], list[64];
static struct conf confs[2];	/* at first, and after SIGHUP */
static pid_t server;
static const struct jobs_ops *jobs_served = &netd_jobs;

static int64_t
soon(void)
{
	return aia_now_ms() + WAIT_MS;
}

_Noreturn static void
serve(int listen_fd, uid_t caller, unsigned may)
{
	const struct jobs_conf jc = { .ops = jobs_served,
	    .listen_fd = listen_fd, .n_callers = 1,
	    .callers = { { .uid = caller, .may = may, .most = MOST } } };
	enum jobs_why why = JOBS_RELOAD;
	struct jobs *jobs = NULL;
	int r;

	r = jobs_new(&jc, &jobs);
	for (size_t i = 0; r == 0 && why == JOBS_RELOAD; i++)
		r = i < ARRAY_LEN(confs) ? jobs_run(jobs, &confs[i], &why) :
		    -1;
	jobs_free(jobs);
	_exit(r == 0 && why == JOBS_STOP ? 0 : 1);
}

static void
start(uid_t caller, unsigned may)
{
	int fd = -1;

	assert_int_equal(listen_bind(sock, (gid_t)-1, 0600, &fd), 0);
	server = fork();
	assert_true(server >= 0);
	if (server == 0)
		serve(fd, caller, may);
	(void)close(fd);
}

/* Its exit status: 0 only if it was asked to stop. */
static int
stop(int signal)
{
	int status = -1;

	assert_int_equal(kill(server, signal), 0);
	assert_int_equal(waitpid(server, &status, 0), server);
	server = 0;
	return status;
}

static int
setup(void **state)
{
	(void)state;
	start(geteuid(), NETD_FOR_KEEPER);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (server > 0)
		(void)stop(SIGKILL);
	return 0;
}

static struct aia_client *
connected(void)
{
	struct aia_client *c = NULL;

	assert_int_equal(aia_client_open(sock, geteuid(), soon(), &c), 0);
	return c;
}

static struct netcall_call
call_of(const char *source)
{
	struct netcall_call call = { .job = NETCALL_JOB_SYNC,
	    .timeout_ms = 5000, .mode = NETCALL_FULL,
	    .has = AIA_BIT(NETCALL_CALL_F_MODE) };

	assert_int_equal(aia_name_parse(source, strlen(source), &call.source),
	    0);
	return call;
}

/* The outcome of one call; how many users came. */
static uint32_t
outcome_of(struct aia_client *c, const char *source, unsigned *ret_users)
{
	const struct netcall_call call = call_of(source);
	const struct aia_packet *pkt = NULL;
	struct netcall_result result = { 0 };

	*ret_users = 0;
	assert_int_equal(aia_client_send(c, &netcall_m_call, &call, soon()),
	    0);
	do {
		assert_int_equal(aia_client_recv(c, soon(), &pkt), 0);
		*ret_users += pkt->type == NETCALL_USER;
	} while (pkt->type != NETCALL_RESULT);
	assert_int_equal(aia_decode(&netcall_m_result, pkt, &result), 0);
	return result.outcome;
}

static void
assert_sent_away(struct aia_client *c)
{
	const struct aia_packet *pkt = NULL;

	assert_true(aia_client_recv(c, soon(), &pkt) < 0);
}

static void
served(void **state)
{
	unsigned n_users = 0;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct aia_client *c = connected();

		assert_int_equal(outcome_of(c, "old", &n_users), NETCALL_OK);
		assert_int_equal(n_users, 2);
		assert_sent_away(c);	/* one connection is one call */
		aia_client_close(c);
	}
	assert_int_equal(stop(SIGTERM), 0);
}

static void
no_such_source(void **state)
{
	struct aia_client *c = connected();
	unsigned n_users = 0;

	(void)state;
	assert_int_equal(outcome_of(c, "elsewhere", &n_users),
	    NETCALL_CONFIG);
	aia_client_close(c);
}

static void
no_time(struct netcall_call *call)
{
	call->timeout_ms = 0;
}

static void
no_mode(struct netcall_call *call)
{
	call->mode = 0;
}

static void
mode_left_out(struct netcall_call *call)
{
	call->has = 0;
}

static void
no_such_job(struct netcall_call *call)
{
	call->job = 255;
}

static void
somebody_to_sync(struct netcall_call *call)
{
	call->object_id = aia_span_str("u1");
	call->has |= AIA_BIT(NETCALL_CALL_F_OBJECT_ID);
}

static void
refused_calls(void **state)
{
	static void (*const spoil[])(struct netcall_call *) = { no_time,
	    no_mode, mode_left_out, no_such_job, somebody_to_sync };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spoil); i++) {
		struct netcall_call call = call_of("old");
		struct aia_client *c = connected();

		spoil[i](&call);
		assert_int_equal(aia_client_send(c, &netcall_m_call, &call,
		    soon()), 0);
		assert_sent_away(c);
		aia_client_close(c);
	}
	assert_int_equal(stop(SIGTERM), 0);
}

/* Every truncation of a good CALL, a byte more, and a version too new. */
static void
refused_bytes(void **state)
{
	const struct netcall_call call = call_of("old");
	struct aia_packet pkt;

	(void)state;
	assert_int_equal(aia_encode(&netcall_m_call, AIA_WIRE_VERSION, &call,
	    &pkt), 0);
	for (size_t len = 1; len <= pkt.len + 2; len++) {
		struct aia_client *c;
		size_t n = len;

		if (len == pkt.len)
			continue;
		c = connected();
		if (len == pkt.len + 2) {
			pkt.buf[0] = AIA_WIRE_VERSION + 1;
			n = pkt.len;
		}
		assert_int_equal(send(aia_client_fd(c), pkt.buf, n,
		    MSG_NOSIGNAL), n);
		assert_sent_away(c);
		aia_client_close(c);
	}
	assert_int_equal(stop(SIGTERM), 0);
}

static void
stranger(void **state)
{
	struct aia_client *c;

	(void)state;
	(void)stop(SIGKILL);
	start(geteuid() + 1, NETD_FOR_KEEPER);
	c = connected();
	assert_sent_away(c);
	aia_client_close(c);
}

/* A worker may call, but not for a listing. */
static void
not_his_job(void **state)
{
	const struct netcall_call call = call_of("old");
	struct aia_client *c;

	(void)state;
	(void)stop(SIGKILL);
	start(geteuid(), NETD_FOR_WORKER);
	c = connected();
	assert_int_equal(aia_client_send(c, &netcall_m_call, &call, soon()),
	    0);
	assert_sent_away(c);
	aia_client_close(c);
	assert_int_equal(stop(SIGTERM), 0);
}

/* Who only connects fills his own places, and they still serve him. */
static void
many_connections(void **state)
{
	struct aia_client *many[2 * MOST], *c;
	unsigned n_users = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = connected();
	c = connected();
	assert_sent_away(c);
	aia_client_close(c);
	assert_int_equal(outcome_of(many[0], "old", &n_users), NETCALL_OK);
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		aia_client_close(many[i]);
	assert_int_equal(stop(SIGTERM), 0);
}

static void
reload(void **state)
{
	struct aia_client *c = connected();
	unsigned n_users = 0;

	(void)state;
	assert_int_equal(outcome_of(c, "new", &n_users), NETCALL_CONFIG);
	aia_client_close(c);
	assert_int_equal(kill(server, SIGHUP), 0);
	c = connected();
	assert_int_equal(outcome_of(c, "new", &n_users), NETCALL_OK);
	aia_client_close(c);
	assert_int_equal(stop(SIGINT), 0);
}

/* Jobs whose parent hears of what they kept, and of their end, in one moment. */
static unsigned *kept;		/* shared with it */

static int
three_take(const struct aia_packet *pkt, unsigned may, uint32_t *ret_ms)
{
	(void)pkt;
	(void)may;
	*ret_ms = WAIT_MS;
	return 0;
}

static int
three_run(const struct job *job, const struct aia_packet *pkt)
{
	(void)pkt;
	(void)kill(getppid(), SIGSTOP);
	for (int i = 0; i < 3; i++)
		(void)send(job->keep_fd, "k", 1, MSG_DONTWAIT);
	(void)send(job->fd, "e", 1, MSG_DONTWAIT);
	return 0;
}

static bool
three_keep(int fd)
{
	char c;

	if (recv(fd, &c, 1, MSG_DONTWAIT) != 1)
		return false;
	(*kept)++;
	return true;
}

static void
kept_to_the_last(void **state)
{
	static const struct jobs_ops three = { .take = three_take,
	    .run = three_run, .keep = three_keep };
	const struct timespec pause = { .tv_nsec = 10000000 };
	const struct netcall_call call = call_of("old");
	const struct aia_packet *pkt = NULL;
	struct aia_client *c;

	(void)state;
	kept = mmap(NULL, sizeof(*kept), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(kept != MAP_FAILED);
	jobs_served = &three;
	start(geteuid(), NETD_FOR_KEEPER);
	jobs_served = &netd_jobs;
	c = connected();
	assert_int_equal(aia_client_send(c, &netcall_m_call, &call, soon()),
	    0);
	assert_true(aia_client_recv(c, soon(), &pkt) < 0);	/* no packet */
	(void)nanosleep(&pause, NULL);		/* it ends */
	assert_int_equal(kill(server, SIGCONT), 0);
	for (int i = 0; i < WAIT_MS / 10 && *kept < 3; i++)
		(void)nanosleep(&pause, NULL);
	assert_int_equal(*kept, 3);
	aia_client_close(c);
	assert_int_equal(stop(SIGTERM), 0);
	(void)munmap(kept, sizeof(*kept));
}

static void
conf_fill(struct conf *conf, const char *source)
{
	struct conf_source *s = &conf->sources[conf->n_sources++];

	(void)snprintf(s->name.s, sizeof(s->name.s), "%s", source);
	(void)snprintf(s->provider, sizeof(s->provider), "file");
	(void)snprintf(s->path, sizeof(s->path), "%s", list);
	s->timeout_s = 5;
	s->objects_max = 10;
}

static int
dir_make(void **state)
{
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(sock, sizeof(sock), "%s/s", dir);
	(void)snprintf(list, sizeof(list), "%s/list", dir);
	f = fopen(list, "we");
	assert_non_null(f);
	assert_true(fputs("{\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}",
	    f) >= 0);
	assert_int_equal(fclose(f), 0);
	conf_fill(&confs[0], "old");
	conf_fill(&confs[1], "old");
	conf_fill(&confs[1], "new");
	return 0;
}

static int
dir_remove(void **state)
{
	(void)state;
	(void)unlink(sock);
	(void)unlink(list);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(served, setup, teardown),
		cmocka_unit_test_setup_teardown(no_such_source, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(refused_calls, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(refused_bytes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(stranger, setup, teardown),
		cmocka_unit_test_setup_teardown(not_his_job, setup, teardown),
		cmocka_unit_test_setup_teardown(many_connections, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(reload, setup, teardown),
		cmocka_unit_test_teardown(kept_to_the_last, teardown),
	};

	log_init("test_jobs", true);
	return cmocka_run_group_tests(tests, dir_make, dir_remove);
}
