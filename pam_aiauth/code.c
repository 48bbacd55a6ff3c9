/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * code.c - the border to PAM: what our results are called there.
 */
#include "config.h"

#include "pam_aiauth/code.h"

#include <security/_pam_types.h>
#include <stddef.h>

#include "common/messages.h"

static const struct verdict_row {
	uint32_t	verdict;
	int		r;
} verdict_rows[] = {
	{ AIA_V_PERMIT,		0 },
	{ AIA_V_DENIED,		AIA_EDENIED },
	{ AIA_V_UNKNOWN_USER,	AIA_ENOUSER },
	{ AIA_V_MAX_TRIES,	AIA_EDELAYED },
	{ AIA_V_UNAVAILABLE,	AIA_EOFFLINE },
};

/*
 * In account there is no PAM_USER_UNKNOWN: stacks often say user_unknown=ignore
 * there, and what we refuse must stay refused.
 */
static const struct code_row {
	int	r;
	int	codes[PHASES];	/* auth, setcred, account, open, close */
} code_rows[] = {
	{ 0,		{ PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS,
			  PAM_SUCCESS, PAM_SUCCESS } },
	{ AIA_EDENIED,	{ PAM_AUTH_ERR, PAM_CRED_ERR, PAM_PERM_DENIED,
			  PAM_SESSION_ERR, PAM_SESSION_ERR } },
	{ AIA_ENAME,	{ PAM_AUTH_ERR, PAM_CRED_ERR, PAM_PERM_DENIED,
			  PAM_SESSION_ERR, PAM_SESSION_ERR } },
	{ AIA_ENOUSER,	{ PAM_USER_UNKNOWN, PAM_CRED_ERR, PAM_PERM_DENIED,
			  PAM_SESSION_ERR, PAM_SESSION_ERR } },
	{ AIA_EDELAYED,	{ PAM_MAXTRIES, PAM_CRED_ERR, PAM_PERM_DENIED,
			  PAM_SESSION_ERR, PAM_SESSION_ERR } },
	{ AIA_ECONF,	{ PAM_SERVICE_ERR, PAM_CRED_ERR, PAM_SERVICE_ERR,
			  PAM_SESSION_ERR, PAM_SESSION_ERR } },
};
static const int code_else[PHASES] = {	/* we could not find out */
	PAM_AUTHINFO_UNAVAIL, PAM_CRED_ERR, PAM_AUTHINFO_UNAVAIL,
	PAM_SESSION_ERR, PAM_SESSION_ERR,
};

int
code_of_verdict(uint32_t verdict)
{
	for (size_t i = 0; i < ARRAY_LEN(verdict_rows); i++)
		if (verdict_rows[i].verdict == verdict)
			return verdict_rows[i].r;
	return AIA_EPROTO;
}

int
code_pam(int r, enum phase phase)
{
	for (size_t i = 0; i < ARRAY_LEN(code_rows); i++)
		if (code_rows[i].r == r)
			return code_rows[i].codes[phase];
	return code_else[phase];
}
