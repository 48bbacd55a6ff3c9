/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inside.h - what the files of policy/ share.
 */
#ifndef AIA_POLICY_INSIDE_H
#define AIA_POLICY_INSIDE_H

#include "aiauthd/policy/check.h"
#include "aiauthd/policy/host.h"
#include "aiauthd/policy/model.h"
#include "aiauthd/policy/policy.h"
#include "cedar/cedar.h"

#define POLICY_MEMORY_MAX ((size_t)256 << 20)	/* bytes of policies */
#define REQUEST_MEMORY_MAX ((size_t)8 << 20)	/* of one request */
#define DECISION_MEMORY_MAX ((size_t)4 << 20)	/* of one decision */

struct policy {
	const struct conf	*conf;
	struct model		 model;
	struct host		 host;
	struct cedar_set	*set;
	char			 fingerprint[POLICY_FINGERPRINT_LEN + 1];
	int64_t			 loaded_s;
	struct cedar_store	*store;		/* of the request at hand */
	/* The same, with roles that two groups carry; only if 'doubtful'. */
	struct cedar_store	*store_doubtful;
	bool			 doubtful;
	struct mem		 request_mem;
	struct mem		 decision_mem;
	struct policy_request	 req;		/* not known: none */
	struct cedar_request	 request;
	bool			 usable;	/* the request: it has entities */
};

/* policy_load(), but every file is looked at and the critic told of the first
 * mistake in each.  The same errors. */
AIA_MUST_USE int policy_load_telling(int conf_fd, const struct conf *conf,
    const struct policy_critic *critic, struct policy **ret);

/* Entities of the request and of this host into one of p's stores. */
AIA_MUST_USE int entities_fill(struct policy *p, struct cedar_store *store);

/* A text of the identity provider as this type of [attribute]; false: it is
 * none.  The value lives in m. */
bool attribute_value(struct mem *m, const char *type, struct str text,
    struct value *ret);

/* The context with these facts, in m. */
AIA_MUST_USE int context_make(const struct policy *p,
    const struct facts *facts, struct mem *m, struct value *ret);

/*
 * policy_decide(), with the answer that it comes from, which lives until the
 * next one; false: there is none.  *d is always filled.
 */
bool policy_answer(struct policy *p, const struct facts *facts,
    struct cedar_answer *ret, struct policy_decision *d);

#endif
