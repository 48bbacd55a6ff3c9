/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit.c - aiauthctl audit show, audit verify.
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "aiauthctl/ctl.h"
#include "base/when.h"
#include "common/id.h"

#define AUDIT_WAIT_S 600	/* the daemon gives up after as long */

/* The options; false and a message when one is not understood. */
static bool
wanted(const struct ctl *ctl, struct aia_m_admin *req)
{
	if (ctl->user != NULL) {
		if (aia_name_parse(ctl->user, strlen(ctl->user),
		    &req->user) < 0) {
			ctl_complain("not a name", ctl->user);
			return false;
		}
		req->has |= AIA_BIT(AIA_ADMIN_F_USER);
	}
	if (ctl->since != NULL) {
		if (when_parse(ctl->since, time(NULL), &req->since_s) < 0) {
			ctl_complain("not a time", ctl->since);
			return false;
		}
		req->has |= AIA_BIT(AIA_ADMIN_F_SINCE);
	}
	if (ctl->last != NULL) {
		if (aia_id_parse(ctl->last, strlen(ctl->last),
		    &req->last) < 0) {
			ctl_complain("not a number", ctl->last);
			return false;
		}
		req->has |= AIA_BIT(AIA_ADMIN_F_LAST);
	}
	return true;
}

enum ctl_exit
audit_show_run(const struct ctl *ctl)
{
	struct aia_m_admin req = { 0 };

	if (!wanted(ctl, &req))
		return CTL_USAGE;
	return request_run(ctl, &aia_m_audit_show, &req, AUDIT_WAIT_S);
}

enum ctl_exit
audit_verify_run(const struct ctl *ctl)
{
	const struct aia_m_admin req = { 0 };

	return request_run(ctl, &aia_m_audit_verify, &req, AUDIT_WAIT_S);
}
