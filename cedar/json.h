/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h - JSON read exactly.
 *
 * Stricter than the usual readers, and exact where they are not, as the
 * language demands: integers of 64 bits and nothing else that looks like a
 * number (no 5.0, 1e2, -0), no key twice, no lone surrogates; strings and keys
 * may hold U+0000.
 */
#ifndef CEDAR_JSON_H
#define CEDAR_JSON_H

#include "cedar/cedar.h"

#define JSON_DEPTH_MAX 125

enum json_type {
	J_NULL = 1, J_BOOL, J_INT, J_STRING, J_ARRAY, J_OBJECT,
};

struct json {
	enum json_type	type;
	uint32_t	n;		/* items of an array or object */
	uint32_t	line, column;
	union {
		bool			 b;
		int64_t			 i;
		struct str		 s;
		const struct json	*item;
	} u;
	const struct str *key;		/* J_OBJECT: of each item */
};

/* The whole text is one value. */
CEDAR_MUST_USE int json_parse(struct mem *m, const char *text, size_t len,
    struct json *ret, struct cedar_error *err);
/* NULL: not an object, or no such member. */
const struct json *json_member(const struct json *object, const char *key);
/* NULL: no such member, or not of this type. */
const struct json *json_typed(const struct json *object, const char *key,
    enum json_type type);
/* Put a place and a text into *err: always -EINVAL. */
int json_fail(const struct json *at, struct cedar_error *err,
    const char *text);

#endif
