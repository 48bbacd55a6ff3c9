/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_netcall.c - calling aiauth-netd, with one of ours in its place that says
 * whatever a row tells it to.
 */
#include "config.h"

#include "base/netcall.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/listen.h"
#include "common/client.h"

#define WAIT_MS 10000

static char dir[] = "/tmp/test_netcall.XXXXXX";
static char sock[64];

struct row {
	const char	*name;
	unsigned	 n_told;	/* PROGRESS before RESULT */
	uint32_t	 outcome;	/* 0: closed in its stead */
	const char	*text;		/* NULL: none */
	int		 take_r;	/* what take() returns */
	int		 want;
};

static const struct row rows[] = {
	{ "done", 0, NETCALL_OK, NULL, 0, 0 },
	{ "told three times", 3, NETCALL_OK, NULL, 0, 0 },
	{ "a cause", 1, NETCALL_REFUSED, "401", 0, 0 },
	{ "closed", 1, 0, NULL, 0, AIA_EOFFLINE },
	{ "closed at once", 0, 0, NULL, 0, AIA_EOFFLINE },
	{ "taken for nonsense", 1, NETCALL_OK, NULL, AIA_EPROTO, AIA_EPROTO },
};

static void
say(int fd, const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	if (aia_encode(m, AIA_WIRE_VERSION, in, &pkt) < 0 ||
	    aia_packet_send(fd, &pkt, aia_now_ms() + WAIT_MS) < 0)
		_exit(1);
}

_Noreturn static void
netd(int listen_fd, const struct row *row)
{
	const struct netcall_progress progress = { .text =
	    aia_span_str("on the way") };
	struct netcall_result result = { .outcome = row->outcome,
	    .has = AIA_BIT(NETCALL_RESULT_F_STANDING),
	    .standing = NETCALL_DISABLED };
	static struct aia_packet pkt;
	int fd;

	if (aia_wait_for(listen_fd, POLLIN, aia_now_ms() + WAIT_MS) < 0)
		_exit(1);
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 || aia_packet_recv(fd, &pkt, aia_now_ms() + WAIT_MS) < 0 ||
	    pkt.type != NETCALL_CALL)
		_exit(1);
	for (unsigned i = 0; i < row->n_told; i++)
		say(fd, &netcall_m_progress, &progress);
	if (row->outcome == 0)
		_exit(0);
	if (row->text != NULL) {
		result.has |= AIA_BIT(NETCALL_RESULT_F_TEXT);
		result.text = aia_span_str(row->text);
	}
	say(fd, &netcall_m_result, &result);
	_exit(0);
}

struct heard { unsigned n; int r; };

static int
take(void *arg, const struct aia_packet *pkt)
{
	struct heard *h = arg;

	assert_int_equal(pkt->type, NETCALL_PROGRESS);
	h->n++;
	return h->r;
}

static struct netcall_call
call_make(void)
{
	struct netcall_call call = { .job = NETCALL_JOB_SYNC,
	    .timeout_ms = WAIT_MS };

	assert_int_equal(aia_name_parse("corp", 4, &call.source), 0);
	return call;
}

static void
called(void **state)
{
	const struct row *row = *state;
	struct heard heard = { .r = row->take_r };
	const struct netcall nc = { .path = sock, .owner = geteuid(),
	    .cancel_fd = -1, .take = take, .arg = &heard };
	const struct netcall_call call = call_make();
	struct netcall_ended end = { .text = "as it was" };
	int fd = -1, status = 0;
	pid_t pid;

	assert_int_equal(listen_bind(sock, (gid_t)-1, 0600, &fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		netd(fd, row);
	(void)close(fd);
	assert_int_equal(netcall_ask(&nc, &call, &end), row->want);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (row->want != 0) {
		assert_string_equal(end.text, "as it was");
		return;
	}
	assert_int_equal(status, 0);
	assert_int_equal(heard.n, row->n_told);
	assert_int_equal(end.outcome, row->outcome);
	assert_int_equal(end.standing, NETCALL_DISABLED);
	assert_string_equal(end.text, row->text == NULL ? "" : row->text);
}

/* Who asked for it went away: so does the call. */
static void
cancelled(void **state)
{
	const struct netcall_call call = call_make();
	struct netcall nc = { .path = sock, .owner = geteuid(), .take = take };
	struct netcall_ended end;
	int fd = -1, pair[2];

	(void)state;
	assert_int_equal(listen_bind(sock, (gid_t)-1, 0600, &fd), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	(void)close(pair[1]);
	nc.cancel_fd = pair[0];
	assert_int_equal(netcall_ask(&nc, &call, &end), AIA_EOFFLINE);
	(void)close(pair[0]);
	(void)close(fd);
}

static void
nobody_there(void **state)
{
	const struct netcall_call call = call_make();
	const struct netcall nc = { .path = sock, .owner = geteuid(),
	    .cancel_fd = -1, .take = take };
	struct netcall_ended end;

	(void)state;
	assert_int_equal(netcall_ask(&nc, &call, &end), AIA_EOFFLINE);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = { 0 };
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(sock, sizeof(sock), "%s/sock", dir);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		union { const struct row *in; void *out; } u =
		    { .in = &rows[i] };

		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = called, .initial_state = u.out };
	}
	tests[ARRAY_LEN(rows)] = (struct CMUnitTest)
	    cmocka_unit_test(cancelled);
	tests[ARRAY_LEN(rows) + 1] = (struct CMUnitTest)
	    cmocka_unit_test(nobody_there);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(sock);
	(void)rmdir(dir);
	return failed;
}
