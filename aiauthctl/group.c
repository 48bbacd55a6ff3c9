/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group.c - aiauthctl group list, group show.
 */
#include "config.h"

#include "aiauthctl/ctl.h"

#define GROUP_WAIT_S 30

enum ctl_exit
group_list_run(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };

	return request_run(ctl, &aia_m_group_list, &req, GROUP_WAIT_S);
}

enum ctl_exit
group_show_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_GROUP) };

	if (!ctl_name(ctl, 0, &req.group))
		return CTL_USAGE;
	return request_run(ctl, &aia_m_group_show, &req, GROUP_WAIT_S);
}
