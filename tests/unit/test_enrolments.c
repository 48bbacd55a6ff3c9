/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_enrolments.c - listing, unenrolling, unlocking.
 */
#include "config.h"

#include "aiauthd/vault/enrolments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "aiauthd/vault/enrolcode.h"
#include "aiauthd/vault/totp.h"
#include "tests/unit/vault_rig.h"

static struct enrolments
list(struct rig *rig, const char *object_id)
{
	struct identity who = rig_who(object_id);
	struct aia_name name = { "ada" };
	struct enrolments all;

	assert_int_equal(enrolments_list(&rig->desk, &who, &name, &all), 0);
	return all;
}

static void
listed(void **state)
{
	struct rig *rig = *state;
	struct secret key = rig_enrol(rig, "1"), code;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct enrolments all = list(rig, "1");
	char id[ENROLMENT_ID_LEN + 1];

	assert_int_equal(all.n, 1);
	assert_string_equal(all.v[0].factor, "totp");
	assert_string_equal(all.v[0].label, "phone");
	assert_int_equal(strlen(all.v[0].id), ENROLMENT_ID_LEN);
	assert_int_equal(all.v[0].created_s, RIG_NOW_S);
	assert_int_equal(all.v[0].used_s, 0);
	assert_false(all.enrol_code);
	assert_int_equal(all.misses, 0);
	rig_pass(rig, 5000);
	code = rig_code(&key, rig->desk.now_s, 0);
	assert_int_equal(totp_verify(&rig->desk, &at, &code, id), 0);
	all = list(rig, "1");
	assert_string_equal(all.v[0].id, id);
	assert_int_equal(all.v[0].used_s, RIG_NOW_S + 5);
	assert_int_equal(enrolcode_new(&rig->desk, &at.who, 60, &code), 0);
	code = rig_secret("000");
	for (int i = 0; i < 6; i++)
		assert_true(totp_verify(&rig->desk, &at, &code, id) < 0);
	all = list(rig, "1");
	assert_true(all.enrol_code);
	assert_int_equal(all.misses, 5);
	assert_int_equal(all.delay_s, 1);
	assert_int_equal(enrolments_unlock(&rig->desk, &at.who), 0);
	all = list(rig, "1");
	assert_int_equal(all.misses, 0);
	assert_int_equal(all.delay_s, 0);
	assert_int_equal(list(rig, "2").n, 0);
}

static void
unenrolled(void **state)
{
	struct rig *rig = *state;
	struct identity who = rig_who("1"), other = rig_who("2");
	struct secret first = rig_enrol(rig, "1"), code;
	struct attempt at = rig_attempt("1", "10.0.0.0/24");
	struct enrolments all;
	char id[ENROLMENT_ID_LEN + 1];

	(void)rig_enrol(rig, "2");
	rig_pass(rig, 30000);
	(void)rig_enrol(rig, "1");
	all = list(rig, "1");
	assert_int_equal(all.n, 2);
	assert_int_equal(enrolments_unenrol(&rig->desk, &other, "totp",
	    all.v[0].id), AIA_ENOENROLMENT);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "fido2", NULL),
	    AIA_ENOENROLMENT);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp",
	    all.v[0].id), 0);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp",
	    all.v[0].id), AIA_ENOENROLMENT);
	assert_int_equal(list(rig, "1").n, 1);
	assert_int_equal(enrolments_unenrol(&rig->desk, &who, "totp", NULL),
	    0);
	assert_int_equal(list(rig, "1").n, 0);
	assert_int_equal(list(rig, "2").n, 1);
	code = rig_code(&first, rig->desk.now_s, 1);
	assert_int_equal(totp_verify(&rig->desk, &at, &code, id),
	    AIA_ENOENROLMENT);
	/* Starting over does not wait for the next step. */
	(void)rig_enrol(rig, "1");
}

static void
counted(void **state)
{
	struct rig *rig = *state;
	struct vault_status st = { .enrolled = 9, .n_factors = 9 };

	assert_int_equal(enrolments_count(&rig->desk, &st), 0);
	assert_int_equal(st.enrolled, 0);
	assert_int_equal(st.n_factors, 0);
	(void)rig_enrol(rig, "1");
	(void)rig_enrol(rig, "2");
	rig_pass(rig, 30000);
	(void)rig_enrol(rig, "1");
	assert_int_equal(enrolments_count(&rig->desk, &st), 0);
	assert_int_equal(st.enrolled, 2);
	assert_int_equal(st.n_factors, 1);
	assert_string_equal(st.factors[0].name, "totp");
	assert_int_equal(st.factors[0].n, 3);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(listed), WITH_RIG(unenrolled), WITH_RIG(counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
