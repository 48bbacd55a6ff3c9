/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.h - entities, found by uid, and who is above whom.
 *
 * Every uid that is an entity or somebody's parent is a node with an index.
 * Nodes are sorted by hash and then text: a search takes as many steps as the
 * number of nodes has bits, whatever uids somebody chooses.
 */
#ifndef CEDAR_STORE_H
#define CEDAR_STORE_H

#include "cedar/cedar.h"

struct node {
	struct uid	 uid;
	bool		 known;		/* an entity of its own, not only a
					 * parent of one */
	struct value	 attrs, tags;	/* records */
	const uint32_t	*parents;	/* indexes, rising */
	uint32_t	 n_parents;
	uint32_t	 seen;		/* store_above(): epoch of last visit */
};

struct cedar_store {
	struct mem	 mem;
	struct node	*nodes;
	uint32_t	 n_nodes;
	uint32_t	 epoch;
};

#define NO_NODE UINT32_MAX

/*
 * Fill an empty store.  Returns 0, -EINVAL (*ret_why says what; *ret_bad is
 * the entity) or -ENOMEM.  Borrows what the entities point to.
 */
CEDAR_MUST_USE int store_fill(struct cedar_store *store,
    const struct cedar_entity *entities, size_t n, const char **ret_why,
    size_t *ret_bad);

uint32_t store_find(const struct cedar_store *store, const struct uid *uid);

/*
 * All nodes above one, itself not among them: indexes that rise, in m.
 * false when there is no memory.
 */
bool store_above(struct cedar_store *store, uint32_t node, struct mem *m,
    const uint32_t **ret, uint32_t *ret_n);

#endif
