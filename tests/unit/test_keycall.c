/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_keycall.c - asking aiauth-keyd, with one of ours in its place that says
 * whatever a row tells it to.
 */
#include "config.h"

#include "base/keycall.h"

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

static char dir[] = "/tmp/test_keycall.XXXXXX";
static char sock[64];
static const uint8_t hash[KEYCALL_HASH_LEN], bytes[8] = "answered";

enum what { FULL, NO_ID, NO_SIGNATURE, NO_DATA };
#define RETRIES 7

struct row {
	const char	*name;
	bool		 created;
	unsigned	 n_told;	/* PROGRESS before RESULT */
	uint32_t	 outcome;	/* 0: closed in its stead */
	enum what	 what;
	int		 told_r;	/* what told() and pin() return */
	int		 want;
	const char	*pin;		/* asked for; NULL: not */
};

static const struct row rows[] = {
	{ "assertion", false, 1, KEYCALL_OK, FULL, 0, 0, NULL },
	{ "credential", true, 1, KEYCALL_OK, NO_ID, 0, 0, NULL },
	{ "told three times", false, 3, KEYCALL_OK, FULL, 0, 0, NULL },
	{ "outcome alone", false, 0, KEYCALL_NO_KEY, NO_DATA, 0, 0, NULL },
	{ "no id", false, 0, KEYCALL_OK, NO_ID, 0, AIA_EPROTO, NULL },
	{ "no signature", false, 0, KEYCALL_OK, NO_SIGNATURE, 0, AIA_EPROTO,
	    NULL },
	{ "no data", true, 0, KEYCALL_OK, NO_DATA, 0, AIA_EPROTO, NULL },
	{ "closed", false, 1, 0, FULL, 0, AIA_EOFFLINE, NULL },
	{ "nobody to tell", false, 1, KEYCALL_OK, FULL, -EPIPE, -EPIPE,
	    NULL },
	{ "PIN", false, 1, KEYCALL_OK, FULL, 0, 0, "1234" },
	{ "PIN for a credential", true, 2, KEYCALL_OK, NO_ID, 0, 0, "1234" },
	{ "no PIN", false, 0, KEYCALL_OK, FULL, -ECANCELED, -ECANCELED, "" },
	{ "PIN that nobody could type", false, 0, KEYCALL_OK, FULL, 0,
	    AIA_EPROTO,
	    "1234567890123456789012345678901234567890123456789012345678901234"
	},
};

static void
say(int fd, const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	if (aia_encode(m, AIA_WIRE_VERSION, in, &pkt) < 0 ||
	    aia_packet_send(fd, &pkt, aia_now_ms() + WAIT_MS) < 0)
		_exit(1);
}

/* What was typed there arrives here. */
static void
ask_pin(int fd, const char *want)
{
	const struct keycall_progress progress = {
		.has = AIA_BIT(KEYCALL_PROGRESS_F_RETRIES),
		.step = KEYCALL_ASK_PIN, .retries = RETRIES };
	static struct aia_packet pkt;
	struct keycall_pin m;

	say(fd, &keycall_m_progress, &progress);
	if (aia_packet_recv(fd, &pkt, aia_now_ms() + WAIT_MS) < 0 ||
	    aia_decode(&keycall_m_pin, &pkt, &m) < 0 ||
	    !aia_span_eq(m.pin, aia_span_str(want)))
		_exit(1);
}

_Noreturn static void
keyd(int listen_fd, const struct row *row)
{
	const struct keycall_progress progress = { .step = KEYCALL_TOUCH };
	struct keycall_result result = { .outcome = row->outcome,
	    .id = aia_span_of(bytes, 8), .auth_data = aia_span_of(bytes, 8),
	    .signature = aia_span_of(bytes, 8) };
	static struct aia_packet pkt;
	int fd;

	if (aia_wait_for(listen_fd, POLLIN, aia_now_ms() + WAIT_MS) < 0)
		_exit(1);
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 || aia_packet_recv(fd, &pkt, aia_now_ms() + WAIT_MS) < 0 ||
	    pkt.type != (row->created ? KEYCALL_CREATE : KEYCALL_ASSERT))
		_exit(1);
	for (unsigned i = 0; i < row->n_told; i++)
		say(fd, &keycall_m_progress, &progress);
	if (row->pin != NULL)
		ask_pin(fd, row->pin);
	if (row->outcome == 0)
		_exit(0);
	if (row->what != NO_DATA)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_AUTH_DATA);
	if (row->what == FULL || row->what == NO_SIGNATURE)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_ID);
	if (row->what == FULL)
		result.has |= AIA_BIT(KEYCALL_RESULT_F_SIGNATURE);
	say(fd, &keycall_m_result, &result);
	_exit(0);
}

struct heard { unsigned n; int r; const struct row *row; };

static int
told(void *arg, enum keycall_step step)
{
	struct heard *h = arg;

	assert_int_equal(step, KEYCALL_TOUCH);
	h->n++;
	return h->r;
}

static int
pin(void *arg, bool has, uint32_t retries, struct secret *ret)
{
	const struct heard *h = arg;

	assert_true(has);
	assert_int_equal(retries, RETRIES);
	assert_int_equal(secret_set(ret, h->row->pin, strlen(h->row->pin)), 0);
	return h->r;
}

static void
asked(void **state)
{
	const struct row *row = *state;
	struct heard heard = { .r = row->told_r, .row = row };
	const struct keycall kc = { .path = sock, .owner = geteuid(),
	    .cancel_fd = -1, .told = told, .pin = pin, .arg = &heard };
	struct keycall_ask ask = { .timeout_ms = WAIT_MS,
	    .hash = aia_span_of(hash, sizeof(hash)),
	    .ids = aia_span_of("", 0) };
	static struct keycall_answer a;
	int fd = -1, status = 0;
	pid_t pid;

	assert_int_equal(aia_name_parse("ada", 3, &ask.user), 0);
	assert_int_equal(listen_bind(sock, (gid_t)-1, 0600, &fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		keyd(fd, row);
	(void)close(fd);
	assert_int_equal(keycall_ask(&kc, row->created, &ask, &a), row->want);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (row->want != 0)
		return;
	assert_int_equal(status, 0);
	assert_int_equal(heard.n, row->n_told);
	assert_int_equal(a.outcome, row->outcome);
	assert_int_equal(a.auth_data_len, row->what == NO_DATA ? 0 : 8);
}

/* Who asked for it went away: so does the question. */
static void
cancelled(void **state)
{
	const struct keycall_ask ask = { .timeout_ms = WAIT_MS,
	    .hash = aia_span_of(hash, sizeof(hash)),
	    .ids = aia_span_of("", 0) };
	struct keycall kc = { .path = sock, .owner = geteuid(), .told = told };
	static struct keycall_answer a;
	int fd = -1, pair[2];

	(void)state;
	assert_int_equal(listen_bind(sock, (gid_t)-1, 0600, &fd), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	(void)close(pair[1]);
	kc.cancel_fd = pair[0];
	assert_int_equal(keycall_ask(&kc, false, &ask, &a), AIA_EOFFLINE);
	(void)close(pair[0]);
	(void)close(fd);
}

static void
nobody_there(void **state)
{
	const struct keycall_ask ask = { .timeout_ms = WAIT_MS };
	const struct keycall kc = { .path = sock, .owner = geteuid(),
	    .cancel_fd = -1, .told = told };
	static struct keycall_answer a;

	(void)state;
	assert_int_equal(keycall_ask(&kc, false, &ask, &a), AIA_EOFFLINE);
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
		    .test_func = asked, .initial_state = u.out };
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
