/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_replay.c - any line as a decision of the audit log: what is read from
 * one asks the policies, and never more than there is room for.
 */
#include "config.h"

#include <stdlib.h>

#include "aiauthd/policy/replay.h"
#include "tests/unit/policy_of.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct conf conf;
	static struct policy *policy;
	struct policy_decision d;
	struct conf_error err;
	struct replay *rp;

	if (policy == NULL && policy_of(&conf, "permit (principal, action, "
	    "resource) when { context.factors.contains(\"totp\") };", NULL,
	    &policy, &err) < 0)
		abort();
	if (replay_parse(aia_span_of(data, size), &rp) < 0)
		return 0;
	if (rp->facts.n > FACTS_MAX || (rp->by_policy &&
	    rp->req.principal == NULL))
		abort();
	if (rp->by_policy && policy_consider(policy, &rp->req) == 0)
		policy_decide(policy, &rp->facts, &d);
	replay_free(rp);
	return 0;
}
