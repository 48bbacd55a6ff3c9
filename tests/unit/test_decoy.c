/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_decoy.c - whose factors a name is asked for that has none.
 */
#include "config.h"

#include "aiauthd/vault/decoy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/facts/facts.h"
#include "tests/unit/vault_rig.h"

#define BIT(fact) (UINT32_C(1) << (fact))
#define NAMES 400

/* person N has enrolled these. */
static void
enrol(struct rig *rig, const char *object_id, const char *const *factors)
{
	struct identity who = rig_who(object_id);
	struct owner owner;

	assert_int_equal(seal_owner(&rig->desk.keys, &who, &owner), 0);
	for (size_t i = 0; factors[i] != NULL; i++) {
		struct state_txn txn = { 0 };
		struct enrolled e;

		assert_int_equal(enrolled_new(&rig->desk, &owner, factors[i],
		    "x", &e), 0);
		enrolled_put(&e, 0, &txn);
		assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	}
}

static uint32_t
decoy(struct rig *rig, unsigned i)
{
	const struct enrolled_set nothing = { .n = 0 };
	struct aia_name name = { 0 };
	uint32_t bits = UINT32_MAX;

	snprintf(name.s, sizeof(name.s), "stranger%u", i);
	assert_int_equal(decoy_factors(&rig->desk, &name, &nothing, &bits),
	    0);
	return bits;
}

static void
nobody_enrolled(void **state)
{
	assert_int_equal(decoy(*state, 1), 0);
}

/* Wherever a name points, somebody follows, if only round the ring. */
static void
one_lends_to_all(void **state)
{
	static const char *const two[] = { "totp", "recovery_code", NULL };

	enrol(*state, "1", two);
	for (unsigned i = 0; i < NAMES; i++)
		assert_int_equal(decoy(*state, i),
		    BIT(FACT_TOTP) | BIT(FACT_RECOVERY_CODE));
}

static const char *const totp[] = { "totp", NULL };
static const char *const email[] = { "email_code", NULL };

static void
crowd(struct rig *rig, unsigned n_totp, unsigned n_email)
{
	char id[16];

	for (unsigned i = 0; i < n_totp + n_email; i++) {
		snprintf(id, sizeof(id), "p%u", i);
		enrol(rig, id, i < n_totp ? totp : email);
	}
}

/* About as frequent as among people, and the same after a restart. */
static void
as_among_people(void **state)
{
	struct rig *rig = *state;
	uint32_t before[NAMES];
	unsigned n_email = 0;

	crowd(rig, 60, 20);
	for (unsigned i = 0; i < NAMES; i++) {
		before[i] = decoy(rig, i);
		n_email += before[i] == BIT(FACT_EMAIL_CODE);
	}
	assert_in_range(n_email, NAMES / 10, NAMES * 2 / 5);
	rig_restart(rig);
	for (unsigned i = 0; i < NAMES; i++)
		assert_int_equal(decoy(rig, i), before[i]);
}

/* Who comes changes few, and only to what he has. */
static void
one_more(void **state)
{
	struct rig *rig = *state;
	uint32_t before[NAMES];
	unsigned changed = 0;

	crowd(rig, 40, 0);
	for (unsigned i = 0; i < NAMES; i++)
		before[i] = decoy(rig, i);
	enrol(rig, "late", email);
	for (unsigned i = 0; i < NAMES; i++) {
		if (decoy(rig, i) == before[i])
			continue;
		assert_int_equal(decoy(rig, i), BIT(FACT_EMAIL_CODE));
		changed++;
	}
	assert_true(changed < NAMES / 4);
}

static void
own_come_first(void **state)
{
	struct rig *rig = *state;
	const struct aia_name name = { "ada" };
	struct enrolled_set own = { .n = 1 };
	uint32_t bits;

	crowd(rig, 5, 0);
	snprintf(own.v[0].pub.factor, sizeof(own.v[0].pub.factor),
	    "sms_code");
	assert_int_equal(decoy_factors(&rig->desk, &name, &own, &bits), 0);
	assert_int_equal(bits, BIT(FACT_SMS_CODE));
}

/* Nor does one of a later release, of whose factor we know nothing. */
static void
neighbour_damaged(void **state)
{
	static const char *const later[] = { "later", NULL };
	struct rig *rig = *state;
	struct state_txn txn = { 0 };

	state_put(&txn, "enrol/0123456789abcdef0123456789abcdef/totp/1",
	    aia_span_str("?"), 0);
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	assert_int_equal(decoy(rig, 1), 0);
	txn = (struct state_txn){ 0 };
	state_delete_prefix(&txn, "enrol/");
	assert_int_equal(state_commit(rig->desk.state, &txn), 0);
	enrol(rig, "1", later);
	assert_int_equal(decoy(rig, 1), 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(nobody_enrolled), WITH_RIG(one_lends_to_all),
		WITH_RIG(as_among_people), WITH_RIG(one_more),
		WITH_RIG(own_come_first), WITH_RIG(neighbour_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
