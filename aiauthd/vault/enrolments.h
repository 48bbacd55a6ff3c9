/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolments.h - what administrators and people see and undo: the list of what
 * somebody has enrolled, unenrolling, unlocking.
 */
#ifndef AIA_VAULT_ENROLMENTS_H
#define AIA_VAULT_ENROLMENTS_H

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

/* These answer the questions of the same names in vault.h. */
AIA_MUST_USE int enrolments_list(const struct desk *desk,
    const struct identity *who, const struct aia_name *name,
    struct enrolments *ret);
AIA_MUST_USE int enrolments_unenrol(const struct desk *desk,
    const struct identity *who, const char *factor, const char *id);
AIA_MUST_USE int enrolments_rename(const struct desk *desk,
    const struct identity *who, const char *factor, const char *id,
    const char *label);
AIA_MUST_USE int enrolments_unlock(const struct desk *desk,
    const struct identity *who);

/* Identities with any enrolment, and enrolments of each factor: the members
 * 'enrolled' and 'factors' of *ret. */
AIA_MUST_USE int enrolments_count(const struct desk *desk,
    struct vault_status *ret);

#endif
