/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_record.h - users and groups of Microsoft Graph as records for the
 * caller.
 *
 * POSIX attributes and keys stand in properties whose names the configuration
 * gives: user_extension "extension_APP" makes "extension_APP_uidNumber" of
 * "uidNumber"; a name with a '.' in it is the path of a property; without
 * user_extension any other name is no property of Graph's and is not there.
 */
#ifndef AIA_NETD_IDP_GRAPH_RECORD_H
#define AIA_NETD_IDP_GRAPH_RECORD_H

#include "netd/idp/record.h"

/* Spans point into the object and into *ret. */
void graph_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret);
void graph_group_read(const struct json *group, const struct idp_job *job,
    struct record *ret);

/*
 * A listing of changes may have of an object that was changed only what was:
 * does it hold that without which nobody can say who it is, and whether it
 * counts?
 */
bool graph_user_is_whole(const struct json *user, const struct idp_job *job);
bool graph_group_is_whole(const struct json *group);

/* People may make groups for their mail and their meetings, and call them as
 * they like: only security groups are groups here.  One that does not say which
 * it is is no other, but has a defect. */
bool graph_group_is_other(const struct json *group);

/* A property, or a member of one, by its path. */
AIA_MUST_USE int graph_find(const struct json *obj, const char *path,
    const struct json **ret);
void graph_attribute_add(const struct json *user, const char *path,
    struct aia_wr *list);

/* The property of a POSIX attribute; false: there is none. */
#define GRAPH_PROPERTY_MAX (CONF_VALUE_MAX + 1 + 65)
bool graph_property(const char *extension, const char *name,
    char ret[GRAPH_PROPERTY_MAX]);
/* What the name of a user is taken from. */
const char *graph_name_property(const struct conf_source *source);

/*
 * "$select=..." of all that is read of a user, or of a group and its members.
 * 0, or AIA_EPROTO: a configured name could be no property.
 */
#define GRAPH_SELECT_MAX 4096
AIA_MUST_USE int graph_select(const struct idp_job *job, bool is_user,
    char ret[GRAPH_SELECT_MAX]);

#endif
