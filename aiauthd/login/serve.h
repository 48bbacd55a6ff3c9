/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - one packet from a peer: is it one that may come now, from this
 * peer, and then what it asks for.
 *
 * serve() itself is declared in aiauthd/daemon.h.
 */
#ifndef AIA_LOGIN_SERVE_H
#define AIA_LOGIN_SERVE_H

#include "aiauthd/login/dialogue.h"

/* The body of a request, decoded; spans point into dlg->in. */
union req {
	struct aia_m_begin	begin;
	struct aia_m_reply	reply;
	struct aia_m_agent_reply agent_reply;
	struct aia_m_admin	admin;
	struct aia_m_keys	keys;
};

/*
 * Receive one packet and serve it.  Returns 0 when the request was carried out
 * or refused in its own words; otherwise the dialogue is over and the caller
 * logs why.
 */
AIA_MUST_USE int serve_next(struct dialogue *dlg);

#endif
