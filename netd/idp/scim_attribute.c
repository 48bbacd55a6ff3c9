/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_attribute.c - one attribute of a resource, by its path.
 */
#include "config.h"

#include "netd/idp/scim_attribute.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/conf.h"
#include "base/json.h"
#include "base/netcall.h"

#define CORE_USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

struct key { char s[CONF_VALUE_MAX + 1]; };

/* Up to the end, which is cut off; NULL: the path is no path. */
static const char *
key_take(const char *path, const char *end, struct key *ret)
{
	size_t len = (size_t)(end - path);

	if (len == 0 || len >= sizeof(ret->s))
		return NULL;
	memcpy(ret->s, path, len);
	ret->s[len] = '\0';
	return *end == '\0' ? end : end + 1;
}

/* Member by member: "name.familyName". */
static const struct json *
find_in(const struct json *v, const char *path)
{
	struct key key;

	do {
		path = key_take(path, path + strcspn(path, "."), &key);
		if (path == NULL || json_get(v, key.s, &v) < 0)
			return NULL;
	} while (*path != '\0');
	return v;
}

static const struct json *
find(const struct json *resource, const char *path)
{
	const char *colon = strrchr(path, ':');
	const struct json *ext = NULL, *v;
	struct key urn;

	if (colon != NULL) {
		path = key_take(path, colon, &urn);
		if (path == NULL)
			return NULL;
		if (strcmp(urn.s, CORE_USER) == 0)
			return find_in(resource, path);
		return json_get_obj(resource, urn.s, &ext) < 0 ? NULL :
		    find_in(ext, path);
	}
	v = find_in(resource, path);
	if (v == NULL && json_get_obj(resource, ENTERPRISE, &ext) == 0)
		v = find_in(ext, path);
	return v;
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
scim_attribute_add(const struct json *resource, const char *path,
    struct aia_wr *list)
{
	const struct json *v = find(resource, path), *items = NULL;

	if (v == NULL)
		return;
	if (json_as_arr(v, &items) < 0) {
		item_add(v, path, list);
		return;
	}
	for (size_t i = 0; i < json_arr_len(items); i++)
		item_add(json_arr_at(items, i), path, list);
}
