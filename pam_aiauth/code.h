/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * code.h - the border to PAM: what our results are called there.
 */
#ifndef AIA_PAM_CODE_H
#define AIA_PAM_CODE_H

#include <stdint.h>

#include "common/err.h"

enum phase {
	PHASE_AUTH,
	PHASE_SETCRED,
	PHASE_ACCOUNT,
	PHASE_OPEN_SESSION,
	PHASE_CLOSE_SESSION,
	PHASES
};

/*
 * What a verdict of the daemon means: 0 for PERMIT alone, AIA_EPROTO for a word
 * we do not know.
 */
AIA_MUST_USE int code_of_verdict(uint32_t verdict);

/* PAM_SUCCESS for 0 alone, never PAM_IGNORE. */
int code_pam(int r, enum phase phase);

#endif
