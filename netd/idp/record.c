/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.c - one user or group as a record for the caller.
 */
#include "config.h"

#include "netd/idp/record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"

#define NAME_SHOWN_MAX 256	/* bytes of a name that is too long */
#define KEY_LEN_MAX 8192	/* bytes of one authorized_keys line */
#define ID_DIGITS_MAX 18	/* of an id that is written as a text */

void
record_init(struct record *rec)
{
	memset(&rec->user, 0, sizeof(rec->user));
	memset(&rec->group, 0, sizeof(rec->group));
	rec->defect[0] = '\0';
}

void
record_defect(struct record *rec, const char *format, ...)
{
	va_list ap;

	if (rec->defect[0] != '\0')
		return;
	va_start(ap, format);
	(void)vsnprintf(rec->defect, sizeof(rec->defect), format, ap);
	va_end(ap);
}

/* Required text; what cannot be used is cut for showing, or empty.  v: NULL if
 * it is not there. */
static struct aia_span
text_required(struct record *rec, const struct json *v, const char *key,
    size_t len_max, size_t shown_max)
{
	struct aia_span s = aia_span_str("");

	if (v != NULL && json_as_str(v, SIZE_MAX, &s) < 0)
		record_defect(rec, "%s is not a text", key);
	else if (s.len == 0)
		record_defect(rec, "%s is missing", key);
	if (s.len <= len_max)
		return s;
	record_defect(rec, "%s is longer than %zu bytes", key, len_max);
	s.len = shown_max;
	while (s.len > 0 && (s.p[s.len] & 0xc0) == 0x80)
		s.len--;	/* not inside a character */
	return s;
}

/* Of what is no object nobody can say that something is missing. */
static const struct json *
member(struct record *rec, const struct json *obj, const char *key)
{
	const struct json *v = NULL;
	int r = json_get(obj, key, &v);

	if (r < 0 && r != -ENOENT)
		record_defect(rec, "%s is not a text", key);
	return r < 0 ? NULL : v;
}

struct aia_span
record_object_id(struct record *rec, const struct json *obj, const char *key)
{
	return text_required(rec, member(rec, obj, key), key,
	    OBJECT_ID_LEN_MAX, 0);
}

struct aia_span
record_name(struct record *rec, const struct json *obj, const char *key)
{
	return record_name_of(rec, member(rec, obj, key), key);
}

struct aia_span
record_name_of(struct record *rec, const struct json *v, const char *key)
{
	return text_required(rec, v, key, NETCALL_TEXT_MAX, NAME_SHOWN_MAX);
}

void
record_active(struct record *rec, const struct json *user, const char *key)
{
	bool active = false;
	int r = json_get_bool(user, key, &active);

	if (r < 0)
		record_defect(rec, "%s is neither true nor false", key);
	rec->user.active = r == 0 && active ? 1 : 0;
}

bool
record_text(const struct json *obj, const char *key, struct aia_span *ret)
{
	struct aia_span s;

	if (json_get_str(obj, key, NETCALL_TEXT_MAX, &s) < 0 || s.len == 0)
		return false;
	*ret = s;
	return true;
}

/* true if there is something. */
static bool
find(const struct record_from *from, const char *name, const struct json **ret)
{
	return from->find(from->where, name, ret) == 0;
}

static void
posix_text(struct record *rec, const struct record_from *from,
    const char *name, uint32_t field, struct aia_span *ret)
{
	const struct json *v = NULL;

	if (!find(from, name, &v))
		return;
	if (json_as_str(v, NETCALL_TEXT_MAX, ret) < 0)
		record_defect(rec, "%s is not a text of at most %d bytes",
		    name, NETCALL_TEXT_MAX);
	else if (ret->len > 0)
		rec->user.has |= AIA_BIT(field);
}

/* Digits and nothing else. */
static int
id_parse(const struct json *v, int64_t *ret)
{
	struct aia_span s;
	int64_t id = 0;
	int r = json_as_str(v, ID_DIGITS_MAX, &s);

	if (r < 0 || s.len == 0)
		return AIA_EPROTO;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return AIA_EPROTO;
		id = id * 10 + (s.p[i] - '0');
	}
	*ret = id;
	return 0;
}

static void
posix_id(struct record *rec, const struct record_from *from, const char *name,
    uint32_t field, uint32_t *has, int64_t *ret)
{
	const struct json *v = NULL;
	int r;

	if (!find(from, name, &v))
		return;
	r = json_as_i64(v, INT64_MIN, INT64_MAX, ret);
	if (r < 0 && from->ids_are_texts)
		r = id_parse(v, ret);
	if (r == 0)
		*has |= AIA_BIT(field);
	else
		record_defect(rec, "%s is not a whole number", name);
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
keys_read(struct record *rec, const struct record_from *from,
    const char *name)
{
	const struct json *v = NULL;
	struct aia_wr wr;
	size_t len = 0, n;
	int r = 0;

	if (!(from->find_all == NULL ? find(from, name, &v) :
	    from->find_all(from->where, name, &v) == 0))
		return;
	aia_wr_init(&wr, rec->keys, sizeof(rec->keys));
	n = json_arr_len(v);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = key_add(&wr, json_arr_at(v, i));
	if (r == 0 && n == 0 && json_as_arr(v, &v) < 0)
		r = key_add(&wr, v);
	if (r < 0) {
		record_defect(rec, "%s is not a list of keys of at most %d "
		    "bytes", name, KEY_LEN_MAX);
		return;
	}
	if (aia_wr_end(&wr, &len) < 0) {
		record_defect(rec, "%s has more than %zu bytes", name,
		    sizeof(rec->keys));
		return;
	}
	rec->user.keys = aia_span_of(rec->keys, len);
	rec->user.has |= AIA_BIT(NETCALL_USER_F_KEYS);
}

struct record_names
record_names_of(const struct conf_source *source)
{
	return (struct record_names){ source->uid_attribute,
	    source->gid_attribute, source->home_attribute,
	    source->shell_attribute, source->gecos_attribute,
	    source->keys_attribute };
}

void
record_posix_user(struct record *rec, const struct record_from *from,
    const struct record_names *names)
{
	struct netcall_user *u = &rec->user;
	const struct json *v = NULL;

	posix_id(rec, from, names->uid, NETCALL_USER_F_UID, &u->has, &u->uid);
	posix_id(rec, from, names->gid, NETCALL_USER_F_GID, &u->has, &u->gid);
	posix_text(rec, from, names->home, NETCALL_USER_F_HOME, &u->home);
	posix_text(rec, from, names->shell, NETCALL_USER_F_SHELL, &u->shell);
	if (find(from, names->gecos, &v) &&
	    json_as_str(v, NETCALL_TEXT_MAX, &u->gecos) == 0 &&
	    u->gecos.len > 0)
		u->has |= AIA_BIT(NETCALL_USER_F_GECOS);
	keys_read(rec, from, names->keys);
}

void
record_posix_group(struct record *rec, const struct record_from *from,
    const char *gid)
{
	posix_id(rec, from, gid, NETCALL_GROUP_F_GID, &rec->group.has,
	    &rec->group.gid);
}

/* RFC 3339, as meta.created has it. */
bool
record_time(struct aia_span text, int64_t *ret)
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

void
record_attributes(struct record *rec, const struct json *resource,
    const struct idp_job *job, record_attribute_fn *add)
{
	struct aia_wr wr;
	size_t len = 0;

	aia_wr_init(&wr, rec->attributes, sizeof(rec->attributes));
	for (size_t i = 0; i < job->n_attributes; i++)
		add(resource, conf_attribute_from(&job->attributes[i]), &wr);
	if (aia_wr_end(&wr, &len) < 0) {
		record_defect(rec, "attributes for policies have more than "
		    "%zu bytes", sizeof(rec->attributes));
	} else if (len > 0) {
		rec->user.attributes = aia_span_of(rec->attributes, len);
		rec->user.has |= AIA_BIT(NETCALL_USER_F_ATTRIBUTES);
	}
}

static void
value_add(const struct json *v, const char *path, struct aia_wr *list)
{
	char item[CONF_VALUE_MAX + 1 + NETCALL_TEXT_MAX + 1];
	struct aia_span s;
	int64_t i;
	bool b;
	int n;

	if (json_as_str(v, NETCALL_TEXT_MAX, &s) == 0 && s.len > 0)
		n = snprintf(item, sizeof(item), "%s=%.*s", path, (int)s.len,
		    (const char *)s.p);
	else if (json_as_i64(v, INT64_MIN, INT64_MAX, &i) == 0)
		n = snprintf(item, sizeof(item), "%s=%" PRId64, path, i);
	else if (json_as_bool(v, &b) == 0)
		n = snprintf(item, sizeof(item), "%s=%s", path,
		    b ? "true" : "false");
	else
		return;
	aia_list_add(list, item, (size_t)n);
}

static void
item_add(const struct json *v, const char *path, struct aia_wr *list)
{
	const struct json *inner = NULL;

	value_add(json_get(v, "value", &inner) == 0 ? inner : v, path, list);
}

void
record_values_add(const struct json *v, const char *path,
    struct aia_wr *list)
{
	const struct json *items = NULL;

	if (json_as_arr(v, &items) < 0) {
		item_add(v, path, list);
		return;
	}
	for (size_t i = 0; i < json_arr_len(items); i++)
		item_add(json_arr_at(items, i), path, list);
}

void
record_end(struct record *rec)
{
	if (rec->defect[0] == '\0')
		return;
	rec->user.defect = rec->group.defect = aia_span_str(rec->defect);
	rec->user.has |= AIA_BIT(NETCALL_USER_F_DEFECT);
	rec->group.has |= AIA_BIT(NETCALL_GROUP_F_DEFECT);
}

int
record_standing(const struct record *rec, struct aia_span object_id,
    enum netcall_standing *ret)
{
	if (rec->defect[0] != '\0' ||
	    !aia_span_eq(rec->user.object_id, object_id))
		return AIA_EPROTO;
	*ret = rec->user.active != 0 ? NETCALL_ACTIVE : NETCALL_DISABLED;
	return 0;
}
