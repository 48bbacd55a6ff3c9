/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * visit.h - what every entry point does on the way in and on the way out.
 */
#ifndef AIA_NSS_VISIT_H
#define AIA_NSS_VISIT_H

#include <nss.h>

#include "nss_aiauth/map.h"

struct visit {
	int	saved_errno;
	int	saved_cancel;
};

/* From here to visit_end() the thread cannot be cancelled: a use of the
 * snapshot, or a descriptor, would be lost. */
void visit_begin(struct visit *v);
/* Put back what was found, and give r as glibc wants it.  errnop NULL: the
 * function has none. */
enum nss_status visit_end(const struct visit *v, int r, int *errnop);

/*
 * A walk over all users or groups, from set*ent() to end*ent().  glibc holds a
 * lock of its own around these calls.  The walk stays in the snapshot it began
 * in, so that nobody is seen twice or missed because of a replacement.
 */
struct walk {
	struct map_ref	ref;
	uint32_t	next;	/* row */
};

/*
 * The next row into *ret, the snapshot to find it in into w->ref; AIA_ENOUSER
 * where listing is off.  walk_pause() follows every call: found says that the
 * row reached the caller, and only then the walk goes on.
 */
AIA_MUST_USE int walk_next(struct walk *w, uint32_t *ret);
void walk_pause(struct walk *w, bool found);
void walk_end(struct walk *w);
/* All of set*ent() and end*ent(). */
enum nss_status walk_restart(struct walk *w);

#endif
