/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eval.h - the value of an expression, and whether a policy is satisfied.
 *
 * A value of the context may be unknown (V_UNKNOWN): not absent, but not to be
 * had yet.  What depends on one is unknown itself, unless the rest decides:
 * unknown && false is false.
 */
#ifndef CEDAR_EVAL_H
#define CEDAR_EVAL_H

#include "cedar/ast.h"
#include "cedar/store.h"

#define EVAL_MEMO 16	/* entities whose ancestors are kept */

struct above { uint32_t node, n; const uint32_t *list; };

struct eval {
	struct cedar_store	*store;
	const struct cedar_request *req;
	struct mem		*m;
	struct above		 memo[EVAL_MEMO];
	unsigned		 n_memo;
	bool			 context_unknown; /* some member of it is */
	const char		*why;		/* after a failure, with .. */
	uint32_t		 line, column;	/* .. its place */
};

void eval_init(struct eval *ev, struct cedar_store *store,
    const struct cedar_request *req, struct mem *m);

/* 0, or -EINVAL with why, line and column set. */
CEDAR_MUST_USE int eval_expr(struct eval *ev, const struct expr *x,
    struct value *ret);

enum eval_outcome { EVAL_NO, EVAL_YES, EVAL_UNKNOWN, EVAL_FAILED };

/* Scope first, then the clauses in order. */
enum eval_outcome eval_policy(struct eval *ev, const struct policy *p);

/*
 * Of a policy that eval_policy() calls EVAL_NO: the condition that was not met;
 * NULL: it is about another request, or nothing more can be said.
 */
const struct expr *eval_unmet(struct eval *ev, const struct policy *p);

/* Ancestors of an entity; false when there is no memory. */
bool eval_above(struct eval *ev, const struct uid *uid, struct above *ret);
/* e in x: 1, 0 or -ENOMEM. */
int eval_in_entity(struct eval *ev, const struct uid *e,
    const struct uid *x);

/* For the evaluator's own files: always -EINVAL, with why and place. */
int eval_fail(struct eval *ev, const struct expr *x, const char *why);
int eval_fail_at(struct eval *ev, uint32_t line, uint32_t column,
    const char *why);
/* It, or a member of it. */
bool eval_has_unknown(const struct value *v);
int eval_has(struct eval *ev, const struct expr *x, struct value *ret);
int eval_call(struct eval *ev, const struct expr *x, struct value *ret);
int eval_member(struct eval *ev, const struct expr *x, struct value *ret);

#endif
