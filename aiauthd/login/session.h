/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h - the link between a login and sudo or su in its session.
 *
 * A session is the kernel's audit session, which nobody can choose.  It counts
 * only where it and its loginuid are set, as a peer that is root says, and the
 * loginuid, the one who calls and the one whose session was opened are the same
 * uid.
 */
#ifndef AIA_LOGIN_SESSION_H
#define AIA_LOGIN_SESSION_H

#include "aiauthd/login/login.h"

/*
 * Find out what the login of this session proved: lg->session, which stays NULL
 * where nothing counts.  0, or an error of vault.h.
 */
AIA_MUST_USE int session_read(struct login *lg, const struct dialogue *dlg);

/*
 * A login has been permitted with these facts, or has ended.  What goes wrong
 * is logged: a session without a link only has to prove more later.
 */
void session_write(const struct login *lg, const struct dialogue *dlg,
    const struct facts *facts);
void session_end(const struct login *lg, const struct dialogue *dlg);

#endif
