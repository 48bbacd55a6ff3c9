/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * factor.h - one way of proving who one is.
 *
 * A factor answers for itself only: run() below 0 means that it could not be
 * carried out; who gets in is the policy's word.  To add one: one file, one
 * line in factors.c, one section in the man page.
 */
#ifndef AIA_FACTORS_FACTOR_H
#define AIA_FACTORS_FACTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "aiauthd/facts/facts.h"
#include "aiauthd/login/dialogue.h"
#include "aiauthd/login/login.h"

enum factor_verdict {
	FACTOR_DENIED = 0,	/* zeroed: no */
	FACTOR_PROVEN,
	FACTOR_UNABLE,		/* nothing was said for or against it: others
				 * may be asked for in its place */
};

#define FACTOR_PROVES_MAX 2	/* fido2_uv brings fido2 */
#define FACTORS_LOGIN_MAX 10	/* the planner tries 2^this sets */

struct factor_ops {
	const char	*name;		/* as the policy spells it: "totp" */
	const char	*title;		/* as a person is offered it */
	unsigned	 burden;	/* on a person; lighter goes first */
	bool		 is_decoy;	/* anybody may be asked for it */
	enum fact_name	 proves[FACTOR_PROVES_MAX];	/* 0: no more */
	bool		 tells_source;	/* and where its key is from */
	/* Could this person prove it here, as far as one knows? */
	bool		(*available)(const struct login *lg);
	/* Would it count as enrolled on this host?  NULL: by its fact. */
	bool		(*is_local)(const struct login *lg);
	/* May it be the first that this dialogue asks for?  NULL: yes. */
	bool		(*first)(const struct login *lg);
	/*
	 * Ask for it.  Facts that were proved are added to *facts.  May add
	 * FACT_ENROL_CODE instead: an enrolment code was given and used up.
	 */
	int		(*run)(const struct login *lg, struct dialogue *dlg,
			    struct facts *facts, enum factor_verdict *ret);
	/*
	 * Enrol it: the peer has shown the right to.  Adds the facts that
	 * enrolling has proved.  NULL: not enrolled in a dialogue.
	 */
	int		(*enrol)(const struct login *lg, struct dialogue *dlg,
			    const char *label, struct facts *facts,
			    enum factor_verdict *ret);
};

extern const struct factor_ops factor_totp, factor_fido2, factor_fido2_uv,
    factor_oidc;

extern const struct factor_ops *const factors[];
extern const size_t n_factors;
const struct factor_ops *factor_find(struct aia_span name);

#endif
