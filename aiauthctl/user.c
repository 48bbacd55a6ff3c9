/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user.c - aiauthctl user show, user list, unlock.
 */
#include "config.h"

#include "aiauthctl/ctl.h"

#define USER_WAIT_S 30

static enum ctl_exit
about_user(const struct ctl *ctl, const struct aia_message *m)
{
	struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER) };

	if (!ctl_name(ctl, 0, &req.user))
		return CTL_USAGE;
	return request_run(ctl, m, &req, USER_WAIT_S);
}

enum ctl_exit
user_show_run(const struct ctl *ctl)
{
	return about_user(ctl, &aia_m_user_show);
}

enum ctl_exit
user_list_run(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };

	return request_run(ctl, &aia_m_user_list, &req, USER_WAIT_S);
}

enum ctl_exit
unlock_run(const struct ctl *ctl)
{
	return about_user(ctl, &aia_m_unlock);
}
