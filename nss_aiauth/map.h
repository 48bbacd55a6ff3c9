/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.h - the process's current snapshot.
 *
 * Mapped once, shared by all threads, replaced when the path leads to another
 * file.  Takes no lock, so that a fork() in the middle of another thread's
 * look-up leaves nothing locked in the child.
 */
#ifndef AIA_NSS_MAP_H
#define AIA_NSS_MAP_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/snapshot.h"

/* Looked at in this order up to NULL, and the uid believed besides root: from
 * paths.c in the module; tests bring their own. */
extern const char *const map_paths[];
uid_t map_owner(void);

/* One use of a snapshot.  Not to be copied: snap may point to 'own'. */
struct map_ref {
	const struct aia_snapshot *snap;	/* NULL: none held */
	struct map_slot	*slot;			/* NULL: 'own' */
	struct aia_snapshot own;
};

/*
 * Returns 0 and a snapshot to use until map_release(), AIA_EUNTRUSTED,
 * AIA_EDAMAGED or a negated errno, -ENOENT if there is none.
 */
AIA_MUST_USE int map_acquire(struct map_ref *ref);
void map_release(struct map_ref *ref);

/* Whether holding it from one call to the next costs no descriptor. */
bool map_may_stay(const struct map_ref *ref);

#endif
