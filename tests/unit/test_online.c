/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_online.c - what a source says about one user, and what becomes of it.
 */
#include "config.h"

#include "aiauthd/login/online.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "common/client.h"
#include "tests/unit/fake_back.h"

#define REASON "online_check: the source "

static struct online_row {
	const char	*name;
	struct netcall_ended said;
	int		 error;
	unsigned	 busy;		/* turned away so often first */
	int64_t		 left_ms;	/* of the dialogue; 0: plenty */
	const char	*reason;	/* NULL: fine */
	unsigned	 checks, hints;
	bool		 gone;		/* the caller */
} rows[] = {
	{ "active", { NETCALL_OK, 0, NETCALL_ACTIVE, "" }, .checks = 1 },
	{ "disabled", { NETCALL_OK, 0, NETCALL_DISABLED, "" }, .checks = 1,
	    .reason = REASON "says: not active", .hints = 1 },
	{ "deleted", { NETCALL_OK, 0, NETCALL_NOBODY, "" }, .checks = 1,
	    .reason = REASON "says: no such user", .hints = 1 },
	{ "says nothing of what was asked", { NETCALL_OK, 0, 0, "" },
	    .checks = 1,
	    .reason = REASON "did not say: no answer to what was asked" },
	{ "down, whatever else it says", { NETCALL_UNREACHABLE, 0,
	    NETCALL_ACTIVE, "connection refused" }, .checks = 1,
	    .reason = REASON "did not say: connection refused" },
	{ "our token is refused", { NETCALL_REFUSED, 0, 0, "401" },
	    .checks = 1, .reason = REASON "did not say: 401" },
	{ "throttled, and it says for how long", { NETCALL_THROTTLED, 5, 0,
	    "429" }, .checks = 1, .reason = REASON "did not say: 429" },
	{ "nobody at netd.sock", { NETCALL_OK, 0, NETCALL_ACTIVE, "" },
	    .error = AIA_EOFFLINE, .checks = 1, .reason = REASON },
	{ "no answer in time", { 0 }, .error = -ETIMEDOUT, .checks = 1,
	    .reason = REASON },
	{ "busy, then not", { NETCALL_OK, 0, NETCALL_ACTIVE, "" },
	    .busy = 2, .checks = 3 },
	{ "busy, then disabled", { NETCALL_OK, 0, NETCALL_DISABLED, "" },
	    .busy = 1, .checks = 2, .hints = 1,
	    .reason = REASON "says: not active" },
	{ "busy, and the caller goes", { NETCALL_OK, 0, NETCALL_ACTIVE, "" },
	    .busy = 9, .checks = 1, .gone = true,
	    .reason = REASON "did not say: too many calls at once" },
	{ "busy until the time is up", { NETCALL_OK, 0, NETCALL_ACTIVE, "" },
	    .busy = 99, .left_ms = 3250, .checks = 2,
	    .reason = REASON "did not say: too many calls at once" },
	{ "no time left", { NETCALL_OK, 0, NETCALL_ACTIVE, "" },
	    .left_ms = 2000, .reason = REASON "did not say: " },
};

static struct worker worker;
static struct daemon daemon_;

static void
checked(void **state)
{
	const struct online_row *row = *state;
	static struct dialogue dlg;
	static struct login lg;
	struct online why = { 0 };
	struct aia_name name;
	int fds[2], r;

	fake_worker(&worker, &daemon_, "/dev/null");
	worker.conf.sources[0].online_check = true;
	fake.checked = row->said;
	fake.check_error = row->error;
	fake.check_busy = row->busy;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	if (row->gone)
		(void)shutdown(fds[0], SHUT_WR);
	dlg = (struct dialogue){ .worker = &worker, .fd = fds[1],
	    .deadline_ms = aia_now_ms() + (row->left_ms == 0 ? 60000 :
	    row->left_ms) };
	lg = (struct login){ .worker = &worker };
	assert_int_equal(aia_name_parse("ada", 3, &name), 0);
	assert_int_equal(person_find(&worker, &name, &lg.person), 0);
	r = online_check(&lg, &dlg, &why);
	assert_int_equal(r, row->reason == NULL ? 0 : AIA_EDENIED);
	if (row->reason != NULL) {
		assert_int_equal(strncmp(why.reason, row->reason,
		    strlen(row->reason)), 0);
		assert_true(why.notice[0] != '\0');
	}
	assert_int_equal(fake.checks, row->checks);
	assert_int_equal(fake.hints, row->hints);
	(void)close(fds[0]);
	(void)close(fds[1]);
	person_directory_drop(&worker);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	log_init("test_online", true);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = checked, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
