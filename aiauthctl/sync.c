/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync.c - aiauthctl sync.
 */
#include "config.h"

#include "aiauthctl/ctl.h"

#define SYNC_WAIT_S 36000	/* the daemon knows the sources' limits */

enum ctl_exit
sync_run(const struct ctl *ctl)
{
	struct aia_m_admin req = {
		.has = AIA_BIT(AIA_ADMIN_F_CONFIRM), .confirm = ctl->confirm,
	};

	if (ctl->n_args > 0) {
		if (!ctl_name(ctl, 0, &req.source))
			return CTL_USAGE;
		req.has |= AIA_BIT(AIA_ADMIN_F_SOURCE);
	}
	return request_run(ctl, &aia_m_sync, &req, SYNC_WAIT_S);
}
