/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_record.h - Keycloak's UserRepresentation, GroupRepresentation and
 * RoleRepresentation as records for the caller.
 *
 * POSIX attributes, keys and what policies want are attributes there, each a
 * list of texts; the names are those of the configuration.  A mail address
 * counts only if it is verified: people may change theirs.
 */
#ifndef AIA_NETD_IDP_KEYCLOAK_RECORD_H
#define AIA_NETD_IDP_KEYCLOAK_RECORD_H

#include "netd/idp/record.h"

/* Spans point into the object and into *ret. */
void keycloak_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret);
/*
 * A group, or a role.  above: the name of the group it is in, whose members
 * include it, and NULL for one that is in none; the name is put together in
 * room.
 */
void keycloak_group_read(const struct json *group, const struct idp_job *job,
    const char *above, char room[NETCALL_TEXT_MAX + 1], struct record *ret);

/* Of a policy's attribute: a member of the user, or one of its attributes. */
void keycloak_attribute_add(const struct json *user, const char *name,
    struct aia_wr *list);

#endif
