/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c - aiauthctl status.
 */
#include "config.h"

#include "aiauthctl/ctl.h"

#define STATUS_WAIT_S 30

enum ctl_exit
status_run(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };

	return request_run(ctl, &aia_m_status, &req, STATUS_WAIT_S);
}
