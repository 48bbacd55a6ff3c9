/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h - all objects together: who meets whom in names and ids.
 *
 * Holds one small candidate for each object of every source, with what
 * rules.c said about it alone; model_settle() refuses those that meet.  About
 * 72 bytes each, so that a million fit in the keeper's memory.
 */
#ifndef AIA_KEEPER_MODEL_H
#define AIA_KEEPER_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aiauthd/keeper/rules.h"
#include "aiauthd/keeper/store.h"
#include "common/err.h"
#include "common/name.h"

struct candidate {
	int64_t		object;
	uint32_t	id;		/* uid or gid; 0: none */
	uint32_t	gid;		/* user: primary, may equal id */
	uint32_t	place;		/* of its source: lower goes first */
	uint8_t		kind;		/* enum store_kind */
	uint8_t		reason;		/* enum reason; first one found */
	bool		has_name;	/* mapped, even if refused */
	bool		held;		/* gone from the listing, but held */
	bool		gid_is_group;	/* gid was one of its source's before */
	bool		id_changed;	/* served with the id it had */
	bool		has_own;	/* it has an id already */
	bool		id_owned;	/* it is this one */
	bool		id_derived;	/* id is: see collide.h */
	struct aia_name	name;
};

struct model;

int  model_new(struct model **ret);
void model_free(struct model *m);

/* In rising order of object.  0 or -ENOMEM. */
AIA_MUST_USE int model_add(struct model *m, const struct candidate *c);

/*
 * Refuse, in this order:
 *   - of one kind with one name: all of them, but those of the earliest source
 *     stand against later ones, and one that is held against those that came;
 *   - with one id: all of them, but again those of the earliest source stand
 *     against later ones (an id somebody was given before is refused to others
 *     by derive.c already); and a group that only spells out its user's private
 *     group gives way alone;
 *   - a group with the name of a user that has a private group, unless its
 *     source is earlier: then the user;
 *   - a user whose primary group is none, or one of an earlier source.
 * What was refused before takes part in the first rule only.  0 or -ENOMEM.
 */
AIA_MUST_USE int model_settle(struct model *m);

size_t model_len(const struct model *m);
struct candidate *model_at(struct model *m, size_t i);
/* NULL: no such object. */
struct candidate *model_find(struct model *m, int64_t object);

#endif
