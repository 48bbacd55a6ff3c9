/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_planner.c - which factors are asked for.
 */
#include "config.h"

#include "aiauthd/login/planner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fake_back.h"
#include "tests/unit/policy_of.h"

/*
 * Three made-up factors over the real rule, which permits with any factor: so
 * the plan is the lightest of those at hand.  That all sets are tried shows
 * where the empty one permits.
 */
static bool has[3];

static bool
has_0(const struct login *lg)
{
	(void)lg;
	return has[0];
}

static bool
has_1(const struct login *lg)
{
	(void)lg;
	return has[1];
}

static bool
has_2(const struct login *lg)
{
	(void)lg;
	return has[2];
}

static unsigned ran;	/* bits */
static bool denies[3];

static int
ran_bit(unsigned i, struct facts *facts, enum fact_name name,
    enum factor_verdict *ret)
{
	ran |= 1u << i;
	*ret = denies[i] ? FACTOR_DENIED : FACTOR_PROVEN;
	return denies[i] ? 0 : facts_add(facts, name, "", true);
}

static int
run_0(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(0, facts, FACT_FIDO2, ret);
}

static int
run_1(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(1, facts, FACT_TOTP, ret);
}

static int
run_2(const struct login *lg, struct dialogue *dlg, struct facts *facts,
    enum factor_verdict *ret)
{
	(void)lg;
	(void)dlg;
	return ran_bit(2, facts, FACT_RECOVERY_CODE, ret);
}

static const struct factor_ops f0 = { .name = "fido2", .burden = 4,
	.proves = { FACT_FIDO2 }, .available = has_0, .run = run_0 };
static const struct factor_ops f1 = { .name = "totp", .burden = 3,
	.is_decoy = true, .proves = { FACT_TOTP }, .available = has_1,
	.run = run_1 };
static const struct factor_ops f2 = { .name = "recovery_code",
	.burden = 3, .is_decoy = true, .proves = { FACT_RECOVERY_CODE },
	.available = has_2, .run = run_2 };
static const struct factor_ops *const table[] = { &f0, &f1, &f2 };

static struct plan_row {
	const char *name, *service;
	bool has[3], no_role;
	unsigned set;
	bool decoy;
} plan_rows[] = {
	{ "the lightest", "sshd", { true, true, false }, false, 2, false },
	{ "the only one", "sshd", { true, false, false }, false, 1, false },
	{ "equal: the table's order", "sshd", { true, true, true }, false, 2,
	    false },
	{ "none at hand", "sshd", { false, false, false }, false, 2, true },
	{ "none would do", "sshd", { true, true, true }, true, 2, true },
	{ "nothing needed", "cron", { true, true, true }, false, 0, false },
	{ "no rule", "ftpd", { true, true, true }, false, 2, true },
};

static void
plan(void **state)
{
	const struct plan_row *row = *state;
	static struct worker w;
	static struct daemon d;
	static struct facts none;
	static struct dir_role role = { .text = "admins" };
	static struct login lg;
	struct policy_request req;
	struct plan p = { 0 };

	fake_worker(&w, &d, "/dev/null");
	lg = (struct login){ .worker = &w,
	    .person = { .known = true, .active = true },
	    .roles = { .v = &role, .n = row->no_role ? 0 : 1 } };
	snprintf(lg.service, sizeof(lg.service), "%s", row->service);
	memcpy(has, row->has, sizeof(has));
	req = login_request(&lg, 0);
	assert_int_equal(planner_plan(&lg, &req, &none, table,
	    ARRAY_LEN(table), &p), 0);
	assert_int_equal(p.set, row->set);
	assert_int_equal(p.decoy, row->decoy);
}

/* Policies with which more than one set would do, or more is worse. */
static struct sets_row {
	const char *name, *when;	/* of the one permit */
	unsigned can, sets[4];
	size_t n;
} sets_rows[] = {
	{ "nothing needed", "true", 7, { 0 }, 1 },
	{ "none would do", "false", 7, { 0 }, 0 },
	{ "any one: by burden, then as the table has them",
	    "!context.factors.isEmpty()", 7, { 2, 4, 1 }, 3 },
	{ "two of them", "context.factors.contains(\"totp\") && "
	    "context.factors.contains(\"fido2\")", 7, { 3 }, 1 },
	{ "one, or both others: no more of the one",
	    "context.factors.contains(\"fido2\") || "
	    "context.factors.containsAll([\"totp\", \"recovery_code\"])", 7,
	    { 1, 6 }, 2 },
	{ "only of those at hand", "!context.factors.isEmpty()", 5,
	    { 4, 1 }, 2 },
	{ "more is worse", "!context.factors.contains(\"totp\") && "
	    "!context.factors.isEmpty()", 7, { 4, 1 }, 2 },
};

static void
sets(void **state)
{
	const struct sets_row *row = *state;
	const struct policy_request req = { .principal = "ada",
	    .source = "idp", .known = true, .active = true,
	    .action = POLICY_SSH, .service = "sshd" };
	static struct conf conf;
	static struct facts none;
	struct conf_error err = { "" };
	struct policy *policy = NULL;
	struct plan_sets got;
	char text[256];

	snprintf(text, sizeof(text), "permit (principal, action, resource) "
	    "when { %s };", row->when);
	if (policy_of(&conf, text, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(planner_sets(policy, &req, &none, table,
	    ARRAY_LEN(table), row->can, &got), 0);
	policy_free(policy);
	assert_int_equal(got.n, row->n);
	assert_memory_equal(got.v, row->sets, row->n * sizeof(got.v[0]));
}

/* A denied one ends it: no more questions, nothing added. */
static void
run_until_denied(void **state)
{
	static struct worker w;
	static struct login lg;
	static struct facts facts;
	const struct plan all = { .set = 7 };
	struct dialogue *dlg = calloc(1, sizeof(*dlg));

	(void)state;
	assert_non_null(dlg);
	dlg->worker = &w;
	lg.worker = &w;
	denies[1] = true;
	assert_int_equal(planner_run(&lg, dlg, &all, table,
	    ARRAY_LEN(table), &facts), 0);
	assert_int_equal(ran, 3);
	assert_non_null(facts_find(&facts, FACT_FIDO2));
	assert_null(facts_find(&facts, FACT_TOTP));
	assert_true(dlg->proved);
	free(dlg);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(plan_rows) + ARRAY_LEN(sets_rows) +
	    1] = {
		cmocka_unit_test(run_until_denied),
	};
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(plan_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = plan_rows[i].name, .test_func = plan,
		    .initial_state = &plan_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(sets_rows); i++)
		tests[n++] = (struct CMUnitTest){
		    .name = sets_rows[i].name, .test_func = sets,
		    .initial_state = &sets_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
