/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_relay.c - a daemon that asks for signatures, and agents beside it.
 *
 * test_pam.c has the rest of the relay; there nobody has an agent, for its
 * program is root's own.
 */
#include "config.h"

#include "pam_aiauth/relay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/pam_rig.h"

#define OTHER_NAMESPACE "SSHSIG\0\0\0\x04" "file"
#define SHORT "SSHSIG"

/* What the daemon wants signed, twice, and whether signatures came. */
static struct aia_span wanted;

static void
say_sign(int fd)
{
	const struct aia_m_agent_sign sign = { .key = aia_span_str("k"),
	    .data = wanted, .text = aia_span_str("Touch it.") };

	peer_say(fd, AIA_WIRE_VERSION, &aia_m_agent_sign, &sign);
}

static void
hear_signature(int fd, struct rig_stage *st)
{
	struct aia_m_agent_reply reply;

	peer_hear(fd, &aia_m_agent_reply, &reply);
	st->replied = AIA_HAS(&reply, AIA_AGENT_REPLY_F_SIGNATURE);
	st->reply_len++;
}

static void
sign_twice(int fd, struct rig_stage *st)
{
	rig_hear_begin(fd, st);
	for (int i = 0; i < 2; i++) {
		say_sign(fd);
		hear_signature(fd, st);
	}
	rig_say_verdict(fd, st);
}

/* An agent of ours that nobody serves, so that connections can be counted. */
static int
agent_listen(const struct rig *rg, struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	addr->sun_family = AF_UNIX;
	(void)snprintf(addr->sun_path, sizeof(addr->sun_path), "%s/agent",
	    rg->peer.dir);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)addr, sizeof(*addr)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static unsigned
connections(int fd)
{
	unsigned n = 0;
	int conn;

	while ((conn = accept(fd, NULL, NULL)) >= 0) {
		(void)close(conn);
		n++;
	}
	return n;
}

static struct sign_row {
	const char	*name;
	struct aia_span	 data;
	bool		 no_agent;	/* none was offered */
	bool		 gone;		/* its socket is */
	int		 want;
	unsigned	 replies, connections;
} sign_rows[] = {
	{ "one that never answers is asked once",
	    { (const uint8_t *)AIA_AGENT_DATA_HEAD, AIA_AGENT_DATA_HEAD_LEN },
	    false, false, 0, 2, 1 },
	{ "one that is gone",
	    { (const uint8_t *)AIA_AGENT_DATA_HEAD, AIA_AGENT_DATA_HEAD_LEN },
	    false, true, 0, 2, 0 },
	{ "none was offered",
	    { (const uint8_t *)AIA_AGENT_DATA_HEAD, AIA_AGENT_DATA_HEAD_LEN },
	    true, false, AIA_EPROTO, 0, 0 },
	{ "another namespace",
	    { (const uint8_t *)OTHER_NAMESPACE, sizeof(OTHER_NAMESPACE) - 1 },
	    false, false, AIA_EPROTO, 0, 0 },
	{ "less than a namespace",
	    { (const uint8_t *)SHORT, sizeof(SHORT) - 1 }, false, false,
	    AIA_EPROTO, 0, 0 },
};

static void
signs(void **state)
{
	const struct sign_row *row = *state;
	const struct aia_m_begin begin = { .phase = AIA_PHASE_AUTH,
	    .service = aia_span_str("sudo"), .user = { "ada" } };
	struct relay rl = { 0 };
	struct relay_end end = { 0 };
	struct rig rg;
	struct sockaddr_un addr = { 0 };
	int fd;

	wanted = row->data;
	rig_open(&rg);
	rg.st->play = sign_twice;
	rg.st->verdict = AIA_V_DENIED;
	fd = agent_listen(&rg, &addr);
	rig_start(&rg, "pam_aiauth.so", "sudo", RIG_USER, "", NULL);
	rl.pamh = rg.pamh;
	rl.deadline_ms = aia_now_ms() + 600;	/* half of it for the agent */
	rl.agent = row->no_agent ? NULL : addr.sun_path;
	if (row->gone)
		assert_int_equal(unlink(addr.sun_path), 0);
	assert_int_equal(aia_client_open(rg.peer.path, getuid(),
	    rl.deadline_ms, &rl.client), 0);

	assert_int_equal(relay_run(&rl, &begin, &end), row->want);
	assert_int_equal(end.verdict, row->want == 0 ? AIA_V_DENIED : 0);
	assert_int_equal(rg.st->reply_len, row->replies);
	assert_false(rg.st->replied);
	assert_int_equal(connections(fd), row->connections);
	/* Nobody was told to touch what is not there. */
	assert_int_equal(rg.n_notices, 0);

	aia_client_close(rl.client);
	(void)close(fd);
	(void)unlink(addr.sun_path);
	rig_close(&rg);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(sign_rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(sign_rows); i++)
		tests[i] = (struct CMUnitTest){ .name = sign_rows[i].name,
		    .test_func = signs, .initial_state = &sign_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
