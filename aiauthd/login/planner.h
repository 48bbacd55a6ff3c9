/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * planner.h - which factors to ask for: the lightest set with which the policy
 * would permit this.
 *
 * There is no second table of required factors.  The plan decides nothing: the
 * policy is asked again about what was really proved.
 */
#ifndef AIA_LOGIN_PLANNER_H
#define AIA_LOGIN_PLANNER_H

#include "aiauthd/factors/factor.h"
#include "aiauthd/login/login.h"

#define PLAN_CHOICE_MAX 9	/* one digit chooses */

/* Sets of factors: bit i stands for table[i]. */
struct plan {
	unsigned	sets[PLAN_CHOICE_MAX];	/* any one of them */
	size_t		n;	/* at least one; a set may be empty */
	bool		decoy;	/* nothing would do; asked all the same */
};

/*
 * have: facts established before any prompt.  n <= FACTORS_LOGIN_MAX.  All
 * sets are tried, because under a forbid more can be worse.  The lightest sum
 * of burdens wins, then fewer members; those that are equal in both are a
 * choice, in the order of the table.
 *
 * A decoy is one factor, of those that the vault names for this person.  It
 * takes as many decisions as a plan for somebody who has them.
 *
 * Returns 0 or a negated errno.
 */
AIA_MUST_USE int planner_plan(const struct login *lg,
    const struct policy_request *req, const struct facts *have,
    const struct factor_ops *const *table, size_t n, struct plan *ret);

struct plan_means {		/* factors of the table, as bits */
	unsigned	can;	/* the person could prove here; not lg->unable */
	unsigned	later;	/* may not come first */
	unsigned	local;	/* would count as enrolled on this host */
};
struct plan_means planner_means(const struct login *lg,
    const struct factor_ops *const *table, size_t n);

/* No set of n <= FACTORS_LOGIN_MAX factors has more parts, none in another. */
#define PLANNER_SETS_MAX 252
struct plan_sets { unsigned v[PLANNER_SETS_MAX]; size_t n; };
/*
 * The sets of factors of 'can' with which the policy would permit, but those
 * of which a part would do, lightest first.  Where nothing is proved yet, those
 * of factors of 'later' alone are none.  Errors as above.
 */
AIA_MUST_USE int planner_sets(struct policy *policy,
    const struct policy_request *req, const struct facts *have,
    const struct factor_ops *const *table, size_t n,
    const struct plan_means *means, struct plan_sets *ret);
/* The facts as they would be with the whole set proved, those of 'local' by
 * enrolments on this host: 0 or the errors of facts_add(). */
AIA_MUST_USE int planner_suppose(const struct factor_ops *const *table,
    size_t n, unsigned set, unsigned local, struct facts *facts);

/*
 * Let the person choose, where there is a choice, and run the factors of that
 * set until one is denied or cannot be carried out; that one, and those that
 * would bring all that it does and more, are put into *unable, and a plan
 * without them may be made.  So is one that was proved by an enrolment on this
 * host where none was supposed, or the other way round: it counts, but may not
 * be enough.  An enrolment code given for one leads to its enrolment on the
 * spot.  *facts grows by what was proved.
 *
 * Returns 0 (also when denied) or why a factor could not be carried out.
 */
AIA_MUST_USE int planner_run(const struct login *lg, struct dialogue *dlg,
    const struct plan *plan, const struct factor_ops *const *table, size_t n,
    struct facts *facts, unsigned *unable);

#endif
