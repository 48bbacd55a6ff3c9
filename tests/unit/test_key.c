/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_key.c - libfido2 and software keys: what each behaviour of a key comes
 * to, and that what it signs is good.
 */
#include "config.h"

#include "keyd/key.h"

#include <fido.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/credential.h"
#include "base/sandbox.h"
#include "common/client.h"
#include "tests/unit/keys_rig.h"

fido_dev_t *__real_fido_dev_new(void);

#define RP "keys.example"
#define WAIT_MS 20000

static uint8_t ids_room[2 * KEYCALL_ID_MAX];
static size_t ids_len;
static struct credential made[KEYS_MAX];
static uint8_t made_id[KEYS_MAX][KEYCALL_ID_MAX];
static const uint8_t hash[KEYCALL_HASH_LEN] = "thirty-two bytes of a challenge";
static char steps[16];		/* what was said, and 'p' for a PIN asked for */
static int retries;		/* as they were said with that */
static const char *typed;	/* then; NULL: nothing */

static void
step_add(char c)
{
	size_t n = strlen(steps);

	assert_true(n + 1 < sizeof(steps));
	steps[n] = c;
	steps[n + 1] = '\0';
}

static void
told(void *arg, enum keycall_step step)
{
	static const char letters[] = {
		[KEYCALL_TOUCH] = 'T', [KEYCALL_VERIFY] = 'V',
		[KEYCALL_SELECT] = 'S', [KEYCALL_BEFORE_PIN] = 'B',
		[KEYCALL_AGAIN] = 'A',
	};

	(void)arg;
	assert_true(step < sizeof(letters) && letters[step] != '\0');
	step_add(letters[step]);
}

static bool
pin(void *arg, int left, char ret[KEYCALL_PIN_MAX + 1])
{
	(void)arg;
	step_add('p');
	retries = left;
	if (typed != NULL)
		(void)snprintf(ret, KEYCALL_PIN_MAX + 1, "%s", typed);
	return typed != NULL;
}

static struct key_ask
ask_of(const char *given, bool uv)
{
	typed = given;
	retries = -1;
	steps[0] = '\0';
	return (struct key_ask){ .rp_id = RP,
	    .hash = aia_span_of(hash, sizeof(hash)),
	    .ids = aia_span_of(ids_room, ids_len), .uv = uv,
	    .user = "ada", .deadline_ms = aia_now_ms() + WAIT_MS,
	    .told = told, .pin = pin };
}

static int
setup(void **state)
{
	(void)state;
	ids_len = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	keys_unplug();
	return 0;
}

/* A credential of key i, added to those asked about. */
static void
create(size_t i, const char *given)
{
	struct key_ask ask = ask_of(given, false);
	static struct keycall_answer a;
	struct credential_said said;
	struct aia_wr wr = { .p = ids_room, .cap = sizeof(ids_room),
	    .len = ids_len };

	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_int_equal(credential_created(aia_span_of(a.auth_data,
	    a.auth_data_len), RP, &made[i], &said), 0);
	assert_true(said.touched);
	assert_int_equal(said.verified, given != NULL);
	memcpy(made_id[i], made[i].id.p, made[i].id.len);
	made[i].id.p = made_id[i];
	aia_list_add(&wr, made[i].id.p, made[i].id.len);
	ids_len = wr.len;
}

static int
verify(size_t i, const struct keycall_answer *a,
    struct credential_said *ret)
{
	assert_true(aia_span_eq(aia_span_of(a->id, a->id_len), made[i].id));
	return credential_verify(&made[i], RP,
	    aia_span_of(hash, sizeof(hash)),
	    aia_span_of(a->auth_data, a->auth_data_len),
	    aia_span_of(a->signature, a->signature_len), ret);
}

struct row {
	const char	*name;
	const char	*has;		/* PIN of the key; NULL: none */
	const char	*given;
	bool		 uv;
	const char	*knobs;
	enum keycall_outcome want;
	const char	*steps;
	bool		 verified;	/* with KEYCALL_OK */
};

static const struct row rows[] = {
	{ "touch", NULL, NULL, false, "", KEYCALL_OK, "T", false },
	{ "slow touch", NULL, NULL, false, "slow=10", KEYCALL_OK, "T", false },
	{ "touch of a key with a PIN", "1234", NULL, false, "", KEYCALL_OK,
	    "T", false },
	{ "PIN", "1234", "1234", true, "", KEYCALL_OK, "BpA", true },
	{ "PIN, slow touches", "1234", "1234", true, "slow=9", KEYCALL_OK,
	    "BpA", true },
	{ "wrong PIN", "1234", "4321", true, "", KEYCALL_PIN_WRONG, "BpA",
	    false },
	{ "last wrong PIN", "1234", "4321", true, "retries=1",
	    KEYCALL_PIN_BLOCKED, "BpA", false },
	{ "blocked PIN", "1234", "1234", true, "retries=0",
	    KEYCALL_PIN_BLOCKED, "B", false },
	{ "no PIN is given", "1234", NULL, true, "", KEYCALL_TIMED_OUT, "Bp",
	    false },
	{ "no touch, no PIN", "1234", "1234", true, "no_touch tired",
	    KEYCALL_TIMED_OUT, "B", false },
	{ "unplugged before the PIN", "1234", "1234", true, "slow=9 vanish",
	    KEYCALL_GONE, "B", false },
	{ "no PIN set", NULL, NULL, true, "", KEYCALL_PIN_NOT_SET, "", false },
	{ "fingerprint", NULL, NULL, true, "uv", KEYCALL_OK, "V", true },
	{ "stranger's finger", NULL, NULL, true, "uv stranger",
	    KEYCALL_NOT_VERIFIED, "V", false },
	{ "stranger's finger, but a PIN", "1234", "1234", true, "uv stranger",
	    KEYCALL_OK, "VBpA", true },
	{ "nothing without the PIN", "1234", "1234", false, "always_uv",
	    KEYCALL_OK, "BpA", true },
	{ "nothing without the PIN, no touch", "1234", "1234", false,
	    "always_uv no_touch tired", KEYCALL_TIMED_OUT, "B", false },
	{ "nothing without the finger", "1234", NULL, false, "always_uv uv",
	    KEYCALL_OK, "V", true },
	{ "nothing without what there is not", NULL, NULL, false, "always_uv",
	    KEYCALL_PIN_NOT_SET, "", false },
	{ "signs nothing without the PIN", "1234", "1234", false, "touch_uv",
	    KEYCALL_OK, "TBpA", true },
	{ "unplugged half-way", NULL, NULL, false, "slow=9 vanish",
	    KEYCALL_GONE, "T", false },
};

static void
one_key(void **state)
{
	const struct row *row = *state;
	static struct keycall_answer a;
	struct credential_said said;
	struct key_ask ask;

	key_plug(0, row->has);
	create(0, row->has);
	key_behave(0, row->knobs);
	ask = ask_of(row->given, row->uv);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, row->want);
	assert_string_equal(steps, row->steps);
	if (row->want != KEYCALL_OK)
		return;
	assert_int_equal(verify(0, &a, &said), 0);
	assert_true(said.touched);
	assert_int_equal(said.verified, row->verified);
}

/* Each with a touch of its own. */
static void
three_wrong(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, "1234");
	create(0, "1234");
	for (int left = 8; left > 5; left--) {
		ask = ask_of("4321", true);
		key_assert(&ask, &a);
		assert_int_equal(a.outcome, left > 6 ? KEYCALL_PIN_WRONG :
		    KEYCALL_REPLUG);
		assert_string_equal(steps, "BpA");
		assert_int_equal(retries, left);
	}
}

/* Whoever does not touch it cannot have a key count wrong PINs. */
static void
nobody_burns(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, "1234");
	key_behave(0, "no_touch tired");
	for (int i = 0; i < 9; i++) {
		ask = ask_of("4321", i % 2 == 0);
		key_create(&ask, &a);
		assert_int_equal(a.outcome, KEYCALL_TIMED_OUT);
		assert_string_equal(steps, "B");
	}
	key_behave(0, "");
	ask = ask_of("1234", false);
	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_int_equal(retries, 8);
}

static void
bad_signature(void **state)
{
	static struct keycall_answer a;
	struct credential_said said;
	struct key_ask ask;

	(void)state;
	key_plug(0, NULL);
	create(0, NULL);
	key_behave(0, "bad_sig");
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_true(verify(0, &a, &said) < 0);
}

static void
no_key(void **state)
{
	struct key_ask ask = ask_of(NULL, false);
	static struct keycall_answer a;

	(void)state;
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_NO_KEY);
	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_NO_KEY);
	assert_string_equal(steps, "");
}

static void
other_key(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, NULL);
	create(0, NULL);
	key_unplug(0);
	key_plug(1, NULL);
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OTHER_KEY);
}

/* Of two only the one that is asked for waits for a touch. */
static void
two_keys(void **state)
{
	static struct keycall_answer a;
	struct credential_said said;
	struct key_ask ask;

	(void)state;
	key_plug(1, NULL);
	create(1, NULL);
	key_plug(0, NULL);
	key_behave(0, "no_touch mute");
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_int_equal(verify(1, &a, &said), 0);
	assert_string_equal(steps, "T");
}

/* To make one on, that which is touched. */
static void
one_of_two(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, "1111");
	key_behave(0, "no_touch");
	key_plug(1, "1234");
	key_behave(1, "slow=3");
	create(1, "1234");
	assert_string_equal(steps, "SpA");
	key_unplug(0);
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	key_plug(0, NULL);
	key_behave(0, "no_touch");
	ids_len = 0;
	ask = ask_of("1234", false);
	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_string_equal(steps, "SpA");
	key_behave(0, "slow=3");
	key_behave(1, "no_touch");
	ask = ask_of(NULL, false);
	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_string_equal(steps, "SA");
}

/* Neither says what it has: the PIN goes to the one that is touched. */
static void
two_that_say_nothing(void **state)
{
	static struct keycall_answer a;
	struct credential_said said;
	struct key_ask ask;

	(void)state;
	key_plug(1, "1234");
	create(1, "1234");
	key_plug(0, "1111");
	key_behave(0, "always_uv no_touch");
	key_behave(1, "always_uv slow=3");
	ask = ask_of("1234", false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_int_equal(verify(1, &a, &said), 0);
	assert_string_equal(steps, "SpA");
	key_behave(0, "always_uv");
	key_behave(1, "always_uv no_touch");
	ask = ask_of("1111", false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OTHER_KEY);
	assert_int_equal(retries, 8);
	/* One that can be asked is not looked for by hand. */
	key_behave(1, "");
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_string_equal(steps, "T");
	key_behave(0, "always_uv slow=9 vanish");
	key_behave(1, "always_uv slow=9 vanish");
	ask = ask_of("1234", false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_GONE);
	assert_string_equal(steps, "S");
}

static void
enrolled_already(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, NULL);
	create(0, NULL);
	ask = ask_of(NULL, false);
	key_create(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_KNOWN);
}

static void *
cancel(void *arg)
{
	const bool *stop = arg;

	while (!__atomic_load_n(stop, __ATOMIC_ACQUIRE)) {
		key_cancel();
		(void)poll(NULL, 0, 10);
	}
	return NULL;
}

/* It ends by what the other thread says, long before its time is over. */
static void
cancel_all(bool uv, const char *want)
{
	static struct keycall_answer a;
	struct key_ask ask = ask_of("1234", uv);
	pthread_t thread;
	bool stop = false;

	assert_int_equal(pthread_create(&thread, NULL, cancel, &stop), 0);
	key_assert(&ask, &a);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(a.outcome, KEYCALL_TIMED_OUT);
	assert_true(strcmp(steps, want) == 0 || steps[0] == '\0');
	assert_true(aia_now_ms() < ask.deadline_ms);
}

static void
cancelled(void **state)
{
	(void)state;
	key_plug(0, "1234");
	create(0, "1234");
	key_behave(0, "no_touch");
	cancel_all(false, "T");
	cancel_all(true, "B");
}

/* One that does not even listen to that is left to itself. */
static void
mute(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, NULL);
	create(0, NULL);
	key_behave(0, "no_touch mute");
	ask = ask_of(NULL, false);
	ask.deadline_ms = aia_now_ms() + 100;
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_TIMED_OUT);
	assert_string_equal(steps, "T");
}

static void
mute_before_the_pin(void **state)
{
	static struct keycall_answer a;
	struct key_ask ask;

	(void)state;
	key_plug(0, "1234");
	create(0, "1234");
	key_behave(0, "no_touch mute");
	ask = ask_of("1234", true);
	ask.deadline_ms = aia_now_ms() + 200;
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_TIMED_OUT);
	assert_string_equal(steps, "B");
}

/* The other one is used all the same, and soon. */
static void
beside_one(const char *knobs, enum keycall_outcome alone)
{
	static struct keycall_answer a;
	struct key_ask ask;
	int64_t begun_ms;

	key_plug(1, NULL);
	create(1, NULL);
	key_plug(0, NULL);
	key_behave(0, knobs);
	begun_ms = aia_now_ms();
	ask = ask_of(NULL, false);
	key_assert(&ask, &a);
	assert_int_equal(a.outcome, KEYCALL_OK);
	assert_string_equal(steps, "T");
	assert_true(aia_now_ms() - begun_ms < WAIT_MS / 2);
	key_unplug(1);
	ask = ask_of(NULL, false);
	ask.deadline_ms = aia_now_ms() + 100;
	key_create(&ask, &a);
	assert_int_equal(a.outcome, alone);
	assert_string_equal(steps, "");
}

static void
beside_a_dead_one(void **state)
{
	(void)state;
	beside_one("dead", KEYCALL_BUSY);
}

static void
beside_one_of_u2f(void **state)
{
	(void)state;
	beside_one("u2f", KEYCALL_NO_KEY);
}

/* A device of the kernel's, opened as libfido2 does it where the daemon is: one
 * that is no key is read from, and says nothing. */
static void
real_device(void **state)
{
	fido_dev_t *dev;
	int status = 0;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		fido_init(FIDO_DISABLE_U2F_FALLBACK);
		dev = __real_fido_dev_new();
		_exit(sandbox_enter(SANDBOX_KEYD) < 0 ||
		    fido_dev_set_timeout(dev, 100) != FIDO_OK ||
		    fido_dev_open(dev, "/dev/null") != FIDO_ERR_RX);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

#define TEST(f) { .name = #f, .test_func = f, .setup_func = setup, \
	.teardown_func = teardown }

int
main(void)
{
	static const struct CMUnitTest others[] = {
		TEST(three_wrong), TEST(nobody_burns), TEST(bad_signature),
		TEST(no_key), TEST(other_key), TEST(two_keys),
		TEST(one_of_two), TEST(two_that_say_nothing),
		TEST(enrolled_already), TEST(cancelled), TEST(mute),
		TEST(mute_before_the_pin), TEST(beside_a_dead_one),
		TEST(beside_one_of_u2f), TEST(real_device),
	};
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(others)] = { 0 };
	int failed;

	keys_make();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		union { const struct row *in; void *out; } u =
		    { .in = &rows[i] };

		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = one_key, .setup_func = setup,
		    .teardown_func = teardown, .initial_state = u.out };
	}
	memcpy(tests + ARRAY_LEN(rows), others, sizeof(others));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	keys_remove();
	return failed;
}
