/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_record.c - users, groups and roles of Keycloak as records.
 */
#include "config.h"

#include "netd/idp/keycloak_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define CREATED_MAX_MS 253402300799000	/* the year 9999 ends */

/*
 * Members of the object come first: they are Keycloak's own, while attributes
 * may be the person's.  All values of an attribute.
 */
static int
find_all(const struct json *obj, const char *name, const struct json **ret)
{
	const struct json *attributes = NULL;

	if (json_get(obj, name, ret) == 0)
		return 0;
	if (json_get_obj(obj, "attributes", &attributes) < 0)
		return -ENOENT;
	return json_get(attributes, name, ret);
}

/* The one value; if there are several, all, which nobody takes for one. */
static int
find(const struct json *obj, const char *name, const struct json **ret)
{
	const struct json *v = NULL, *items = NULL;
	int r = find_all(obj, name, &v);

	if (r < 0)
		return r;
	if (json_as_arr(v, &items) == 0) {
		if (json_arr_len(items) == 0)
			return -ENOENT;
		if (json_arr_len(items) == 1)
			v = json_arr_at(items, 0);
	}
	*ret = v;
	return 0;
}

static struct record_from
from(const struct json *obj)
{
	return (struct record_from){ .find = find, .find_all = find_all,
	    .where = obj, .ids_are_texts = true };
}

void
keycloak_attribute_add(const struct json *user, const char *name,
    struct aia_wr *list)
{
	const struct json *v = NULL;

	if (find_all(user, name, &v) == 0)
		record_values_add(v, name, list);
}

static void
name_read(struct record *rec, const struct json *user,
    const struct conf_source *source)
{
	const char *key = source->name_attribute[0] != '\0' ?
	    source->name_attribute : "username";
	const struct json *v = NULL;

	rec->user.name = record_name_of(rec,
	    find(user, key, &v) == 0 ? v : NULL, key);
}

/* "Ada Lovelace", in place of gecos. */
static void
person_read(struct record *rec, const struct json *user)
{
	struct netcall_user *u = &rec->user;
	struct aia_span first, last;
	bool has_first = record_text(user, "firstName", &first);
	bool has_last = record_text(user, "lastName", &last);
	int n;

	if (AIA_HAS(u, NETCALL_USER_F_GECOS) || (!has_first && !has_last))
		return;
	n = snprintf(rec->person, sizeof(rec->person), "%.*s%s%.*s",
	    has_first ? (int)first.len : 0,
	    has_first ? (const char *)first.p : "",
	    has_first && has_last ? " " : "",
	    has_last ? (int)last.len : 0,
	    has_last ? (const char *)last.p : "");
	if (n > NETCALL_TEXT_MAX)
		return;
	u->gecos = aia_span_str(rec->person);
	u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
}

static void
contact_read(struct record *rec, const struct json *user)
{
	struct netcall_user *u = &rec->user;
	const struct json *v = NULL;
	bool verified = false;

	if (json_get_bool(user, "emailVerified", &verified) == 0 && verified &&
	    record_text(user, "email", &u->mail))
		u->has |= AIA_BIT(NETCALL_USER_F_MAIL);
	if (find(user, "phoneNumber", &v) == 0 &&
	    json_as_str(v, NETCALL_TEXT_MAX, &u->phone) == 0 &&
	    u->phone.len > 0)
		u->has |= AIA_BIT(NETCALL_USER_F_PHONE);
}

void
keycloak_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret)
{
	const struct record_names names = record_names_of(job->source);
	const struct record_from where = from(user);
	struct netcall_user *u = &ret->user;
	int64_t created_ms;

	record_init(ret);
	u->object_id = record_object_id(ret, user, "id");
	name_read(ret, user, job->source);
	record_active(ret, user, "enabled");
	if (json_get_i64(user, "createdTimestamp", 0, CREATED_MAX_MS,
	    &created_ms) == 0) {
		u->created_s = created_ms / 1000;
		u->has |= AIA_BIT(NETCALL_USER_F_CREATED);
	}
	record_posix_user(ret, &where, &names);
	person_read(ret, user);
	contact_read(ret, user);
	record_attributes(ret, user, job, keycloak_attribute_add);
	record_end(ret);
}

void
keycloak_group_read(const struct json *group, const struct idp_job *job,
    const char *above, char room[NETCALL_TEXT_MAX + 1], struct record *ret)
{
	const struct record_from where = from(group);
	struct netcall_group *g = &ret->group;
	int n;

	record_init(ret);
	g->object_id = record_object_id(ret, group, "id");
	g->name = record_name(ret, group, "name");
	if (above != NULL && strcmp(job->source->group_names, "path") == 0) {
		n = snprintf(room, NETCALL_TEXT_MAX + 1, "%s/%.*s", above,
		    (int)g->name.len, (const char *)g->name.p);
		if (n > NETCALL_TEXT_MAX)
			record_defect(ret, "its path is longer than %d bytes",
			    NETCALL_TEXT_MAX);
		else
			g->name = aia_span_of((uint8_t *)room, (size_t)n);
	}
	record_posix_group(ret, &where, job->source->group_gid_attribute);
	record_end(ret);
}
