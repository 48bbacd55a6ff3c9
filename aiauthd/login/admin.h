/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admin.h - what aiauthctl asks for.
 *
 * The dispatcher has checked who may: these run for root, or for a peer who is
 * the user named (no user named: the peer itself).  Being that uid is no proof
 * of being that person: what changes enrolments asks for one here.
 *
 * Return 0 when the result was sent, else why not; nothing was done then.
 */
#ifndef AIA_LOGIN_ADMIN_H
#define AIA_LOGIN_ADMIN_H

#include "aiauthd/login/dialogue.h"

#define ENROL_CODE_TTL_S 86400		/* unless asked for otherwise */
#define ENROL_CODE_TTL_MAX_S 604800	/* a paper that lies around longer */

/* admin.c */
AIA_MUST_USE int admin_status(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_sync(struct dialogue *dlg,
    const struct aia_m_admin *req);
/* admin_directory.c */
AIA_MUST_USE int admin_user_show(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_user_list(struct dialogue *dlg);
AIA_MUST_USE int admin_group_list(struct dialogue *dlg);
AIA_MUST_USE int admin_group_show(struct dialogue *dlg,
    const struct aia_m_admin *req);
/* admin_audit.c */
AIA_MUST_USE int admin_audit_show(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_audit_verify(struct dialogue *dlg,
    const struct aia_m_admin *req);
/* admin_explain.c */
AIA_MUST_USE int admin_explain(struct dialogue *dlg,
    const struct aia_m_admin *req);
/* admin_who.c */
AIA_MUST_USE int admin_who_can(struct dialogue *dlg,
    const struct aia_m_admin *req);
/* admin_enrol.c */
AIA_MUST_USE int admin_enroll(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_enroll_code(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_unenroll(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_rename(struct dialogue *dlg,
    const struct aia_m_admin *req);
AIA_MUST_USE int admin_unlock(struct dialogue *dlg,
    const struct aia_m_admin *req);

#endif
