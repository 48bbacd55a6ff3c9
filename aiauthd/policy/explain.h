/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * explain.h - which policies made a decision, and which could have made
 * another.
 */
#ifndef AIA_POLICY_EXPLAIN_H
#define AIA_POLICY_EXPLAIN_H

#include "aiauthd/policy/policy.h"
#include "base/json.h"

#define EXPLAIN_NEAREST_MAX 16	/* permits that are named */

enum policy_part {
	POLICY_DECIDED = 1,	/* made the decision */
	POLICY_FAILED,		/* could not be evaluated; 'why' */
	POLICY_NEAREST,		/* a permit that is about this, but for a
				 * condition, which stands at line, column */
};

struct policy_said {		/* of one policy; lives during the call */
	enum policy_part part;
	bool		 permit;	/* else a forbid */
	struct aia_span	 id;		/* cut, if nobody could read it */
	const char	*file;
	unsigned	 line, column;	/* of the policy: column 0 */
	const char	*why;		/* static text */
};

/*
 * Decide as policy_decide() does, on what was taken up last, and tell of each
 * policy that had a part in it.  The nearest are told of where nothing permits.
 * A negative return of each() ends it and is returned.
 */
AIA_MUST_USE int policy_explain(struct policy *p, const struct facts *facts,
    int (*each)(const struct policy_said *said, void *arg), void *arg,
    struct policy_decision *ret);

/* "nearest" and so on. */
const char *policy_part_str(enum policy_part part);
/* The members of a record "policy", as aiauthctl(1) lists them. */
void policy_said_json(const struct policy_said *said, struct json_out *o);

#endif
