/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_attempts.c - misses and delays over a clock that stands still.
 */
#include "config.h"

#include "aiauthd/vault/attempts.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/vault_rig.h"

struct answer { int verdict; bool asked; };

static int
say(const struct desk *desk, const struct owner *owner, struct state_txn *txn,
    void *arg)
{
	struct answer *a = arg;

	(void)desk;
	(void)txn;
	assert_int_equal(strlen(owner->hex), OWNER_LEN);
	a->asked = true;
	return a->verdict;
}

/* A comparison that says this; inside a delay it must not be asked. */
static int
attempt(struct rig *rig, const struct attempt *at, int verdict)
{
	struct answer a = { .verdict = verdict };
	int r = attempts_guard(&rig->desk, at, say, &a);

	assert_int_equal(a.asked, r != AIA_EDELAYED);
	return r;
}

static int
miss(struct rig *rig, const struct attempt *at)
{
	return attempt(rig, at, AIA_EDENIED);
}

/* Would it be compared?  An error of the store counts nothing. */
static int
look(struct rig *rig, const struct attempt *at)
{
	int r = attempt(rig, at, -EIO);

	return r == -EIO ? 0 : r;
}

static void
succeed(struct rig *rig, const struct attempt *at)
{
	assert_int_equal(attempt(rig, at, 0), 0);
}

static void
misses(struct rig *rig, const struct attempt *at, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(miss(rig, at), AIA_EDENIED);
}

/* The delay after so many misses from one source, in seconds. */
static struct delay_row {
	const char	*name;
	unsigned	 misses;
	int64_t		 delay_s;
} delay_rows[] = {
	{ "0 misses", 0, 0 }, { "1 miss", 1, 0 }, { "4 misses", 4, 0 },
	{ "5 misses", 5, 1 }, { "6 misses", 6, 2 }, { "7 misses", 7, 4 },
	{ "8 misses", 8, 8 }, { "9 misses", 9, 16 }, { "10 misses", 10, 32 },
	{ "11 misses", 11, 64 }, { "12 misses", 12, 128 },
	{ "13 misses", 13, 256 }, { "14 misses", 14, 300 },
	{ "15 misses", 15, 300 }, { "40 misses", 40, 300 },
};

static void
delays(struct rig *rig, const struct attempt *at, const struct delay_row *row)
{
	for (unsigned i = 0; i < row->misses; i++) {
		assert_int_equal(miss(rig, at), AIA_EDENIED);
		if (i + 1 < row->misses)
			rig_pass(rig, ATTEMPTS_DELAY_MAX_S * 1000);
	}
	if (row->delay_s == 0) {
		assert_int_equal(look(rig, at), 0);
		return;
	}
	assert_int_equal(look(rig, at), AIA_EDELAYED);
	rig_pass(rig, row->delay_s * 1000 - 1);
	assert_int_equal(look(rig, at), AIA_EDELAYED);
	rig_pass(rig, 1);
	assert_int_equal(look(rig, at), 0);
}

static void
delay_known(void **state)
{
	const struct delay_row *row = *state;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	void *rig = NULL;

	assert_int_equal(rig_make(&rig), 0);
	delays(rig, &at, row);
	assert_int_equal(rig_remove(&rig), 0);
}

static void
delay_unknown(void **state)
{
	const struct delay_row *row = *state;
	struct attempt at = rig_stranger("nobody", "10.0.0.0/24");
	void *rig = NULL;

	assert_int_equal(rig_make(&rig), 0);
	delays(rig, &at, row);
	assert_int_equal(rig_remove(&rig), 0);
}

/* Inside the delay nothing moves: not the count, not the end of the delay. */
static void
refused_uncompared(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &at, 5);
	for (int i = 0; i < 100; i++)
		assert_int_equal(miss(rig, &at), AIA_EDELAYED);
	rig_pass(rig, 1000);
	assert_int_equal(miss(rig, &at), AIA_EDENIED);
	rig_pass(rig, 1999);
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig_pass(rig, 1);
	assert_int_equal(look(rig, &at), 0);
}

static void
by_source(void **state)
{
	struct attempt here = rig_attempt("1", "10.0.0.0/24");
	struct attempt there = rig_attempt("1", "10.0.1.0/24");
	struct attempt other = rig_attempt("12", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &here, 5);
	assert_int_equal(look(rig, &here), AIA_EDELAYED);
	assert_int_equal(look(rig, &there), 0);
	assert_int_equal(look(rig, &other), 0);
}

/* Many sources: five free each, and the total stops them. */
static void
total(void **state)
{
	struct attempt at = rig_attempt("1", ""), fresh;
	struct rig *rig = *state;
	unsigned compared = 0;

	for (int i = 0; i < 100; i++) {
		(void)snprintf(at.source_net, sizeof(at.source_net),
		    "10.0.%d.0/24", i);
		compared += miss(rig, &at) == AIA_EDENIED;
	}
	assert_int_equal(compared, ATTEMPTS_TOTAL_FREE);
	fresh = rig_attempt("1", "192.0.2.0/24");
	assert_int_equal(look(rig, &fresh), AIA_EDELAYED);
	fresh.key_proved = true;
	assert_int_equal(look(rig, &fresh), 0);
	fresh.key_proved = false;
	rig_pass(rig, 1000);
	assert_int_equal(look(rig, &fresh), 0);
	/* However long it goes on, a minute is the most. */
	for (int i = 0; i < 20; i++) {
		(void)snprintf(at.source_net, sizeof(at.source_net),
		    "10.1.%d.0/24", i);
		assert_int_equal(miss(rig, &at), AIA_EDENIED);
		rig_pass(rig, ATTEMPTS_TOTAL_DELAY_MAX_S * 1000);
	}
	assert_int_equal(look(rig, &fresh), 0);
}

static void
key_waits_for_its_source(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	at.key_proved = true;
	misses(rig, &at, 5);
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
}

static void
cleared(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &at, 4);
	succeed(rig, &at);
	misses(rig, &at, 5);
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
}

static void
unlocked(void **state)
{
	struct attempt here = rig_attempt("1", "10.0.0.0/24");
	struct attempt there = rig_attempt("1", "console");
	char prefix[STATE_KEY_MAX + 1], key[STATE_KEY_MAX + 1];
	uint32_t n = 0, delay_s = 0;
	struct state_txn txn = { 0 };
	struct rig *rig = *state;
	struct owner owner;

	misses(rig, &here, 5);
	misses(rig, &there, 5);
	assert_int_equal(seal_owner(&rig->desk.keys, &here.who, &owner), 0);
	assert_int_equal(attempts_summary(&rig->desk, &owner, &n, &delay_s),
	    0);
	assert_int_equal(n, 10);
	assert_int_equal(delay_s, 1);
	attempts_unlock(&owner, prefix, key, &txn);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(look(rig, &here), 0);
	assert_int_equal(look(rig, &there), 0);
	assert_int_equal(attempts_summary(&rig->desk, &owner, &n, &delay_s),
	    0);
	assert_int_equal(n, 0);
	assert_int_equal(delay_s, 0);
}

static void
forgotten(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &at, 4);
	rig_pass(rig, (int64_t)ATTEMPTS_KEPT_S * 1000);
	misses(rig, &at, 5);
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
}

/* A new boot: the delay counts again in full from it, and no clock moved back
 * or forth changes that. */
static void
reboot(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &at, 5);
	rig_pass(rig, 1000);
	misses(rig, &at, 1);		/* 2 s */
	rig_pass(rig, 1900);
	rig_restart(rig);
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig->desk.boot = (struct boot_time){ 1500, RIG_BOOT_B };
	rig->desk.now_s += 3600;
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig->desk.boot.ms = 1999;
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig->desk.boot.ms = 2000;
	assert_int_equal(look(rig, &at), 0);
	misses(rig, &at, 1);		/* 4 s, of this boot */
	rig->desk.boot.ms = 5999;
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig->desk.boot.ms = 6000;
	assert_int_equal(look(rig, &at), 0);
}

/* The wall clock set does not end a delay. */
static void
wall_clock(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;

	misses(rig, &at, 5);
	rig->desk.now_s += 3600;
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
	rig->desk.now_s -= 7200;
	assert_int_equal(look(rig, &at), AIA_EDELAYED);
}

struct tally { size_t unknown, known; };

static int
count(const char *key, const struct state_row *row, void *arg)
{
	struct tally *t = arg;

	(void)row;
	if (strncmp(key, "unknown-", 8) == 0)
		t->unknown++;
	else if (strncmp(key, "audit/", 6) != 0)
		t->known++;
	return 0;
}

/* Strangers share a table of fixed size and push nobody else out. */
static void
strangers(void **state)
{
	struct attempt victim = rig_attempt("1", "10.0.0.0/24");
	struct rig *rig = *state;
	struct tally tally = { 0 };
	char name[16];

	misses(rig, &victim, 5);
	for (int i = 0; i < 2 * ATTEMPTS_UNKNOWN_ROWS; i++) {
		struct attempt at;

		(void)snprintf(name, sizeof(name), "x%d", i);
		at = rig_stranger(name, "10.0.0.0/24");
		assert_true(miss(rig, &at) < 0);
	}
	assert_int_equal(state_range(rig->desk.state, "", count, &tally), 0);
	assert_int_equal(tally.known, 2);
	assert_in_range(tally.unknown, 1, 2 * ATTEMPTS_UNKNOWN_ROWS);
	assert_int_equal(look(rig, &victim), AIA_EDELAYED);
}

struct verdict_row { int verdict; bool counts; };

static void
verdicts(void **state)
{
	static const struct verdict_row rows[] = {
		{ AIA_EDENIED, true }, { AIA_ENOENROLMENT, true },
		{ AIA_EDAMAGED, true }, { -EIO, false }, { -ENOSPC, false },
	};
	struct rig *rig = *state;
	char id[2] = "a";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct attempt at;

		id[0]++;
		at = rig_attempt(id, "10.0.0.0/24");
		for (int n = 0; n < 5; n++)
			assert_int_equal(attempt(rig, &at, rows[i].verdict),
			    rows[i].verdict);
		assert_int_equal(look(rig, &at),
		    rows[i].counts ? AIA_EDELAYED : 0);
	}
}

static int
spoil(const char *key, const struct state_row *row, void *arg)
{
	(void)row;
	(void)snprintf(arg, STATE_KEY_MAX + 1, "%s", key);
	return 0;
}

/* A counter that cannot be read lets nobody try. */
static void
damaged(void **state)
{
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	char key[STATE_KEY_MAX + 1] = "";
	struct state_txn txn = { 0 };
	struct answer a = { 0 };
	struct rig *rig = *state;

	misses(rig, &at, 1);
	assert_int_equal(state_range(rig->desk.state, "total/", spoil, key),
	    0);
	state_put(&txn, key, aia_span_str("nonsense"), 0);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(attempts_guard(&rig->desk, &at, say, &a),
	    AIA_EDAMAGED);
	assert_false(a.asked);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest alone[] = {
		WITH_RIG(refused_uncompared), WITH_RIG(by_source),
		WITH_RIG(total), WITH_RIG(key_waits_for_its_source),
		WITH_RIG(cleared), WITH_RIG(unlocked), WITH_RIG(forgotten),
		WITH_RIG(reboot), WITH_RIG(wall_clock), WITH_RIG(strangers),
		WITH_RIG(verdicts), WITH_RIG(damaged),
	};
	struct CMUnitTest rows[2 * ARRAY_LEN(delay_rows)] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(delay_rows); i++) {
		rows[n++] = (struct CMUnitTest){ .name = delay_rows[i].name,
		    .test_func = delay_known, .initial_state = &delay_rows[i] };
		rows[n++] = (struct CMUnitTest){ .name = delay_rows[i].name,
		    .test_func = delay_unknown,
		    .initial_state = &delay_rows[i] };
	}
	return cmocka_run_group_tests(rows, NULL, NULL) +
	    cmocka_run_group_tests(alone, NULL, NULL);
}
