/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - what the files of the model check share.
 */
#ifndef CEDAR_CHECK_H
#define CEDAR_CHECK_H

#include "cedar/ast.h"
#include "cedar/model.h"

#define CHECK_PATHS_MAX 64	/* optional members one policy may look for */

/* Which optional members are sure to be there: a bit for each path. */
typedef uint64_t present;

struct check {
	const struct cedar_model *model;
	struct cedar_error	*err;
	struct mem		*m;
	struct str		 paths[CHECK_PATHS_MAX]; /* "context.src" */
	size_t			 n_paths;
};

/* What an expression is, and what its being true or false makes sure of. */
struct checked {
	struct model_type	 type;
	present			 if_true, if_false;
};

int check_expr(struct check *ck, const struct expr *x, present given,
    struct checked *ret);

/* Always -EINVAL.  The format's arguments are strings of the model or text. */
int check_fail(struct check *ck, uint32_t line, uint32_t column,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "; did you mean X?" of the n names, or "". Static storage of ck's error. */
const char *check_suggest(struct str word, const char *const *names, size_t n,
    size_t stride);

const struct model_entity *check_entity(const struct check *ck,
    struct str type);
/* A type, or an entity that is an action, that the model does not know. */
int check_type_name(struct check *ck, struct str type, uint32_t line,
    uint32_t column);
int check_uid(struct check *ck, const struct uid *uid, uint32_t line,
    uint32_t column);
/* May something of this type ever be in something of that type? */
bool check_may_be_in(const struct check *ck, const char *type,
    const char *above);

#endif
