/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decision.h - what becomes of a decision before anybody hears of it: a record
 * in the audit log, and an event.
 */
#ifndef AIA_LOGIN_DECISION_H
#define AIA_LOGIN_DECISION_H

#include "aiauthd/login/login.h"

struct decision {
	const struct login	*lg;
	enum aia_verdict	 verdict;	/* what will be answered */
	const struct policy_request *req;	/* as it was decided for */
	const struct facts	*facts;		/* that were there then */
	/* The policy's word; where it was not asked only the reason is set. */
	const struct policy_decision *policy;
};

/*
 * Return 0, or why the record could not be written: then nobody may be told of
 * the decision.  The errors are those of vault.h.
 */
AIA_MUST_USE int decision_record(const struct decision *d,
    int64_t deadline_ms);
/* A permit together with its handle: there is not the one without the other. */
AIA_MUST_USE int decision_handle(const struct decision *d, uint32_t ttl_s,
    int64_t deadline_ms, uint8_t ret[AIA_HANDLE_LEN]);

#endif
