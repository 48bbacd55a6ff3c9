/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_totp.c - enrolling, verifying, and that no code works twice.
 */
#include "config.h"

#include "aiauthd/vault/totp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolled.h"
#include "aiauthd/vault/enrolments.h"
#include "base/otp.h"
#include "tests/unit/vault_rig.h"

static const struct totp_params sha1_6 = { "SHA1", 6 };

static int
verify(struct rig *rig, const char *object_id, const struct secret *code)
{
	struct attempt at = rig_attempt(object_id, "10.0.0.0/24");
	char id[ENROLMENT_ID_LEN + 1] = "";
	int r = totp_verify(&rig->desk, &at, code, id);

	assert_int_equal(strlen(id), r == 0 ? ENROLMENT_ID_LEN : 0);
	return r;
}

static void
once(void **state)
{
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	struct secret code = rig_code(&key, RIG_NOW_S, 0);

	assert_int_equal(verify(rig, "1", &code), 0);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	rig_restart(rig);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	/* Nor does the one that confirmed the enrolment, or one before it. */
	code = rig_code(&key, RIG_NOW_S, -1);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	code = rig_code(&key, RIG_NOW_S, 1);
	assert_int_equal(verify(rig, "1", &code), 0);
	/* Used ahead of time, it has used this step too. */
	rig_pass(rig, 30000);
	code = rig_code(&key, RIG_NOW_S, 1);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	code = rig_code(&key, RIG_NOW_S, 2);
	assert_int_equal(verify(rig, "1", &code), 0);
}

/* The clock set back makes no used code fresh. */
static void
clock_back(void **state)
{
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	struct secret code = rig_code(&key, RIG_NOW_S, 0);

	assert_int_equal(verify(rig, "1", &code), 0);
	rig->desk.now_s -= 3600;
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	code = rig_code(&key, rig->desk.now_s, 0);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
}

static void
window(void **state)
{
	static const int steps[] = { -3, -2, 2, 3 };
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1"), code;

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		code = rig_code(&key, RIG_NOW_S, steps[i]);
		assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	}
}

static void
of_nobody_else(void **state)
{
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	struct secret code = rig_code(&key, RIG_NOW_S, 0);
	struct attempt at = rig_stranger("ada", "10.0.0.0/24");
	char id[ENROLMENT_ID_LEN + 1];

	assert_int_equal(verify(rig, "2", &code), AIA_ENOENROLMENT);
	(void)rig_enrol(rig, "12");
	assert_int_equal(verify(rig, "12", &code), AIA_EDENIED);
	assert_int_equal(totp_verify(&rig->desk, &at, &code, id),
	    AIA_ENOENROLMENT);
	assert_int_equal(verify(rig, "1", &code), 0);
}

/* Two devices: each works, and a step one has used is used for both. */
static void
across_enrolments(void **state)
{
	struct rig *rig = *state;
	struct secret first = rig_enrol(rig, "1"), second = { 0 }, code;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	char id[ENROLMENT_ID_LEN + 1];

	assert_int_equal(totp_begin(&rig->desk, &at.who, &sha1_6, "tablet",
	    id, &second), 0);
	code = rig_code(&second, RIG_NOW_S, -1);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code),
	    AIA_EDENIED);		/* the first used that step */
	code = rig_code(&second, RIG_NOW_S, 0);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code), 0);
	code = rig_code(&first, RIG_NOW_S, 0);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	code = rig_code(&first, RIG_NOW_S, 1);
	assert_int_equal(verify(rig, "1", &code), 0);
	code = rig_code(&second, RIG_NOW_S, 1);
	assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	rig_pass(rig, 60000);
	code = rig_code(&second, rig->desk.now_s, 0);
	assert_int_equal(verify(rig, "1", &code), 0);
}

static struct odd_row { const char *name, *code; } odd_rows[] = {
	{ "nothing", "" }, { "short", "12345" }, { "long", "1234567" },
	{ "letters", "abcdef" }, { "sshd's junk", "\b\n\r\177INCORRECT" },
	{ "64 bytes", "0000000000000000000000000000000000000000000000000000"
	    "000000000000" },
};

/* Whatever is typed counts as one miss; the sixth is not compared. */
static void
odd_code(void **state)
{
	const struct odd_row *row = *state;
	struct secret key, code = rig_secret(row->code);
	void *p = NULL;
	struct rig *rig;

	assert_int_equal(rig_make(&p), 0);
	rig = p;
	key = rig_enrol(rig, "1");
	for (int i = 0; i < 5; i++)
		assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	assert_int_equal(verify(rig, "1", &code), AIA_EDELAYED);
	/* A right one inside the delay is refused, and is not used up. */
	code = rig_code(&key, RIG_NOW_S, 0);
	assert_int_equal(verify(rig, "1", &code), AIA_EDELAYED);
	rig_pass(rig, 1000);
	assert_int_equal(verify(rig, "1", &code), 0);
	code = rig_secret("000000");
	for (int i = 0; i < 5; i++)	/* the slate was clean again */
		assert_int_equal(verify(rig, "1", &code), AIA_EDENIED);
	assert_int_equal(rig_remove(&p), 0);
}

static struct params_row {
	const char	*name;
	struct totp_params params;
	int		 want;
	size_t		 key_len;
} params_rows[] = {
	{ "SHA1, 6 digits", { "SHA1", 6 }, 0, 20 },
	{ "SHA256, 7 digits", { "SHA256", 7 }, 0, 32 },
	{ "SHA512, 8 digits", { "SHA512", 8 }, 0, 64 },
	{ "5 digits", { "SHA1", 5 }, -EINVAL, 0 },
	{ "9 digits", { "SHA1", 9 }, -EINVAL, 0 },
	{ "0 digits", { "SHA1", 0 }, -EINVAL, 0 },
	{ "MD5", { "MD5", 6 }, -EINVAL, 0 },
	{ "no algorithm", { "", 6 }, -EINVAL, 0 },
};

static void
parameters(void **state)
{
	const struct params_row *row = *state;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	char id[ENROLMENT_ID_LEN + 1], text[OTP_DIGITS_MAX + 1];
	struct secret key = { 0 }, code;
	enum otp_hash hash;
	void *p = NULL;
	struct rig *rig;

	assert_int_equal(rig_make(&p), 0);
	rig = p;
	assert_int_equal(totp_begin(&rig->desk, &at.who, &row->params, "x", id,
	    &key), row->want);
	assert_int_equal(key.len, row->key_len);
	if (row->want == 0) {
		assert_int_equal(otp_hash_parse(row->params.algorithm,
		    strlen(row->params.algorithm), &hash), 0);
		assert_int_equal(otp_make(key.p, key.len, hash,
		    row->params.digits, RIG_NOW_S / OTP_STEP_S, text), 0);
		code = rig_secret(text);
		assert_int_equal(totp_finish(&rig->desk, &at, id, &code), 0);
	}
	assert_int_equal(rig_remove(&p), 0);
}

static void
pending(void **state)
{
	struct rig *rig = *state;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct secret first = { 0 }, second = { 0 }, code;
	char id1[ENROLMENT_ID_LEN + 1], id2[ENROLMENT_ID_LEN + 1];

	assert_int_equal(totp_begin(&rig->desk, &at.who, &sha1_6, "a", id1,
	    &first), 0);
	code = rig_code(&first, RIG_NOW_S, 0);
	/* Not enrolled until confirmed, though that was compared: a miss. */
	assert_int_equal(verify(rig, "1", &code), AIA_ENOENROLMENT);
	assert_int_equal(totp_begin(&rig->desk, &at.who, &sha1_6, "b", id2,
	    &second), 0);
	assert_string_not_equal(id1, id2);
	assert_int_equal(totp_finish(&rig->desk, &at, id1, &code),
	    AIA_ENOENROLMENT);		/* the second took its place */
	code = rig_code(&second, RIG_NOW_S, 0);
	rig_pass(rig, (TOTP_PENDING_S - 1) * 1000);
	assert_int_equal(totp_finish(&rig->desk, &at, id2, &code),
	    AIA_EDENIED);		/* too old, the enrolment is not */
	rig_pass(rig, 1000);
	code = rig_code(&second, rig->desk.now_s, 0);
	assert_int_equal(totp_finish(&rig->desk, &at, id2, &code),
	    AIA_ENOENROLMENT);
}

static void
finish_counts(void **state)
{
	struct rig *rig = *state;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct secret key = { 0 }, wrong = rig_secret("12345"), code;
	char id[ENROLMENT_ID_LEN + 1];

	assert_int_equal(totp_begin(&rig->desk, &at.who, &sha1_6, "a", id,
	    &key), 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(totp_finish(&rig->desk, &at, id, &wrong),
		    AIA_EDENIED);
	code = rig_code(&key, RIG_NOW_S, 0);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code),
	    AIA_EDELAYED);
	rig_pass(rig, 1000);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code), 0);
	assert_int_equal(totp_finish(&rig->desk, &at, id, &code),
	    AIA_ENOENROLMENT);
}

static void
no_more_than(void **state)
{
	struct rig *rig = *state;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct secret key = { 0 };
	char id[ENROLMENT_ID_LEN + 1];

	for (int i = 0; i < ENROLMENTS_MAX; i++) {
		(void)rig_enrol(rig, "1");
		rig_pass(rig, 30000);
	}
	assert_int_equal(totp_begin(&rig->desk, &at.who, &sha1_6, "x", id,
	    &key), -ENOSPC);
	assert_int_equal(enrolments_unenrol(&rig->desk, &at.who, "totp",
	    NULL), 0);
	(void)rig_enrol(rig, "1");
}

/* A record that does not open is no enrolment, and says so. */
static void
damaged(void **state)
{
	struct rig *rig = *state;
	struct secret bad = rig_enrol(rig, "1"), good, code;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct state_txn txn = { 0 };
	struct enrolled_set set;
	struct owner owner;

	assert_int_equal(seal_owner(&rig->desk.keys, &at.who, &owner), 0);
	assert_int_equal(enrolled_load(&rig->desk, &owner, "totp", &set), 0);
	assert_int_equal(set.n, 1);
	set.v[0].body[set.v[0].body_len - 1] ^= 1;
	enrolled_put(&set.v[0], 0, &txn);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	code = rig_code(&bad, RIG_NOW_S, 0);
	assert_int_equal(verify(rig, "1", &code), AIA_EDAMAGED);
	rig_pass(rig, 30000);
	good = rig_enrol(rig, "1");
	code = rig_code(&good, rig->desk.now_s, 0);
	assert_int_equal(verify(rig, "1", &code), 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		WITH_RIG(once), WITH_RIG(clock_back), WITH_RIG(window),
		WITH_RIG(of_nobody_else), WITH_RIG(across_enrolments),
		WITH_RIG(pending), WITH_RIG(finish_counts),
		WITH_RIG(no_more_than), WITH_RIG(damaged),
	};
	struct CMUnitTest rows[ARRAY_LEN(odd_rows) + ARRAY_LEN(params_rows)] =
	    { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(odd_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = odd_rows[i].name,
		    .test_func = odd_code, .initial_state = &odd_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(params_rows); i++)
		rows[n++] = (struct CMUnitTest){ .name = params_rows[i].name,
		    .test_func = parameters, .initial_state = &params_rows[i] };
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}
