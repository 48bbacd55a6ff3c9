/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h - a fixed model of types, and policies checked against it.
 *
 * The language skips a policy whose evaluation fails: a forbid with a misspelt
 * attribute forbids nothing.  So whoever knows which entities, attributes and
 * context members there are should say so here, and load only what passes.
 *
 * Found are: unknown entity types, actions, attributes, context members and
 * words; operands that can never go together; and optional members that are
 * read where no 'has' made sure of them.
 */
#ifndef CEDAR_MODEL_H
#define CEDAR_MODEL_H

#include "cedar/cedar.h"

enum model_kind {
	MODEL_BOOL = 1, MODEL_LONG, MODEL_STRING, MODEL_DECIMAL, MODEL_IP,
	MODEL_DATETIME, MODEL_DURATION,
	MODEL_ENTITY,		/* entity: the type's name, NULL: any */
	MODEL_SET,		/* of: NULL: of anything */
	MODEL_RECORD,		/* members, n_members */
	MODEL_ANY,		/* not to be known here */
};

struct model_member;

struct model_type {
	enum model_kind		 kind;
	const char		*entity;
	const struct model_type	*of;
	const struct model_member *members;
	size_t			 n_members;
	/* STRING: the only words there are; NULL: any string. */
	const char *const	*words;
	size_t			 n_words;
	const char		*word_name;	/* "factor": for messages */
};

struct model_member {
	const char		*name;
	const struct model_type	*type;
	bool			 optional;
};

struct model_entity {
	const char		*name;
	const struct model_member *members;	/* attributes */
	size_t			 n_members;
	const char *const	*parents;	/* types; NULL ends the list */
};

struct cedar_model {
	const struct model_entity *entities;
	size_t			 n_entities;
	const char		*principal, *resource;	/* their types */
	const char		*action;		/* "Action" */
	const char *const	*actions;		/* ids, groups last */
	size_t			 n_actions, n_groups;	/* of those */
	struct model_type	 context;		/* a RECORD */
};

/*
 * Check policies from number 'first' on.  Returns 0; -EINVAL with the number
 * of the policy and what is wrong with it; -ENOMEM.
 */
CEDAR_MUST_USE int cedar_check(const struct cedar_set *set, size_t first,
    const struct cedar_model *model, size_t *ret_policy,
    struct cedar_error *err);

#endif
