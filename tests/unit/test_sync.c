/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sync.c - what a source is asked for, and when, by what it said before.
 */
#include "config.h"

#include "aiauthd/keeper/sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/listen.h"
#include "base/netcall.h"
#include "common/client.h"
#include "tests/keeper_world.h"

#define DEADLINE_MS 20000	/* a slow machine; nothing waits for it */
#define PASSED_MS 2000		/* may have, between planning and looking */

static struct world *w;
static struct sync *sy;
static int listen_fd = -1;

static int
setup(void **state)
{
	char path[AIA_PATH_MAX];

	(void)state;
	if (geteuid() != 0)
		return 0;	/* the socket must be root's */
	w = world_new();
	w->conf.n_sources = 1;
	w->conf.sources[0].offline_grace_s = 86400;
	assert_int_equal(path_join(w->paths.run, "netd.sock", path), 0);
	assert_int_equal(listen_bind(path, (gid_t)-1, 0600, &listen_fd), 0);
	assert_int_equal(sync_new(&w->up, path, 0, &sy), 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sync_free(sy);
	world_free(w);
	if (listen_fd >= 0)
		(void)close(listen_fd);
	return 0;
}

static void
say(int fd, const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	assert_int_equal(aia_encode(m, AIA_WIRE_VERSION, in, &pkt), 0);
	assert_int_equal(aia_packet_send(fd, &pkt, aia_now_ms() +
	    DEADLINE_MS), 0);
}

/* The run that begins now: what it asks for, and this is how it ends. */
static uint32_t
run(const struct netcall_result *result)
{
	static struct aia_packet pkt;
	const struct netcall_listing_end end = { .complete = 1,
	    .has = AIA_BIT(NETCALL_END_F_CURSOR),
	    .cursor = aia_span_str("where we are") };
	struct netcall_listing_begin begin = { 0 };
	struct netcall_call call;
	int fd;

	fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(aia_packet_recv(fd, &pkt, aia_now_ms() +
	    DEADLINE_MS), 0);
	assert_int_equal(aia_decode(&netcall_m_call, &pkt, &call), 0);
	begin.mode = call.mode;
	begin.source = call.source;
	if (result->outcome == NETCALL_OK) {
		say(fd, &netcall_m_listing_begin, &begin);
		say(fd, &netcall_m_listing_end, &end);
	}
	say(fd, &netcall_m_result, result);
	while (sync_poll(sy, (struct pollfd[CONF_SOURCES_MAX]){ { 0 } }) > 0)
		(void)sync_read(sy);
	(void)close(fd);
	return call.mode;
}

enum { FULL = NETCALL_FULL, DELTA = NETCALL_DELTA, OK = NETCALL_OK,
	OVER = NETCALL_START_OVER, OFF = NETCALL_UNREACHABLE,
	BUSY = NETCALL_THROTTLED };

/* One after another: so long the source is left alone, then it is asked for
 * this, and answers so. */
static const struct {
	const char *name;
	int64_t wait_s;
	uint32_t mode, outcome, retry_after_s;
} rows[] = {
	{ "the first is a full one", 0, FULL, OK, 0 },
	{ "then changes, after their interval", 60, DELTA, OK, 0 },
	{ "and again", 60, DELTA, OFF, 0 },
	{ "not reached: soon", 1, DELTA, OFF, 0 },
	{ "and later each time", 2, DELTA, BUSY, 0 },
	{ "busy, and it does not say how long", 4, DELTA, BUSY, 100 },
	{ "it says how long", 100, DELTA, BUSY, 1 },
	{ "too soon to be believed", 16, DELTA, OK, 0 },
	{ "well again", 60, DELTA, OVER, 0 },
	{ "the cursor is forgotten: all, at once", 0, FULL, OK, 0 },
	{ "changes", 60, DELTA, OVER, 0 },
	{ "forgotten again: all, but not at once", 4, FULL, OK, 0 },
	{ "changes", 60, DELTA, OVER, 0 },
	{ "and again: later", 8, FULL, OFF, 0 },
	{ "not even all: later still", 16, FULL, OFF, 0 },
	{ "and later", 32, FULL, OK, 0 },
	{ "changes", 60, DELTA, OVER, 0 },
	{ "it never learns", 16, FULL, OK, 0 },
	{ "changes", 60, DELTA, OVER, 0 },
	{ "nor now", 32, FULL, OK, 0 },
	{ "a good listing of changes", 60, DELTA, OK, 0 },
	{ "and it may forget once more", 60, DELTA, OVER, 0 },
	{ "at once", 0, FULL, OK, 0 },
	{ "to the end", 60, DELTA, OK, 0 },
};

static void
schedule(void **state)
{
	int64_t now_ms, wait_ms;

	(void)state;
	if (geteuid() != 0)
		skip();
	now_ms = aia_now_ms();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct netcall_result result = {
			.has = AIA_BIT(NETCALL_RESULT_F_RETRY_AFTER),
			.outcome = rows[i].outcome,
			.retry_after_s = rows[i].retry_after_s };

		/* The age of things is noted meanwhile, which asks nobody. */
		for (;;) {
			wait_ms = sync_wait_ms(sy, now_ms);
			if (sync_poll(sy, (struct pollfd[CONF_SOURCES_MAX]){
			    { 0 } }) > 0)
				break;
			sync_tick(sy, now_ms += wait_ms);
		}
		print_message("%s\n", rows[i].name);
		wait_ms = now_ms - aia_now_ms();
		assert_in_range(wait_ms + PASSED_MS, rows[i].wait_s * 1000,
		    rows[i].wait_s * 1000 + PASSED_MS);
		assert_int_equal(run(&result), rows[i].mode);
		now_ms = aia_now_ms();
	}
}

/* Whoever asks gets a full listing, also when that very run ends so. */
static void
asked_meanwhile(void **state)
{
	const struct netcall_result over = { .outcome = OVER };
	const struct netcall_result ok = { .outcome = OK };
	enum sync_verdict verdict = SYNC_OFFLINE;
	struct sync_ticket ticket;
	const char *text = "";

	(void)state;
	if (geteuid() != 0)
		skip();
	for (int i = 0; i < 2; i++) {
		sync_tick(sy, aia_now_ms() + 61000);
		sync_ask(sy, SYNC_ALL, false, aia_now_ms(), &ticket);
		assert_int_equal(run(&over), DELTA);
		assert_false(sync_done(sy, &ticket, &verdict, &text));
		sync_tick(sy, aia_now_ms());
		assert_int_equal(run(&ok), FULL);
		assert_true(sync_done(sy, &ticket, &verdict, &text));
		assert_int_equal(verdict, SYNC_FINE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schedule), cmocka_unit_test(asked_meanwhile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
