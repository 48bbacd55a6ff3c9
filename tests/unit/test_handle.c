/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_handle.c - handles: spent once a phase, by whom they were made for.
 */
#include "config.h"

#include "aiauthd/vault/handle.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolments.h"
#include "tests/unit/vault_rig.h"

static uint8_t room[FACTS_LEN_MAX];
static struct aia_span facts;		/* of the handle made last */

static void
new_by(struct rig *rig, const char *enrolment,
    uint8_t handle[AIA_HANDLE_LEN])
{
	struct identity who = rig_who("1");

	facts = rig_facts(enrolment, room);
	assert_int_equal(handle_new(&rig->desk, &who, "sshd", "10.0.0.1",
	    facts, 60, handle), 0);
}

static void
new_handle(struct rig *rig, uint8_t handle[AIA_HANDLE_LEN])
{
	new_by(rig, "", handle);
}

static int
spend(struct rig *rig, const uint8_t handle[AIA_HANDLE_LEN],
    const char *object_id, const char *service, enum aia_phase phase)
{
	struct identity who = rig_who(object_id);
	uint8_t got[FACTS_LEN_MAX];
	size_t len = 0;
	int r;

	r = handle_spend(&rig->desk, handle, &who, service, phase, got, &len);
	assert_int_equal(len, r == 0 ? facts.len : 0);
	if (r == 0)
		assert_memory_equal(got, facts.p, len);
	return r;
}

static void
once_a_phase(void **state)
{
	struct rig *rig = *state;
	uint8_t handle[AIA_HANDLE_LEN];

	new_handle(rig, handle);
	rig_restart(rig);
	for (enum aia_phase p = AIA_PHASE_ACCOUNT;
	    p <= AIA_PHASE_CLOSE_SESSION; p++) {
		assert_int_equal(spend(rig, handle, "1", "sshd", p), 0);
		assert_int_equal(spend(rig, handle, "1", "sshd", p),
		    AIA_EDENIED);
	}
}

static void
of_nobody_else(void **state)
{
	struct rig *rig = *state;
	uint8_t handle[AIA_HANDLE_LEN], other[AIA_HANDLE_LEN];

	new_handle(rig, handle);
	memcpy(other, handle, sizeof(other));
	other[AIA_HANDLE_LEN - 1] ^= 1;
	assert_int_equal(spend(rig, other, "1", "sshd", AIA_PHASE_ACCOUNT),
	    AIA_EDENIED);
	assert_int_equal(spend(rig, handle, "12", "sshd", AIA_PHASE_ACCOUNT),
	    AIA_EDENIED);
	assert_int_equal(spend(rig, handle, "1", "ssh", AIA_PHASE_ACCOUNT),
	    AIA_EDENIED);
	assert_int_equal(spend(rig, handle, "1", "sshdx", AIA_PHASE_ACCOUNT),
	    AIA_EDENIED);
	assert_int_equal(spend(rig, handle, "1", "sshd", AIA_PHASE_ACCOUNT),
	    0);
}

static void
lifetime(void **state)
{
	struct identity who = rig_who("1");
	struct rig *rig = *state;
	uint8_t handle[AIA_HANDLE_LEN];

	facts = rig_facts("", room);
	assert_int_equal(handle_new(&rig->desk, &who, "sshd", "",
	    facts, 0, handle), -EINVAL);
	assert_int_equal(handle_new(&rig->desk, &who, "sshd", "",
	    facts, HANDLE_TTL_MAX_S + 1, handle), -EINVAL);
	new_handle(rig, handle);
	rig_pass(rig, 59999);
	assert_int_equal(spend(rig, handle, "1", "sshd", AIA_PHASE_ACCOUNT),
	    0);
	/* The wall clock set back does not stretch it. */
	rig->desk.now_s -= 3600;
	rig->desk.boot.ms += 1;
	assert_int_equal(spend(rig, handle, "1", "sshd",
	    AIA_PHASE_OPEN_SESSION), AIA_EDENIED);
}

static void
ends_with_the_boot(void **state)
{
	struct rig *rig = *state;
	uint8_t handle[AIA_HANDLE_LEN];

	new_handle(rig, handle);
	rig->desk.boot = (struct boot_time){ 1, RIG_BOOT_B };
	assert_int_equal(spend(rig, handle, "1", "sshd", AIA_PHASE_ACCOUNT),
	    AIA_EDENIED);
}

/* A key that was revoked between two phases proved nothing. */
static void
ends_with_its_enrolment(void **state)
{
	const struct identity who = rig_who("1");
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1");
	uint8_t handle[AIA_HANDLE_LEN];
	char id[ENROLMENT_ID_LEN + 1];

	secret_clear(&key);
	rig_enrolment(rig, "1", id);
	new_by(rig, id, handle);
	assert_int_equal(spend(rig, handle, "1", "sshd", AIA_PHASE_ACCOUNT),
	    0);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp", NULL),
	    0);
	assert_int_equal(spend(rig, handle, "1", "sshd",
	    AIA_PHASE_OPEN_SESSION), AIA_EDENIED);
}

static int
find_handle(const char *key, const struct state_row *row, void *arg)
{
	if (strcmp(key, "audit/head") == 0)
		return 0;
	assert_int_equal(strncmp(key, "handle/", 7), 0);
	assert_null(memmem(row->value, row->len, arg, AIA_HANDLE_LEN));
	return 0;
}

static void
not_in_the_store(void **state)
{
	struct rig *rig = *state;
	uint8_t handle[AIA_HANDLE_LEN];

	new_handle(rig, handle);
	assert_int_equal(state_range(rig->desk.state, "", find_handle, handle),
	    0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(once_a_phase), WITH_RIG(of_nobody_else),
		WITH_RIG(lifetime), WITH_RIG(ends_with_the_boot),
		WITH_RIG(ends_with_its_enrolment), WITH_RIG(not_in_the_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
