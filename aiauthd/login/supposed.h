/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supposed.h - a login that nobody tries: what the policy would say to it.
 *
 * Nothing is asked, changed or logged, and the question is the one that a login
 * of that person asks.
 */
#ifndef AIA_LOGIN_SUPPOSED_H
#define AIA_LOGIN_SUPPOSED_H

#include "aiauthd/login/planner.h"
#include "base/json.h"

struct supposed {		/* what of it is not the person's */
	enum policy_action action;
	char		 service[AIA_SERVICE_LEN_MAX + 1];
	bool		 has_source;
	struct source	 source;
	int64_t		 at_s;		/* Unix time */
	struct facts	*facts;		/* just these are proved; NULL: what
					 * would be asked for */
};

/*
 * What a request says, with the usual service of the action where it names
 * none.  0, -EINVAL (no such action or factor, no time of our era) or -ENOMEM;
 * clear() in any case.
 */
AIA_MUST_USE int supposed_init(const struct conf *conf,
    const struct aia_m_admin *req, struct supposed *ret);
void supposed_clear(struct supposed *s);

/*
 * The question that this person would ask; borrows s and lg, which takes on
 * what is supposed.  Where from is not known unless it was said, but for
 * actions that come from nowhere else.
 */
struct policy_request supposed_request(const struct supposed *s,
    struct login *lg);

/*
 * What such a login may begin with: nothing and, by ssh, each key that the
 * person has; of keys that prove the same one.  Asks vault and directory where
 * there may be keys, and only if with_keys.  *ret is the caller's to free.
 * Errors are those of keys.h.
 */
#define SUPPOSED_STARTS_MAX 6
struct supposed_starts { struct facts v[SUPPOSED_STARTS_MAX]; size_t n; };
AIA_MUST_USE int supposed_starts(const struct supposed *s,
    const struct login *lg, int64_t deadline_ms, bool with_keys,
    struct supposed_starts **ret);

/* Factors that can be asked for in this action. */
unsigned supposed_all(const struct supposed *s);
/* The first of sets that 'can' proves; NULL: none of them. */
const unsigned *supposed_first(const struct plan_sets *sets, unsigned can);

/* The names of a set and of what the login begins with, as an array. */
void supposed_names(struct json_out *o, const char *key,
    const struct facts *start, unsigned set);

#endif
