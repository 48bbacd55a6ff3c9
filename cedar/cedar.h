/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cedar.h - the Cedar policy language (version 4.5): policies, entities, and
 * the question whether a request is permitted.
 *
 * A library by itself: libc only, no global state, no output.  Every object
 * has a memory limit that it does not exceed; input that is too large or too
 * deep is refused, never a crash.  Objects may be shared between threads only
 * if nothing writes to them, and one store answers one request at a time.
 *
 * Functions return 0 or a negated errno: -EINVAL (refused; the error says
 * what and where), -ENOMEM (the limit, or no memory), -EEXIST, -ENOENT.
 */
#ifndef CEDAR_CEDAR_H
#define CEDAR_CEDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cedar/value.h"

#define CEDAR_MUST_USE __attribute__((warn_unused_result))
#define CEDAR_DEPTH_MAX 120	/* levels of brackets, of any kind */

/* "LINE:COLUMN: ..." is for the caller to put together with the file name. */
struct cedar_error {
	unsigned line, column;	/* from 1, in code points; 0: no place */
	char	 text[240];	/* UTF-8, cut to fit */
};

/*
 * A set of policies, and of templates with their links.
 */
struct cedar_set;

enum cedar_ids {
	CEDAR_IDS_BY_POSITION,	/* "policy0", "policy1" .. over the set */
	CEDAR_IDS_BY_ANNOTATION, /* @id, else by position; twice is refused */
};

CEDAR_MUST_USE int cedar_set_new(size_t memory_max, struct cedar_set **ret);
void cedar_set_free(struct cedar_set *set);

/*
 * Add all policies of a text, or none of them on error.  file (may be NULL) is
 * kept for cedar_policy_place().  The text need not stay.
 */
CEDAR_MUST_USE int cedar_set_add(struct cedar_set *set, const char *file,
    const char *text, size_t len, enum cedar_ids ids,
    struct cedar_error *err);
/* The text must hold exactly one policy or template; it gets this id. */
CEDAR_MUST_USE int cedar_set_add_one(struct cedar_set *set, const char *id,
    size_t id_len, const char *text, size_t len, struct cedar_error *err);
/*
 * Make a policy of a template.  Exactly the slots it has must be given, NULL
 * for the others.
 */
CEDAR_MUST_USE int cedar_set_link(struct cedar_set *set,
    struct str template_id, struct str id, const struct uid *principal,
    const struct uid *resource, struct cedar_error *err);

/* Once everything is added, before the first cedar_authorize(). */
CEDAR_MUST_USE int cedar_set_index(struct cedar_set *set);

size_t cedar_set_count(const struct cedar_set *set);	/* templates too */
struct str cedar_policy_id(const struct cedar_set *set, size_t i);
bool cedar_policy_is_template(const struct cedar_set *set, size_t i);
bool cedar_policy_is_permit(const struct cedar_set *set, size_t i);
/* The value of an annotation; false: there is none. */
bool cedar_policy_annotation(const struct cedar_set *set, size_t i,
    const char *key, struct str *ret);
/* Where it stands; *file is NULL if none was given. */
void cedar_policy_place(const struct cedar_set *set, size_t i,
    const char **file, unsigned *line);

/*
 * Entities with attributes, tags and parents.
 */
struct cedar_store;

CEDAR_MUST_USE int cedar_store_new(size_t memory_max,
    struct cedar_store **ret);
void cedar_store_free(struct cedar_store *store);
/* One entity, for cedar_store_fill(). */
struct cedar_entity {
	struct uid	 uid;
	struct value	 attrs, tags;	/* records */
	const struct uid *parents;
	uint32_t	 n_parents;
};
/*
 * Fill an empty store with entities, by the same rules as load; what they
 * point to must stay as long as the store.  *err has no place.
 */
CEDAR_MUST_USE int cedar_store_fill(struct cedar_store *store,
    const struct cedar_entity *entities, size_t n, struct cedar_error *err);
/* Empty it again, keeping some memory for the next fill. */
void cedar_store_reset(struct cedar_store *store);
/*
 * Load the JSON list of entities, once.  All or nothing; refused are bad
 * values, two different entities of one uid, cycles, and an action with a
 * parent that is none.
 */
CEDAR_MUST_USE int cedar_store_load(struct cedar_store *store,
    const char *json, size_t len, struct cedar_error *err);

/*
 * Run an extension function by its name ("ip", "datetime") on a text: 0, or
 * -EINVAL with *ret_why.  The value lives in m.
 */
CEDAR_MUST_USE int cedar_extension(struct mem *m, const char *name,
    struct str text, struct value *ret, const char **ret_why);

/*
 * Read a context from JSON into m, for a request.
 */
CEDAR_MUST_USE int cedar_context_load(struct mem *m, const char *json,
    size_t len, struct value *ret, struct cedar_error *err);

struct cedar_request {
	struct uid	principal, action, resource;
	struct value	context;	/* a record; members may be unknown */
	/* What depends on an unknown: does it allow, as if it were to become
	 * known yet, or deny? */
	bool		doubt_denies;
};

enum cedar_decision { CEDAR_DENY = 0, CEDAR_ALLOW = 1 };

struct cedar_failure {		/* a policy whose evaluation failed */
	size_t		 policy;
	const char	*why;		/* static text */
	unsigned	 line, column;	/* in the policy's file */
};

struct cedar_answer {
	enum cedar_decision decision;
	/* Forbids that decided, or else permits that did; indexes, rising. */
	const size_t	*reasons;
	size_t		 n_reasons;
	const struct cedar_failure *failures;	/* by policy, rising */
	size_t		 n_failures;
	bool		 forbid_failed;	/* one of them is a forbid */
	/*
	 * Where values of the context are unknown, a permit that depends on
	 * one counts as permitting and a forbid that does as not forbidding;
	 * 'unsure' says that this happened.
	 */
	bool		 unsure;
};

/*
 * Decide, as the language says: an erroring policy is skipped (whether a
 * failed forbid shall deny is the caller's to say).  m holds the answer and
 * what evaluation needs, up to its limit; a policy that would need more fails.
 *
 * Returns 0, -ENOMEM (no room for the answer itself: no decision) or -EINVAL
 * (the set has no index).
 */
CEDAR_MUST_USE int cedar_authorize(const struct cedar_set *set,
    struct cedar_store *store, const struct cedar_request *req,
    struct mem *m, struct cedar_answer *ret);

/*
 * Is policy i about this principal, action and resource, and only a condition
 * of it not met?  Then *ret_line and *ret_column are the place of that one: of
 * several in a chain of && the first.  A template, or no memory: false.
 */
bool cedar_policy_unmet(const struct cedar_set *set,
    struct cedar_store *store, const struct cedar_request *req,
    struct mem *m, size_t i, unsigned *ret_line, unsigned *ret_column);

#endif
