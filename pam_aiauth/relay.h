/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay.h - one dialogue: the daemon's questions to the person, the answers
 * back, and the verdict.
 */
#ifndef AIA_PAM_RELAY_H
#define AIA_PAM_RELAY_H

#include <security/_pam_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/client.h"
#include "common/err.h"
#include "common/messages.h"
#include "pam_aiauth/txn.h"

struct relay {
	pam_handle_t	*pamh;
	bool		 is_silent;		/* show no NOTICE */
	bool		 may_use_authtok;	/* once, where PROMPT says so */
	const char	*agent;			/* path of the caller's ssh
						 * agent; NULL: none is asked */
	bool		 agent_failed;		/* and is asked no more */
	int64_t		 deadline_ms;		/* for the whole dialogue */
	struct aia_client *client;
};

struct relay_end {
	uint32_t		verdict;	/* any word */
	bool			has_handle;
	struct txn_handle	handle;
};

/*
 * Returns 0 when a VERDICT came; -ECANCELED if the person could not be asked or
 * gave no answer, AIA_EPROTO, -ETIMEDOUT and what aia_client_recv() says.
 */
AIA_MUST_USE int relay_run(struct relay *rl, const struct aia_m_begin *begin,
    struct relay_end *ret);

#endif
