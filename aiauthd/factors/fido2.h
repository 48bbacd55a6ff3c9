/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fido2.h - the ways to a security key: by the caller's ssh agent, or plugged in
 * here.
 *
 * The factors fido2 and fido2_uv are the same whichever way it was; policies do
 * not tell them apart.
 */
#ifndef AIA_FACTORS_FIDO2_H
#define AIA_FACTORS_FIDO2_H

#include "aiauthd/factors/factor.h"

struct fido2_way {	/* as in struct factor_ops; uv: for fido2_uv */
	bool	(*available)(const struct login *lg, bool uv);
	/* ... and could it be a key that is enrolled on this host? */
	bool	(*is_local)(const struct login *lg, bool uv);
	int	(*run)(const struct login *lg, struct dialogue *dlg, bool uv,
		    struct facts *facts, enum factor_verdict *ret);
};
extern const struct fido2_way fido2_agent, fido2_key;

int fido2_key_enrol(const struct login *lg, struct dialogue *dlg,
    const char *label, struct facts *facts, enum factor_verdict *ret);

/* One signature, and what it says. */
struct fido2_signed {
	const char	*factor;	/* KEY_FACTOR_*: enrolled here; NULL */
	const char	*id;		/* of the enrolment; "": none */
	const char	*proof;		/* what stands for it in facts */
	bool		 good;		/* of this key, over this challenge */
	bool		 touched, verified;
	uint32_t	 counter;
};
/*
 * Is it enough?  Of a key that is enrolled here the vault has the last word:
 * it knows whether it still is.  Returns 0 and adds the facts, AIA_EDENIED
 * (logged) or why it could not be found out.
 */
AIA_MUST_USE int fido2_judge(const struct login *lg,
    const struct dialogue *dlg, bool uv, const struct fido2_signed *s,
    struct facts *facts);

#endif
