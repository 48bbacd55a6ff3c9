/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.h - a decision of the audit log as a question again, to ask it of
 * other policies.
 */
#ifndef AIA_POLICY_REPLAY_H
#define AIA_POLICY_REPLAY_H

#include "aiauthd/policy/policy.h"

struct replay {			/* heap */
	struct policy_request	 req;	/* points into the rest */
	struct facts		 facts;
	struct facts		 session;	/* names of factors alone */
	int64_t			 seq;
	bool			 permitted;
	bool			 by_policy;	/* else they were not asked, or
						 * the record is older than that
						 * it says so */
	bool			 cut;	/* roles or attributes are missing */
	struct dir_role		*roles;
	const char		**approvals;
	char			*texts;
	size_t			 texts_len, texts_cap;
	uint8_t			 attributes[DIR_ATTRIBUTES_MAX];
};

/*
 * json: one record of kind "decision", whoever wrote it.  Returns 0, AIA_EPROTO
 * (not the shape of one), -EMSGSIZE (longer than a record can be) or -ENOMEM.
 */
AIA_MUST_USE int replay_parse(struct aia_span json, struct replay **ret);
void replay_free(struct replay *rp);

#endif
