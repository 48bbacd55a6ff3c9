/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_record.c - users and groups of Microsoft Graph as records.
 */
#include "config.h"

#include "netd/idp/graph_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define SECURITY "securityEnabled"

const char *
graph_name_property(const struct conf_source *source)
{
	return source->name_attribute[0] != '\0' ? source->name_attribute :
	    "userPrincipalName";
}

bool
graph_property(const char *extension, const char *name,
    char ret[GRAPH_PROPERTY_MAX])
{
	if (strchr(name, '.') != NULL ||
	    strncmp(name, "extension_", strlen("extension_")) == 0)
		(void)snprintf(ret, GRAPH_PROPERTY_MAX, "%s", name);
	else if (extension[0] != '\0')
		(void)snprintf(ret, GRAPH_PROPERTY_MAX, "%s_%s", extension,
		    name);
	else
		return false;
	return true;
}

int
graph_find(const struct json *obj, const char *path, const struct json **ret)
{
	char key[CONF_VALUE_MAX + 1];
	int r;

	do {
		size_t len = strcspn(path, ".");

		if (len == 0 || len >= sizeof(key))
			return -ENOENT;
		memcpy(key, path, len);
		key[len] = '\0';
		r = json_get(obj, key, &obj);
		if (r < 0)
			return r;
		path += len;
	} while (*path++ == '.');
	*ret = obj;
	return 0;
}

void
graph_attribute_add(const struct json *user, const char *path,
    struct aia_wr *list)
{
	const struct json *v = NULL;

	if (graph_find(user, path, &v) == 0)
		record_values_add(v, path, list);
}

/* The names of what is there, and NULL-like ones, which nothing is found by. */
struct names { char s[6][GRAPH_PROPERTY_MAX]; };

static struct record_names
names_make(const struct conf_source *source, struct names *room)
{
	const struct record_names own = record_names_of(source);
	const char *const from[] = { own.uid, own.gid, own.home, own.shell,
	    own.gecos, own.keys };

	for (size_t i = 0; i < ARRAY_LEN(from); i++)
		if (!graph_property(source->user_extension, from[i],
		    room->s[i]))
			room->s[i][0] = '\0';
	return (struct record_names){ room->s[0], room->s[1], room->s[2],
	    room->s[3], room->s[4], room->s[5] };
}

static bool
created_read(const struct json *obj, int64_t *ret)
{
	struct aia_span s;

	return record_text(obj, "createdDateTime", &s) && record_time(s, ret);
}

void
graph_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret)
{
	const char *key = graph_name_property(job->source);
	const struct record_from where = { .find = graph_find,
	    .where = user, .ids_are_texts = true };
	struct netcall_user *u = &ret->user;
	const struct json *v = NULL;
	struct record_names names;
	struct names room = { 0 };

	record_init(ret);
	u->object_id = record_object_id(ret, user, "id");
	u->name = record_name_of(ret,
	    graph_find(user, key, &v) == 0 ? v : NULL, key);
	record_active(ret, user, "accountEnabled");
	if (created_read(user, &u->created_s))
		u->has |= AIA_BIT(NETCALL_USER_F_CREATED);
	names = names_make(job->source, &room);
	record_posix_user(ret, &where, &names);
	if (!AIA_HAS(u, NETCALL_USER_F_GECOS) &&
	    record_text(user, "displayName", &u->gecos))
		u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
	if (record_text(user, "mail", &u->mail))
		u->has |= AIA_BIT(NETCALL_USER_F_MAIL);
	if (record_text(user, "mobilePhone", &u->phone))
		u->has |= AIA_BIT(NETCALL_USER_F_PHONE);
	record_attributes(ret, user, job, graph_attribute_add);
	record_end(ret);
}

void
graph_group_read(const struct json *group, const struct idp_job *job,
    struct record *ret)
{
	const struct record_from where = { .find = graph_find,
	    .where = group, .ids_are_texts = true };
	const struct conf_source *source = job->source;
	struct netcall_group *g = &ret->group;
	char gid[GRAPH_PROPERTY_MAX];
	bool is_security;

	record_init(ret);
	g->object_id = record_object_id(ret, group, "id");
	g->name = record_name(ret, group, "displayName");
	if (json_get_bool(group, SECURITY, &is_security) < 0)
		record_defect(ret, SECURITY " is neither true nor false");
	if (created_read(group, &g->created_s))
		g->has |= AIA_BIT(NETCALL_GROUP_F_CREATED);
	if (graph_property(source->group_extension,
	    source->group_gid_attribute, gid))
		record_posix_group(ret, &where, gid);
	record_end(ret);
}

bool
graph_user_is_whole(const struct json *user, const struct idp_job *job)
{
	const struct json *v = NULL;

	return graph_find(user, graph_name_property(job->source), &v) == 0 &&
	    json_get(user, "accountEnabled", &v) == 0;
}

bool
graph_group_is_whole(const struct json *group)
{
	const struct json *v = NULL;

	return json_get(group, "displayName", &v) == 0 &&
	    json_get(group, SECURITY, &v) == 0;
}

bool
graph_group_is_other(const struct json *group)
{
	bool is_security = true;

	return json_get_bool(group, SECURITY, &is_security) == 0 &&
	    !is_security;
}
