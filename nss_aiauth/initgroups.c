/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initgroups.c - the groups of a user.
 */
#include "config.h"

#include "nss_aiauth/nss_aiauth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nss_aiauth/visit.h"

/* The caller's list, which glibc lets us grow with realloc(). */
struct list {
	gid_t	**gids;
	long	*cap;		/* entries of room */
	long	 n;		/* entries in use */
	long	 limit;		/* <= 0: none */
};

/* Make room for one more.  False: the caller wants no more. */
static int
list_room(struct list *list, bool *ret)
{
	long cap = *list->cap * 2 + 1;
	gid_t *gids;

	*ret = true;
	if (list->n < *list->cap)
		return 0;
	if (list->limit > 0 && cap > list->limit)
		cap = list->limit;
	if (cap <= list->n) {
		*ret = false;
		return 0;
	}
	gids = reallocarray(*list->gids, (size_t)cap, sizeof(*gids));
	if (gids == NULL)
		return -ENOMEM;
	*list->gids = gids;
	*list->cap = cap;
	return 0;
}

static int
list_fill(const struct aia_snapshot *snap, const struct aia_snap_user *user,
    struct list *list)
{
	bool more = true;
	uint32_t gid = 0;
	int r;

	for (uint32_t i = 0; i < user->n_gids; i++) {
		r = aia_snap_gid(snap, user, i, &gid);
		if (r < 0)
			return r;
		if (gid == user->gid)	/* is in the list from the start */
			continue;
		r = list_room(list, &more);
		if (r < 0 || !more)
			return r;
		(*list->gids)[list->n++] = gid;
	}
	return 0;
}

static int
groups_give(const struct aia_name *name, gid_t primary, struct list *list)
{
	struct aia_snap_user user = { 0 };
	struct map_ref ref;
	int r;

	r = map_acquire(&ref);
	if (r < 0)
		return r;
	r = aia_snap_user_by_name(ref.snap, name, &user);
	if (r == 0 && user.gid != primary)
		r = AIA_ENOUSER;	/* a local account of that name */
	if (r == 0)
		r = list_fill(ref.snap, &user, list);
	map_release(&ref);
	return r;
}

enum nss_status
_nss_aiauth_initgroups_dyn(const char *user, gid_t group, long *start,
    long *size, gid_t **groupsp, long limit, int *errnop)
{
	struct list list = { .gids = groupsp, .cap = size, .n = *start,
	    .limit = limit };
	struct aia_name name;
	struct visit v;
	int r;

	visit_begin(&v);
	r = aia_name_parse(user, strlen(user), &name);
	if (r == 0)
		r = groups_give(&name, group, &list);
	/* All or nothing: half a list would pass for the whole. */
	if (r == 0)
		*start = list.n;
	return visit_end(&v, r, errnop);
}
