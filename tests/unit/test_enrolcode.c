/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_enrolcode.c - one-time enrolment codes.
 */
#include "config.h"

#include "aiauthd/vault/enrolcode.h"

#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/vault_rig.h"

static struct secret
new_code(struct rig *rig, const char *object_id, uint32_t ttl_s)
{
	struct identity who = rig_who(object_id);
	struct secret code = { 0 };

	assert_int_equal(enrolcode_new(&rig->desk, &who, ttl_s, &code), 0);
	assert_int_equal(code.len, ENROL_CODE_LEN);
	for (size_t i = 0; i < code.len; i++)
		if (i % 6 == 5)
			assert_int_equal(code.p[i], '-');
		else
			assert_true(isupper(code.p[i]) ||
			    (code.p[i] >= '2' && code.p[i] <= '7'));
	return code;
}

static int
verify(struct rig *rig, const char *object_id, const struct secret *code)
{
	struct attempt at = rig_attempt(object_id, "10.0.0.0/24");

	return enrolcode_verify(&rig->desk, &at, code);
}

static void
once(void **state)
{
	struct rig *rig = *state;
	struct secret code = new_code(rig, "1", 60);

	rig_restart(rig);
	assert_int_equal(verify(rig, "2", &code), AIA_ENOENROLMENT);
	assert_int_equal(verify(rig, "1", &code), 0);
	assert_int_equal(verify(rig, "1", &code), AIA_ENOENROLMENT);
}

static void
as_typed(void **state)
{
	struct rig *rig = *state;
	struct secret code = new_code(rig, "1", 60), typed = { 0 };

	for (size_t i = 0; i < code.len; i++)
		if (code.p[i] != '-')
			typed.p[typed.len++] = (uint8_t)tolower(code.p[i]);
	typed.p[typed.len++] = ' ';
	assert_int_equal(verify(rig, "1", &typed), 0);
}

static void
wrong(void **state)
{
	struct rig *rig = *state;
	struct secret code = new_code(rig, "1", 60), bad = code;

	bad.p[22] = bad.p[22] == 'A' ? 'B' : 'A';
	assert_int_equal(verify(rig, "1", &bad), AIA_EDENIED);
	bad = code;
	bad.len--;
	assert_int_equal(verify(rig, "1", &bad), AIA_EDENIED);
	bad = code;
	bad.p[bad.len++] = 'A';
	assert_int_equal(verify(rig, "1", &bad), AIA_EDENIED);
	bad = code;
	bad.p[0] = '1';
	assert_int_equal(verify(rig, "1", &bad), AIA_EDENIED);
	bad.len = 0;
	assert_int_equal(verify(rig, "1", &bad), AIA_EDENIED);
	/* Five misses: the right one now has to wait. */
	assert_int_equal(verify(rig, "1", &code), AIA_EDELAYED);
	rig_pass(rig, 1000);
	assert_int_equal(verify(rig, "1", &code), 0);
}

/* Not such a code at all must not match the absence of one. */
static void
nothing_waiting(void **state)
{
	struct secret code = rig_secret("");
	struct rig *rig = *state;

	assert_int_equal(verify(rig, "1", &code), AIA_ENOENROLMENT);
	code = rig_secret("AAAAA-AAAAA-AAAAA-AAAAA");
	for (int i = 0; i < 4; i++)
		assert_int_equal(verify(rig, "1", &code), AIA_ENOENROLMENT);
	assert_int_equal(verify(rig, "1", &code), AIA_EDELAYED);
}

static void
newer(void **state)
{
	struct rig *rig = *state;
	struct secret older = new_code(rig, "1", 60);
	struct secret code = new_code(rig, "1", 60);

	assert_memory_not_equal(older.p, code.p, code.len);
	assert_int_equal(verify(rig, "1", &older), AIA_EDENIED);
	assert_int_equal(verify(rig, "1", &code), 0);
}

static void
lifetime(void **state)
{
	struct rig *rig = *state;
	struct identity who = rig_who("1");
	struct secret code = { 0 };
	struct owner owner;
	bool waiting = false;

	assert_int_equal(enrolcode_new(&rig->desk, &who, 0, &code), -EINVAL);
	assert_int_equal(enrolcode_new(&rig->desk, &who,
	    ENROLCODE_TTL_MAX_S + 1, &code), -EINVAL);
	assert_int_equal(seal_owner(&rig->desk.keys, &who, &owner), 0);
	code = new_code(rig, "1", 60);
	rig_pass(rig, 59000);
	assert_int_equal(enrolcode_waiting(&rig->desk, &owner, &waiting), 0);
	assert_true(waiting);
	rig_pass(rig, 1000);
	assert_int_equal(enrolcode_waiting(&rig->desk, &owner, &waiting), 0);
	assert_false(waiting);
	assert_int_equal(verify(rig, "1", &code), AIA_ENOENROLMENT);
}

struct find { const struct secret *code; size_t n; };

static int
find_text(const char *key, const struct state_row *row, void *arg)
{
	const struct find *f = arg;

	(void)key;
	assert_null(memmem(row->value, row->len, f->code->p, 5));
	return 0;
}

static void
stored_hashed(void **state)
{
	struct rig *rig = *state;
	struct secret code = new_code(rig, "1", 60);
	struct find f = { .code = &code };

	assert_int_equal(state_range(rig->desk.state, "", find_text, &f), 0);
}

#define WITH_RIG(f) cmocka_unit_test_setup_teardown(f, rig_make, rig_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RIG(once), WITH_RIG(as_typed), WITH_RIG(wrong),
		WITH_RIG(nothing_waiting), WITH_RIG(newer),
		WITH_RIG(lifetime), WITH_RIG(stored_hashed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
