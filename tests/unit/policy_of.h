/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy_of.h - policies for tests, loaded as the daemon loads them.
 */
#ifndef POLICY_OF_H
#define POLICY_OF_H

#include "aiauthd/policy/check.h"
#include "aiauthd/policy/policy.h"

/*
 * policy.d/test.cedar and, unless NULL, host.json.  Returns what policy_load()
 * does.
 */
AIA_MUST_USE int policy_of(const struct conf *conf, const char *cedar,
    const char *host_json, struct policy **ret, struct conf_error *err);

/* The same with test.assert, and what policy_check() returns. */
AIA_MUST_USE int policy_check_of(const struct conf *conf, const char *cedar,
    const char *host_json, const char *assertions,
    const struct policy_critic *critic, size_t *ret_n);

#endif
