/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * set.h - a set of policies and its index.
 *
 * A policy whose scope names an entity can only matter to requests about it or
 * about something below it.  Each policy stands in the index under one such
 * entity, the one fewest policies name; those that name none are tried always.
 */
#ifndef CEDAR_SET_H
#define CEDAR_SET_H

#include "cedar/ast.h"
#include "cedar/cedar.h"
#include "cedar/parse.h"

enum index_kind { I_PRINCIPAL = 1, I_ACTION, I_RESOURCE };

struct index_entry {
	enum index_kind	 kind;
	const struct uid *uid;
	uint32_t	 policy;
};

struct cedar_set {
	struct mem	 mem;
	struct vec	 policies;	/* of struct policy */
	bool		 indexed;	/* nothing was added since */
	struct index_entry *index;	/* by kind, uid, policy */
	size_t		 n_index;
	uint32_t	*always;	/* policies, rising */
	size_t		 n_always;
};

/* Where the entries of this kind and uid begin, and how many there are. */
size_t set_lookup(const struct cedar_set *set, enum index_kind kind,
    const struct uid *uid, const struct index_entry **ret);

bool policy_is_template(const struct policy *p);

#endif
