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

#define CEDAR_JSON_DEPTH_MAX 125

enum cedar_json_type {
	J_NULL = 1, J_BOOL, J_INT, J_STRING, J_ARRAY, J_OBJECT,
};

struct cedar_json {
	enum cedar_json_type	type;
	uint32_t	n;		/* items of an array or object */
	uint32_t	line, column;
	union {
		bool			 b;
		int64_t			 i;
		struct str		 s;
		const struct cedar_json	*item;
	} u;
	const struct str *key;		/* J_OBJECT: of each item */
};

/* The whole text is one value. */
CEDAR_MUST_USE int cedar_json_parse(struct mem *m, const char *text, size_t len,
    struct cedar_json *ret, struct cedar_error *err);
/* NULL: not an object, or no such member. */
const struct cedar_json *cedar_json_member(const struct cedar_json *object,
    const char *key);
/* NULL: no such member, or not of this type. */
const struct cedar_json *cedar_json_typed(const struct cedar_json *object,
    const char *key, enum cedar_json_type type);
/* Put a place and a text into *err: always -EINVAL. */
int cedar_json_fail(const struct cedar_json *at, struct cedar_error *err,
    const char *text);

#endif
