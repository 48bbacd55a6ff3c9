/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * phases.h - what each PAM phase decides: design table "PAM phases" as code.
 */
#ifndef AIA_LOGIN_PHASES_H
#define AIA_LOGIN_PHASES_H

#include "aiauthd/login/dialogue.h"

/*
 * Carry out one BEGIN to its verdict.  begin's spans live in dlg->in and are
 * copied before the first prompt.
 *
 * Returns 0 when the verdict was sent.  Otherwise it was not, and no permission
 * was given: AIA_EDENIED and AIA_ENOENROLMENT mean no, anything else that it
 * could not be decided.
 */
AIA_MUST_USE int phase_run(struct dialogue *dlg,
    const struct aia_m_begin *begin);

/* What the caller is told of an error that phase_run() returned. */
enum aia_verdict phase_verdict(int r);

#endif
