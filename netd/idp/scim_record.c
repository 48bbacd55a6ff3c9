/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_record.c - one SCIM resource as a record for the caller.
 */
#include "config.h"

#include "netd/idp/scim_record.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/json.h"
#include "netd/idp/scim_attribute.h"

#define NAME_SHOWN_MAX 256	/* bytes of a name that is too long */
#define MEMBER_MAX 65536		/* bytes of one member */
#define KEY_LEN_MAX 8192	/* bytes of one authorized_keys line */

#define CORE_GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"

/*
 * There is no standard for POSIX attributes.  These extensions are known; the
 * configuration can name another, and the name of each attribute in it.
 */
struct posix_map {
	const char	*urn;
	const char	*uid, *gid, *home, *shell, *gecos, *keys;
};

static const struct posix_map user_maps[] = {
	{ "urn:ietf:params:scim:schemas:extension:posix:2.0:User",
	    "uidNumber", "gidNumber", "homeDirectory", "loginShell", "gecos",
	    "sshPublicKey" },
	{ "urn:ietf:params:scim:schemas:oracle:idcs:extension:posix:User",
	    "uidNumber", "gidNumber", "homeDirectory", "loginShell", "gecos",
	    "sshPublicKey" },
	{ "urn:keydap:params:scim:schemas:extension:posix:2.0:User",
	    "uidNumber", "gidNumber", "homeDirectory", "loginShell", "gecos",
	    "sshPublicKey" },
	/* One number is both ids there. */
	{ "urn:ietf:params:scim:schemas:kanidm:sync:1:posixaccount",
	    "gidnumber", "gidnumber", "homedirectory", "loginshell", "gecos",
	    "sshpublickey" },
};

static const struct posix_map group_maps[] = {
	{ .urn = "urn:ietf:params:scim:schemas:extension:posix:2.0:Group",
	    .gid = "gidNumber" },
	{ .urn = "urn:keydap:params:scim:schemas:extension:posix:2.0:Group",
	    .gid = "gidNumber" },
	{ .urn = "urn:ietf:params:scim:schemas:kanidm:sync:1:posixgroup",
	    .gid = "gidnumber" },
};

/* The first defect is the one people are told. */
__attribute__((format(printf, 2, 3)))
static void
defect(struct scim_record *rec, const char *format, ...)
{
	va_list ap;

	if (rec->defect[0] != '\0')
		return;
	va_start(ap, format);
	(void)vsnprintf(rec->defect, sizeof(rec->defect), format, ap);
	va_end(ap);
}

/* Required text; what cannot be used is cut for showing, or empty. */
static struct aia_span
text_required(struct scim_record *rec, const struct json *resource,
    const char *key, size_t len_max, size_t shown_max)
{
	struct aia_span s = aia_span_str("");
	int r = json_get_str(resource, key, SIZE_MAX, &s);

	if (r == -ENOENT || (r == 0 && s.len == 0))
		defect(rec, "%s is missing", key);
	else if (r < 0)
		defect(rec, "%s is not a text", key);
	if (s.len <= len_max)
		return s;
	defect(rec, "%s is longer than %zu bytes", key, len_max);
	s.len = shown_max;
	while (s.len > 0 && (s.p[s.len] & 0xc0) == 0x80)
		s.len--;	/* not inside a character */
	return s;
}

/* Optional text: true if it is there and can be used. */
static bool
text_optional(const struct json *obj, const char *key, struct aia_span *ret)
{
	struct aia_span s;

	if (json_get_str(obj, key, NETCALL_TEXT_MAX, &s) < 0 || s.len == 0)
		return false;
	*ret = s;
	return true;
}

static void
posix_text(struct scim_record *rec, const struct json *ext, const char *key,
    uint32_t field, struct aia_span *ret)
{
	int r = json_get_str(ext, key, NETCALL_TEXT_MAX, ret);

	if (r == 0 && ret->len > 0)
		rec->user.has |= AIA_BIT(field);
	else if (r < 0 && r != -ENOENT)
		defect(rec, "%s is not a text of at most %d bytes", key,
		    NETCALL_TEXT_MAX);
}

static void
posix_id(struct scim_record *rec, const struct json *ext, const char *key,
    uint32_t field, uint32_t *has, int64_t *ret)
{
	int r = json_get_i64(ext, key, INT64_MIN, INT64_MAX, ret);

	if (r == 0)
		*has |= AIA_BIT(field);
	else if (r != -ENOENT)
		defect(rec, "%s is not a whole number", key);
}

/* RFC 3339, as meta.created has it. */
static bool
time_parse(struct aia_span text, int64_t *ret)
{
	char s[40] = { 0 };
	struct tm tm = { 0 };
	int64_t offset_s = 0;
	const char *p;

	if (text.len >= sizeof(s))
		return false;
	memcpy(s, text.p, text.len);
	p = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);
	if (p == NULL)
		return false;
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (*p == '+' || *p == '-') {
		struct tm at = { 0 };
		bool east = *p == '+';

		p = strptime(p + 1, "%H:%M", &at);
		offset_s = (at.tm_hour * 60 + at.tm_min) * (east ? 60 : -60);
	} else if (*p == 'Z') {
		p++;
	} else {
		return false;
	}
	if (p == NULL || *p != '\0')
		return false;
	*ret = timegm(&tm) - offset_s;
	return true;
}

static bool
created_read(const struct json *resource, int64_t *ret)
{
	const struct json *meta = NULL;
	struct aia_span s;

	return json_get_obj(resource, "meta", &meta) == 0 &&
	    text_optional(meta, "created", &s) && time_parse(s, ret);
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

		if (!text_optional(item, "value", &s))
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

/* A key is a text, or an object that has it as its value. */
static int
key_add(struct aia_wr *wr, const struct json *item)
{
	struct aia_span s;
	int r = json_as_str(item, KEY_LEN_MAX, &s);

	if (r < 0)
		r = json_get_str(item, "value", KEY_LEN_MAX, &s);
	if (r < 0)
		return r;
	aia_list_add(wr, s.p, s.len);
	return 0;
}

static void
keys_read(struct scim_record *rec, const struct json *ext, const char *key)
{
	const struct json *v = NULL;
	struct aia_wr wr;
	size_t len = 0, n;
	int r = json_get(ext, key, &v);

	if (r == -ENOENT)
		return;
	aia_wr_init(&wr, rec->keys, sizeof(rec->keys));
	n = json_arr_len(v);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = key_add(&wr, json_arr_at(v, i));
	if (r == 0 && n == 0 && json_as_arr(v, &v) < 0)
		r = key_add(&wr, v);
	if (r < 0) {
		defect(rec, "%s is not a list of keys of at most %d bytes",
		    key, KEY_LEN_MAX);
		return;
	}
	if (aia_wr_end(&wr, &len) < 0) {
		defect(rec, "%s has more than %zu bytes", key,
		    sizeof(rec->keys));
		return;
	}
	rec->user.keys = aia_span_of(rec->keys, len);
	rec->user.has |= AIA_BIT(NETCALL_USER_F_KEYS);
}

/* Half of them would be worse than none: a policy may forbid by one. */
static void
attributes_read(struct scim_record *rec, const struct json *resource,
    const struct idp_job *job)
{
	struct aia_wr wr;
	size_t len = 0;

	aia_wr_init(&wr, rec->attributes, sizeof(rec->attributes));
	for (size_t i = 0; i < job->n_attributes; i++)
		scim_attribute_add(resource,
		    conf_attribute_from(&job->attributes[i]), &wr);
	if (aia_wr_end(&wr, &len) < 0) {
		defect(rec, "attributes for policies have more than %zu bytes",
		    sizeof(rec->attributes));
	} else if (len > 0) {
		rec->user.attributes = aia_span_of(rec->attributes, len);
		rec->user.has |= AIA_BIT(NETCALL_USER_F_ATTRIBUTES);
	}
}

/* The extension in use: the configured one, or the first known one found. */
static const struct json *
posix_find(struct scim_record *rec, const struct json *resource,
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
			defect(rec, "%s is not an object", maps[i].urn);
	}
	return NULL;
}

static void
posix_user_read(struct scim_record *rec, const struct json *resource,
    const struct conf_source *source)
{
	const struct posix_map own = { source->user_extension,
	    source->uid_attribute, source->gid_attribute,
	    source->home_attribute, source->shell_attribute,
	    source->gecos_attribute, source->keys_attribute };
	bool is_own = own.urn[0] != '\0';
	struct netcall_user *u = &rec->user;
	const struct posix_map *map = NULL;
	const struct json *ext = posix_find(rec, resource,
	    is_own ? &own : user_maps, is_own ? 1 : ARRAY_LEN(user_maps),
	    &map);

	if (ext == NULL)
		return;
	posix_id(rec, ext, map->uid, NETCALL_USER_F_UID, &u->has, &u->uid);
	posix_id(rec, ext, map->gid, NETCALL_USER_F_GID, &u->has, &u->gid);
	posix_text(rec, ext, map->home, NETCALL_USER_F_HOME, &u->home);
	posix_text(rec, ext, map->shell, NETCALL_USER_F_SHELL, &u->shell);
	if (text_optional(ext, map->gecos, &u->gecos))
		u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
	keys_read(rec, ext, map->keys);
}

static void
posix_group_read(struct scim_record *rec, const struct json *resource,
    const struct conf_source *source)
{
	const struct posix_map own = { .urn = source->group_extension,
	    .gid = source->group_gid_attribute };
	bool is_own = own.urn[0] != '\0';
	const struct posix_map *map = NULL;
	const struct json *ext = posix_find(rec, resource,
	    is_own ? &own : group_maps, is_own ? 1 : ARRAY_LEN(group_maps),
	    &map);

	if (ext != NULL)
		posix_id(rec, ext, map->gid, NETCALL_GROUP_F_GID,
		    &rec->group.has, &rec->group.gid);
}

static void
user_read(struct scim_record *rec, const struct json *resource,
    const struct idp_job *job)
{
	struct netcall_user *u = &rec->user;
	bool active = true;	/* a server need not say it */
	int r;

	u->object_id = text_required(rec, resource, "id", OBJECT_ID_LEN_MAX,
	    0);
	u->name = text_required(rec, resource, "userName", NETCALL_TEXT_MAX,
	    NAME_SHOWN_MAX);
	r = json_get_bool(resource, "active", &active);
	if (r < 0 && r != -ENOENT) {
		active = false;
		defect(rec, "active is neither true nor false");
	}
	u->active = active ? 1 : 0;
	if (created_read(resource, &u->created_s))
		u->has |= AIA_BIT(NETCALL_USER_F_CREATED);
	posix_user_read(rec, resource, job->source);
	if (!AIA_HAS(u, NETCALL_USER_F_GECOS) &&
	    text_optional(resource, "displayName", &u->gecos))
		u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
	if (preferred_read(resource, "emails", &u->mail))
		u->has |= AIA_BIT(NETCALL_USER_F_MAIL);
	if (preferred_read(resource, "phoneNumbers", &u->phone))
		u->has |= AIA_BIT(NETCALL_USER_F_PHONE);
	if (text_optional(resource, "externalId", &u->external_id))
		u->has |= AIA_BIT(NETCALL_USER_F_EXTERNAL_ID);
	attributes_read(rec, resource, job);
	if (rec->defect[0] != '\0') {
		u->defect = aia_span_str(rec->defect);
		u->has |= AIA_BIT(NETCALL_USER_F_DEFECT);
	}
}

static void
group_read(struct scim_record *rec, const struct json *resource,
    const struct conf_source *source)
{
	struct netcall_group *g = &rec->group;
	const struct json *members = NULL;
	int r;

	g->object_id = text_required(rec, resource, "id", OBJECT_ID_LEN_MAX,
	    0);
	g->name = text_required(rec, resource, "displayName",
	    NETCALL_TEXT_MAX, NAME_SHOWN_MAX);
	if (created_read(resource, &g->created_s))
		g->has |= AIA_BIT(NETCALL_GROUP_F_CREATED);
	posix_group_read(rec, resource, source);
	r = json_get_arr(resource, "members", &members);
	if (r < 0 && r != -ENOENT)
		defect(rec, "members is not a list");
	if (rec->defect[0] != '\0') {
		g->defect = aia_span_str(rec->defect);
		g->has |= AIA_BIT(NETCALL_GROUP_F_DEFECT);
	}
}

void
scim_record_read(const struct scim_resource *resource, enum scim_kind kind,
    const struct idp_job *job, struct scim_record *ret)
{
	ret->kind = kind;
	memset(&ret->user, 0, sizeof(ret->user));
	memset(&ret->group, 0, sizeof(ret->group));
	ret->members = resource->members;
	ret->defect[0] = '\0';
	if (kind == SCIM_USER)
		user_read(ret, resource->json, job);
	else
		group_read(ret, resource->json, job->source);
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
	return rec->kind == SCIM_USER ? rec->user.object_id :
	    rec->group.object_id;
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
