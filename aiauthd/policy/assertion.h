/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assertion.h - *.assert files: what a set of policies promises, held against
 * what it does.  aiauth-policy(5) tells the format.
 */
#ifndef AIA_POLICY_ASSERTION_H
#define AIA_POLICY_ASSERTION_H

#include "aiauthd/policy/check.h"
#include "base/conf_texts.h"

#define ASSERTION_LINE_MAX 1024	/* bytes */

/*
 * Run those of one file; *n grows by their number.  Returns 0, AIA_ECONF (the
 * critic was told why: a line that is not understood, or one that fails) or
 * -ENOMEM.
 */
AIA_MUST_USE int assertions_run(struct policy *p,
    const struct conf_text *text, const struct policy_critic *critic,
    size_t *n);

#endif
