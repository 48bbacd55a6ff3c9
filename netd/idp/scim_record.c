/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_record.c - one SCIM resource as a record for the caller.
 */
#include "config.h"

#include "netd/idp/scim_record.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "netd/idp/scim_attribute.h"

#define MEMBER_MAX 65536		/* bytes of one member */

#define CORE_GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"

/*
 * There is no standard for POSIX attributes.  These extensions are known; the
 * configuration can name another, and the name of each attribute in it.
 */
struct posix_map {
	const char		*urn;
	struct record_names	 names;
};

static const struct posix_map user_maps[] = {
	{ "urn:ietf:params:scim:schemas:extension:posix:2.0:User",
	    { "uidNumber", "gidNumber", "homeDirectory", "loginShell",
		"gecos", "sshPublicKey" } },
	{ "urn:ietf:params:scim:schemas:oracle:idcs:extension:posix:User",
	    { "uidNumber", "gidNumber", "homeDirectory", "loginShell",
		"gecos", "sshPublicKey" } },
	{ "urn:keydap:params:scim:schemas:extension:posix:2.0:User",
	    { "uidNumber", "gidNumber", "homeDirectory", "loginShell",
		"gecos", "sshPublicKey" } },
	/* One number is both ids there. */
	{ "urn:ietf:params:scim:schemas:kanidm:sync:1:posixaccount",
	    { "gidnumber", "gidnumber", "homedirectory", "loginshell",
		"gecos", "sshpublickey" } },
};

static const struct posix_map group_maps[] = {
	{ .urn = "urn:ietf:params:scim:schemas:extension:posix:2.0:Group",
	    .names.gid = "gidNumber" },
	{ .urn = "urn:keydap:params:scim:schemas:extension:posix:2.0:Group",
	    .names.gid = "gidNumber" },
	{ .urn = "urn:ietf:params:scim:schemas:kanidm:sync:1:posixgroup",
	    .names.gid = "gidnumber" },
};

static bool
created_read(const struct json *resource, int64_t *ret)
{
	const struct json *meta = NULL;
	struct aia_span s;

	return json_get_obj(resource, "meta", &meta) == 0 &&
	    record_text(meta, "created", &s) && record_time(s, ret);
}

/* Of emails or phoneNumbers: the primary one, or else the first. */
static bool
preferred_read(const struct json *resource, const char *key,
    struct aia_span *ret)
{
	const struct json *arr = NULL;
	bool found = false;

	if (json_get_arr(resource, key, &arr) < 0)
		return false;
	for (size_t i = 0; i < json_arr_len(arr); i++) {
		const struct json *item = json_arr_at(arr, i);
		bool primary = false;
		struct aia_span s;

		if (!record_text(item, "value", &s))
			continue;
		if (json_get_bool(item, "primary", &primary) < 0)
			primary = false;
		if (!found || primary)
			*ret = s;
		found = true;
		if (primary)
			break;
	}
	return found;
}

/* The extension in use: the configured one, or the first known one found. */
static const struct json *
posix_find(struct record *rec, const struct json *resource,
    const struct posix_map *maps, size_t n_maps,
    const struct posix_map **ret_map)
{
	const struct json *ext = NULL;

	for (size_t i = 0; i < n_maps; i++) {
		int r = json_get_obj(resource, maps[i].urn, &ext);

		if (r == 0) {
			*ret_map = &maps[i];
			return ext;
		}
		if (r != -ENOENT)
			record_defect(rec, "%s is not an object", maps[i].urn);
	}
	return NULL;
}

static void
posix_user_read(struct record *rec, const struct json *resource,
    const struct conf_source *source)
{
	const struct posix_map own = { source->user_extension,
	    record_names_of(source) };
	bool is_own = own.urn[0] != '\0';
	const struct posix_map *map = NULL;
	const struct record_from from = { .find = json_get,
	    .where = posix_find(rec, resource, is_own ? &own : user_maps,
		is_own ? 1 : ARRAY_LEN(user_maps), &map) };

	if (from.where != NULL)
		record_posix_user(rec, &from, &map->names);
}

static void
posix_group_read(struct record *rec, const struct json *resource,
    const struct conf_source *source)
{
	const struct posix_map own = { .urn = source->group_extension,
	    .names.gid = source->group_gid_attribute };
	bool is_own = own.urn[0] != '\0';
	const struct posix_map *map = NULL;
	const struct record_from from = { .find = json_get,
	    .where = posix_find(rec, resource, is_own ? &own : group_maps,
		is_own ? 1 : ARRAY_LEN(group_maps), &map) };

	if (from.where != NULL)
		record_posix_group(rec, &from, map->names.gid);
}

static void
user_read(struct record *rec, const struct json *resource,
    const struct idp_job *job)
{
	struct netcall_user *u = &rec->user;
	bool active = true;	/* a server need not say it */
	int r;

	u->object_id = record_object_id(rec, resource, "id");
	u->name = record_name(rec, resource, "userName");
	r = json_get_bool(resource, "active", &active);
	if (r < 0 && r != -ENOENT) {
		active = false;
		record_defect(rec, "active is neither true nor false");
	}
	u->active = active ? 1 : 0;
	if (created_read(resource, &u->created_s))
		u->has |= AIA_BIT(NETCALL_USER_F_CREATED);
	posix_user_read(rec, resource, job->source);
	if (!AIA_HAS(u, NETCALL_USER_F_GECOS) &&
	    record_text(resource, "displayName", &u->gecos))
		u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
	if (preferred_read(resource, "emails", &u->mail))
		u->has |= AIA_BIT(NETCALL_USER_F_MAIL);
	if (preferred_read(resource, "phoneNumbers", &u->phone))
		u->has |= AIA_BIT(NETCALL_USER_F_PHONE);
	if (record_text(resource, "externalId", &u->external_id))
		u->has |= AIA_BIT(NETCALL_USER_F_EXTERNAL_ID);
	record_attributes(rec, resource, job, scim_attribute_add);
}

static void
group_read(struct record *rec, const struct json *resource,
    const struct conf_source *source)
{
	struct netcall_group *g = &rec->group;
	const struct json *members = NULL;
	int r;

	g->object_id = record_object_id(rec, resource, "id");
	g->name = record_name(rec, resource, "displayName");
	if (created_read(resource, &g->created_s))
		g->has |= AIA_BIT(NETCALL_GROUP_F_CREATED);
	posix_group_read(rec, resource, source);
	r = json_get_arr(resource, "members", &members);
	if (r < 0 && r != -ENOENT)
		record_defect(rec, "members is not a list");
}

void
scim_record_read(const struct scim_resource *resource, enum scim_kind kind,
    const struct idp_job *job, struct scim_record *ret)
{
	ret->kind = kind;
	ret->members = resource->members;
	record_init(&ret->r);
	if (kind == SCIM_USER)
		user_read(&ret->r, resource->json, job);
	else
		group_read(&ret->r, resource->json, job->source);
	record_end(&ret->r);
}

enum scim_kind
scim_record_kind(const struct json *resource)
{
	const struct json *schemas = NULL;
	struct aia_span s;

	if (json_get_arr(resource, "schemas", &schemas) < 0)
		return SCIM_USER;
	for (size_t i = 0; i < json_arr_len(schemas); i++)
		if (json_as_str(json_arr_at(schemas, i), NETCALL_TEXT_MAX,
		    &s) == 0 && aia_span_eq(s, aia_span_str(CORE_GROUP)))
			return SCIM_GROUP;
	return SCIM_USER;
}

struct aia_span
scim_record_id(const struct scim_record *rec)
{
	return rec->kind == SCIM_USER ? rec->r.user.object_id :
	    rec->r.group.object_id;
}

void
scim_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret)
{
	record_init(ret);
	user_read(ret, user, job);
	if (scim_record_kind(user) != SCIM_USER)
		record_defect(ret, "it is no user");
	record_end(ret);
}

static bool
is_word(struct aia_span s, const char *word)
{
	return s.len == strlen(word) &&
	    strncasecmp((const char *)s.p, word, s.len) == 0;
}

/* RFC 7643 section 4.2: a member's type is User or Group, or not given. */
static bool
member_read(const struct json *item, struct aia_span *ret)
{
	struct aia_span type;
	int r = json_get_str(item, "type", 16, &type);

	if (r == 0 && !is_word(type, "User") && !is_word(type, "Group"))
		return false;
	if (r < 0 && r != -ENOENT)
		return false;
	return json_get_str(item, "value", OBJECT_ID_LEN_MAX, ret) == 0 &&
	    ret->len > 0;
}

/* 1, 0 (it names nobody we would know) or why it cannot be read. */
static int
member_parse(struct aia_span text, uint8_t id[OBJECT_ID_LEN_MAX],
    struct aia_span *ret)
{
	struct json *item = NULL;
	struct aia_span s;
	int r;

	r = json_parse_any(text.p, text.len, MEMBER_MAX, &item);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	r = member_read(item, &s);
	if (r > 0) {
		memcpy(id, s.p, s.len);
		*ret = aia_span_of(id, s.len);
	}
	json_free(item);
	return r;
}

int
scim_record_member(struct scim_record *rec, size_t *skipped,
    struct aia_span *ret)
{
	struct aia_span text;
	int r;

	while ((r = json_items_next(&rec->members, &text)) > 0) {
		r = member_parse(text, rec->member, ret);
		if (r != 0)
			return r;
		(*skipped)++;
	}
	return r < 0 ? -EBADMSG : 0;
}
