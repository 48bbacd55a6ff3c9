/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_attribute.c - one attribute of a resource, by its path.
 */
#include "config.h"

#include "netd/idp/scim_attribute.h"

#include <string.h>

#include "base/conf.h"
#include "base/json.h"
#include "netd/idp/record.h"

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

void
scim_attribute_add(const struct json *resource, const char *path,
    struct aia_wr *list)
{
	const struct json *v = find(resource, path);

	if (v != NULL)
		record_values_add(v, path, list);
}
