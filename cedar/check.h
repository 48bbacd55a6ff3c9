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

/* "a number" and the like */
const char *check_kind_name(const struct model_type *t);
struct model_type check_simple(enum model_kind kind);
struct model_type check_entity_type(const char *name);
/* Fails at x unless t is of that kind, or anything. */
int check_need(struct check *ck, const struct expr *x,
    const struct model_type *t, enum model_kind kind);
/* Can a value of one ever equal a value of the other? */
bool check_compatible(const struct model_type *a, const struct model_type *b);
/* A literal, or a set of literals, against a type that has words. */
int check_words(struct check *ck, const struct expr *x,
    const struct model_type *t);
int check_value_type(struct check *ck, const struct expr *x,
    const struct value *v, struct model_type *ret);

/*
 * A chain of members; *ret_path is not there unless it begins with a variable
 * and only reads attributes.
 */
int check_chain(struct check *ck, const struct expr *x, present given,
    struct model_type *ret, struct str *ret_path);
int check_has(struct check *ck, const struct expr *x, present given,
    struct checked *ret);
/* receiver: NULL for a function. */
int check_call(struct check *ck, const struct expr *x,
    const struct ext_op *op, const struct model_type *receiver,
    const struct expr *const *a, uint32_t n, present given,
    struct model_type *ret);

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
/* A group of actions is what no request is ever about: it stands after 'in'. */
int check_no_group(struct check *ck, const struct uid *uid, uint32_t line,
    uint32_t column);
/* May something of this type ever be in something of that type? */
bool check_may_be_in(const struct check *ck, const char *type,
    const char *above);

#endif
