/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_plan.c - what a plan costs: the planner and the policy code of the
 * daemon, with eight factors at hand and the policies of a fleet.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "aiauthd/login/planner.h"
#include "tests/bench/bench_dir.h"
#include "tests/bench/bench_fleet.h"
#include "tests/unit/policy_of.h"

#define ROUNDS 500

static bool
at_hand(const struct login *lg)
{
	(void)lg;
	return true;
}

#define ROW(fact, costs, ...) { .name = #fact, .burden = costs, \
	.proves = { FACT_##fact, __VA_ARGS__ }, .available = at_hand }
static const struct factor_ops rows[] = {
	ROW(PUBLICKEY, 1), ROW(TOTP, 3), ROW(FIDO2, 4),
	ROW(FIDO2_UV, 6, FACT_FIDO2), ROW(RECOVERY_CODE, 8), ROW(OIDC, 10),
	ROW(EMAIL_CODE, 12), ROW(SMS_CODE, 13),
};

static struct policy *
policy_with(unsigned n)
{
	static const char host[] = "{\"name\":\"gpu-17\",\"groups\":[\"g3\"],"
	    "\"group_parents\":{\"g3\":[\"all\"]}}";
	static struct conf conf;
	struct conf_error err = { "" };
	struct policy *p = NULL;
	size_t len;
	char *text = fleet_policies(n, &len);

	if (policy_of(&conf, text, host, &p, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	free(text);
	return p;
}

static void
measure(unsigned n_policies)
{
	static int64_t took[ROUNDS];
	static const struct facts none;
	const struct factor_ops *table[ARRAY_LEN(rows)];
	struct dir_role role = { .text = "r7" };
	struct policy_request req = { .principal = "ada", .source = "company",
	    .known = true, .active = true, .roles = &role, .n_roles = 1,
	    .action = POLICY_SSH, .service = "sshd", .src = "10.7.1.2",
	    .now_s = 1794827200 };	/* a Monday */
	struct worker w = { .policy = policy_with(n_policies) };
	struct login lg = { .worker = &w };
	struct plan plan = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		table[i] = &rows[i];
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start = bench_now_ns();

		if (planner_plan(&lg, &req, &none, table, ARRAY_LEN(rows),
		    &plan) < 0)
			abort();
		took[i] = bench_now_ns() - start;
	}
	if (plan.n != 1 || plan.sets[0] != 1u << 1) {
		fprintf(stderr, "bench_plan: not the plan that is due\n");
		exit(1);
	}
	qsort(took, ROUNDS, sizeof(took[0]), bench_ns_qcmp);
	printf("{\"engine\":\"aiauth\",\"plan_policies\":%u,\"factors\":%zu,"
	    "\"median_us\":%.2f,\"p99_us\":%.2f}\n", n_policies,
	    ARRAY_LEN(rows), (double)took[ROUNDS / 2] / 1e3,
	    (double)took[ROUNDS * 99 / 100] / 1e3);
	policy_free(w.policy);
}

int
main(void)
{
	measure(10);
	measure(1000);
	return 0;
}
