/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_job.c - a caller of aiauth-keyd who sends PINs as he likes: none gets to
 * a key that was not touched, and no other bytes do.
 */
#include "config.h"

#include "keyd/job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/keycall.h"
#include "common/client.h"
#include "tests/unit/keys_rig.h"

#define WAIT_MS 20000

static const uint8_t hash[KEYCALL_HASH_LEN];
static struct conf conf = { .rp_id = "keys.example" };
static int caller;		/* our end of the question */
static pid_t child;

static void
say(const struct aia_message *m, const void *in)
{
	static struct aia_packet pkt;

	assert_int_equal(aia_encode(m, AIA_WIRE_VERSION, in, &pkt), 0);
	assert_int_equal(aia_packet_send(caller, &pkt, aia_now_ms() + WAIT_MS),
	    0);
}

/* CREATE: a key with a PIN wants it for that. */
static void
ask(void)
{
	static struct aia_packet pkt;
	struct keycall_ask in = { .timeout_ms = WAIT_MS,
	    .hash = aia_span_of(hash, sizeof(hash)),
	    .ids = aia_span_of("", 0), .user = { "ada" } };
	struct job job = { .conf = &conf, .version = AIA_WIRE_VERSION,
	    .deadline_ms = aia_now_ms() + WAIT_MS, .keep_fd = -1 };
	uint32_t ms = 0;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
	    pair), 0);
	caller = pair[0];
	job.fd = pair[1];
	say(&keycall_m_create, &in);
	assert_int_equal(aia_packet_recv(job.fd, &pkt, job.deadline_ms), 0);
	assert_int_equal(keyd_jobs.take(&pkt, 0, &ms), 0);
	assert_int_equal(ms, WAIT_MS);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(caller);
		_exit(keyd_jobs.run(&job, &pkt));
	}
	(void)close(job.fd);
}

/* What comes next is this step; -1: the RESULT. */
static int
next(struct keycall_progress *progress, struct keycall_result *result)
{
	static struct aia_packet pkt;

	assert_int_equal(aia_packet_recv(caller, &pkt, aia_now_ms() + WAIT_MS),
	    0);
	if (pkt.type == KEYCALL_PROGRESS) {
		assert_int_equal(aia_decode(&keycall_m_progress, &pkt,
		    progress), 0);
		return (int)progress->step;
	}
	assert_int_equal(aia_decode(&keycall_m_result, &pkt, result), 0);
	return -1;
}

static void
end(void)
{
	int status = 0;

	(void)close(caller);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
}

static void
pin_say(struct aia_span pin)
{
	const struct keycall_pin m = { .pin = pin };

	say(&keycall_m_pin, &m);
}

/* How many PINs the key says that it takes. */
static uint32_t
retries(void)
{
	struct keycall_progress progress = { 0 };
	struct keycall_result result = { 0 };

	ask();
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	assert_int_equal(next(&progress, &result), KEYCALL_ASK_PIN);
	assert_true(AIA_HAS(&progress, KEYCALL_PROGRESS_F_RETRIES));
	end();
	return progress.retries;
}

struct row {
	const char	*name;
	const char	*pin;
	size_t		 len;
	enum keycall_outcome want;
	uint32_t	 left;		/* attempts, after it */
};

static const struct row rows[] = {
	{ "the PIN", "1234", 4, KEYCALL_OK, 8 },
	{ "another", "4321", 4, KEYCALL_PIN_WRONG, 7 },
	{ "none", "", 0, KEYCALL_TIMED_OUT, 8 },
	{ "one that goes on behind its end", "1234\0x", 6, KEYCALL_TIMED_OUT,
	    8 },
	{ "one that begins with its end", "\0", 1, KEYCALL_TIMED_OUT, 8 },
	{ "the longest", "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123", KEYCALL_PIN_MAX, KEYCALL_PIN_WRONG, 7 },
};

static void
pin(void **state)
{
	const struct row *row = *state;
	struct keycall_progress progress = { 0 };
	struct keycall_result result = { 0 };
	int step = 0;

	ask();
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	assert_int_equal(next(&progress, &result), KEYCALL_ASK_PIN);
	pin_say(aia_span_of(row->pin, row->len));
	while (step != -1)
		step = next(&progress, &result);
	assert_int_equal(result.outcome, row->want);
	end();
	assert_int_equal(retries(), row->left);
}

/* Another message in its place. */
static void
no_pin(void **state)
{
	const struct keycall_progress other = { .step = KEYCALL_TOUCH };
	struct keycall_progress progress = { 0 };
	struct keycall_result result = { 0 };

	(void)state;
	ask();
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	assert_int_equal(next(&progress, &result), KEYCALL_ASK_PIN);
	say(&keycall_m_progress, &other);
	assert_int_equal(next(&progress, &result), -1);
	assert_int_equal(result.outcome, KEYCALL_TIMED_OUT);
	end();
	assert_int_equal(retries(), 8);
}

/* Sent at once, as often as a key can count, and nobody touches it. */
static void
unasked(void **state)
{
	struct keycall_progress progress = { 0 };
	struct keycall_result result = { 0 };

	(void)state;
	key_behave(0, "no_touch tired");
	ask();
	for (int i = 0; i < 8; i++)
		pin_say(aia_span_str("4321"));
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	assert_int_equal(waitpid(child, NULL, 0), child);
	(void)close(caller);
	key_behave(0, "");
	assert_int_equal(retries(), 8);
}

/* The key is free again for others. */
static void
gone(void **state)
{
	struct keycall_progress progress = { 0 };
	struct keycall_result result = { 0 };
	int64_t begun_ms = aia_now_ms();

	(void)state;
	key_behave(0, "no_touch");
	ask();
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	end();
	key_behave(0, "");
	ask();
	assert_int_equal(next(&progress, &result), KEYCALL_BEFORE_PIN);
	assert_int_equal(next(&progress, &result), KEYCALL_ASK_PIN);
	end();
	assert_true(aia_now_ms() - begun_ms < WAIT_MS);
}

static int
setup(void **state)
{
	(void)state;
	key_plug(0, "1234");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	keys_unplug();
	return 0;
}

#define TEST(f) { .name = #f, .test_func = f, .setup_func = setup, \
	.teardown_func = teardown }

int
main(void)
{
	static const struct CMUnitTest others[] = {
		TEST(no_pin), TEST(unasked), TEST(gone),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)] = { 0 };
	int failed;

	keys_make();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		union { const struct row *in; void *out; } u =
		    { .in = &rows[i] };

		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = pin, .setup_func = setup,
		    .teardown_func = teardown, .initial_state = u.out };
	}
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	keys_remove();
	return failed;
}
