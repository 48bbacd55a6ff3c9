/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - is a set of policies fit to be taken: does it load, and does it
 * keep what its assertions promise?
 */
#ifndef AIA_POLICY_CHECK_H
#define AIA_POLICY_CHECK_H

#include "aiauthd/policy/policy.h"

/* Told of each thing that is wrong: "FILE:LINE:COLUMN: what". */
struct policy_critic {
	void	(*wrong)(const char *what, void *arg);
	void	*arg;
};

/*
 * As policy_load(), but the critic is told of the first mistake of each file
 * and then, if all of them load, of every assertion that is wrong or fails.
 * *ret_n is the number of assertions.  Returns 0, or AIA_ECONF after something
 * was told.
 */
AIA_MUST_USE int policy_check(int conf_fd, const struct conf *conf,
    const struct policy_critic *critic, struct policy **ret, size_t *ret_n);

/* A critic's wrong(): keep what is told first.  arg is a struct conf_error
 * that begins empty. */
void policy_keep_first(const char *what, void *arg);

#endif
