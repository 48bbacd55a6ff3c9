/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_audit_limit.c - who fills the audit log is stopped, and nobody else.
 */
#include "config.h"

#include "aiauthd/vault/audit_limit.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/vault_rig.h"

#define NOW_MS 1000000

static struct seal_keys keys;
static struct audit_limit *l;

static struct row {
	const char *name;
	uint32_t peer_uid, caller_uid;
	const char *verdict, *origin;
	bool is_limited;	/* once peer 7 has had all of theirs */
} rows[] = {
	{ "the same again", 7, 7, "deny", "console", true },
	{ "a permit", 7, 7, "permit", "console", true },
	{ "by sudo, whoever else it claims to be", 0, 7, "deny", "10.0.0.1",
	    true },
	{ "a permit to sudo", 0, 7, "permit", "console", false },
	{ "another user", 8, 8, "deny", "console", false },
	{ "another user's sudo", 0, 8, "unavailable", "console", false },
	{ "root's console", 0, 0, "deny", "console", false },
	{ "an address", 0, 0, "deny", "10.0.0.1", false },
};

static struct audit_entry
entry(const struct row *row)
{
	struct audit_entry e = rig_entry("");

	e.peer_uid = row->peer_uid;
	e.caller_uid = row->caller_uid;
	e.verdict = aia_span_str(row->verdict);
	e.origin = aia_span_str(row->origin);
	return e;
}

/* As many as may be, and one more. */
static void
exhaust(const struct audit_entry *e, int64_t now_ms)
{
	for (int i = 0; i < AUDIT_LIMIT_BURST; i++)
		assert_int_equal(audit_limit_take(l, &keys, e, now_ms), 0);
	assert_int_equal(audit_limit_take(l, &keys, e, now_ms), -EBUSY);
}

static int
zero(void **state)
{
	(void)state;
	*l = (struct audit_limit){ 0 };
	return 0;
}

static void
limited(void **state)
{
	const struct row *row = *state;
	const struct audit_entry first = entry(&rows[0]), e = entry(row);

	(void)zero(NULL);
	exhaust(&first, NOW_MS);
	assert_int_equal(audit_limit_take(l, &keys, &e, NOW_MS),
	    row->is_limited ? -EBUSY : 0);
}

/* One more in time; all of them once nothing came for long enough. */
static void
wears_off(void **state)
{
	const struct audit_entry e = entry(&rows[7]);
	int64_t at_ms = NOW_MS + AUDIT_LIMIT_MS;

	(void)state;
	exhaust(&e, NOW_MS);
	assert_int_equal(audit_limit_take(l, &keys, &e, at_ms - 1), -EBUSY);
	assert_int_equal(audit_limit_take(l, &keys, &e, at_ms), 0);
	assert_int_equal(audit_limit_take(l, &keys, &e, at_ms), -EBUSY);
	exhaust(&e, at_ms + (int64_t)AUDIT_LIMIT_BURST * AUDIT_LIMIT_MS);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test_setup(wears_off, zero),
	};
	int r;

	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i + 1] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = limited, .initial_state = &rows[i] };
	r = cmocka_run_group_tests(tests, NULL, NULL);
	free(l);
	return r;
}
