/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enroll.c - aiauthctl enroll, enroll-code, unenroll, rename.
 */
#include "config.h"

#include <string.h>

#include "aiauthctl/ctl.h"
#include "common/id.h"

/* FACTOR [USER ...]: what enroll and unenroll have in common. */
static bool
factor_and_user(const struct ctl *ctl, struct aia_m_admin *req)
{
	req->has |= AIA_BIT(AIA_ADMIN_F_FACTOR);
	req->factor = aia_span_str(ctl->args[0]);
	if (ctl->n_args < 2)
		return true;
	req->has |= AIA_BIT(AIA_ADMIN_F_USER);
	return ctl_name(ctl, 1, &req->user);
}

enum ctl_exit
enroll_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { 0 };

	if (!factor_and_user(ctl, &req))
		return CTL_USAGE;
	if (ctl->label != NULL) {
		req.has |= AIA_BIT(AIA_ADMIN_F_LABEL);
		req.label = aia_span_str(ctl->label);
	}
	return request_run(ctl, &aia_m_enroll, &req, CTL_DIALOGUE_WAIT_S);
}

enum ctl_exit
unenroll_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { 0 };

	if (!factor_and_user(ctl, &req))
		return CTL_USAGE;
	if (ctl->n_args > 2) {
		req.has |= AIA_BIT(AIA_ADMIN_F_ID);
		req.id = aia_span_str(ctl->args[2]);
	}
	return request_run(ctl, &aia_m_unenroll, &req, CTL_DIALOGUE_WAIT_S);
}

enum ctl_exit
rename_run(const struct ctl *ctl)
{
	struct aia_m_admin req = {
		.has = AIA_BIT(AIA_ADMIN_F_FACTOR) | AIA_BIT(AIA_ADMIN_F_ID) |
		    AIA_BIT(AIA_ADMIN_F_LABEL),
		.factor = aia_span_str(ctl->args[0]),
		.id = aia_span_str(ctl->args[1]),
		.label = aia_span_str(ctl->args[2]),
	};

	if (ctl->n_args > 3) {
		req.has |= AIA_BIT(AIA_ADMIN_F_USER);
		if (!ctl_name(ctl, 3, &req.user))
			return CTL_USAGE;
	}
	return request_run(ctl, &aia_m_rename, &req, CTL_DIALOGUE_WAIT_S);
}

enum ctl_exit
enroll_code_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { .has = AIA_BIT(AIA_ADMIN_F_USER) };

	if (!ctl_name(ctl, 0, &req.user))
		return CTL_USAGE;
	if (ctl->ttl != NULL) {
		if (aia_id_parse(ctl->ttl, strlen(ctl->ttl), &req.ttl_s) < 0) {
			ctl_complain("not a number of seconds", ctl->ttl);
			return CTL_USAGE;
		}
		req.has |= AIA_BIT(AIA_ADMIN_F_TTL);
	}
	return request_run(ctl, &aia_m_enroll_code, &req, CTL_DIALOGUE_WAIT_S);
}
