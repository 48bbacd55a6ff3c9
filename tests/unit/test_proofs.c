/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_proofs.c - facts stand with what they were proved with.
 */
#include "config.h"

#include "aiauthd/vault/proofs.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolments.h"
#include "tests/unit/vault_rig.h"

static int
stand(struct rig *rig, const char *object_id, struct aia_span encoded)
{
	const struct identity who = rig_who(object_id);
	struct owner owner;

	assert_int_equal(seal_owner(&rig->desk.keys, &who, &owner), 0);
	return proofs_stand(&rig->desk, &owner, encoded);
}

static void
of_an_enrolment(void **state)
{
	const struct identity who = rig_who("1");
	uint8_t room[FACTS_LEN_MAX];
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	char id[ENROLMENT_ID_LEN + 1];
	struct aia_span facts;

	secret_clear(&key);
	rig_enrolment(rig, "1", id);
	facts = rig_facts(id, room);
	assert_int_equal(stand(rig, "1", facts), 0);
	assert_int_equal(stand(rig, "12", facts), AIA_EDENIED);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp", NULL),
	    0);
	assert_int_equal(stand(rig, "1", facts), AIA_EDENIED);
	/* Enrolled anew it is another. */
	key = rig_enrol(rig, "1");
	secret_clear(&key);
	assert_int_equal(stand(rig, "1", facts), AIA_EDENIED);
}

/* What nobody can revoke here. */
static void
of_none(void **state)
{
	uint8_t room[FACTS_LEN_MAX];
	struct rig *rig = *state;

	assert_int_equal(stand(rig, "1", rig_facts("", room)), 0);
}

static void
damaged(void **state)
{
	uint8_t room[FACTS_LEN_MAX];
	struct rig *rig = *state;
	struct aia_span facts = rig_facts("", room);

	for (size_t len = 0; len < facts.len; len++)
		assert_int_equal(stand(rig, "1", aia_span_of(facts.p, len)),
		    AIA_EDAMAGED);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(of_an_enrolment), WITH_RIG(of_none),
		WITH_RIG(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
