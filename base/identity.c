/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.c - who somebody is.
 */
#include "config.h"

#include "base/identity.h"

#include <stdio.h>
#include <string.h>

int
identity_make(const struct aia_name *source, const char *object_id,
    size_t object_id_len, struct identity *ret)
{
	struct identity id = { .source = *source };

	if (source->s[0] == '\0')
		return AIA_ENAME;
	if (object_id_len == 0 || object_id_len > OBJECT_ID_LEN_MAX)
		return AIA_ENAME;
	for (size_t i = 0; i < object_id_len; i++) {
		if (object_id[i] <= ' ' || object_id[i] > '~')
			return AIA_ENAME;
		id.object_id[i] = object_id[i];
	}
	*ret = id;
	return 0;
}

int
identity_make_local(const struct aia_name *name, uint32_t uid,
    struct identity *ret)
{
	const struct aia_name source = { SOURCE_LOCAL };
	char object_id[AIA_NAME_LEN_MAX + sizeof(":4294967295")];
	int n;

	if (name->s[0] == '\0')
		return AIA_ENAME;
	n = snprintf(object_id, sizeof(object_id), "%s:%u", name->s, uid);
	if (n < 0 || (size_t)n >= sizeof(object_id))
		return AIA_ENAME;
	return identity_make(&source, object_id, (size_t)n, ret);
}

/* Both strings are bounded and terminated: strcmp() sees length and bytes. */
bool
identity_eq(const struct identity *a, const struct identity *b)
{
	return aia_name_eq(&a->source, &b->source) &&
	    strcmp(a->object_id, b->object_id) == 0;
}
