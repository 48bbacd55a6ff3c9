/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_lists.c - who is in which group, turned into the groups of each
 * user.
 *
 * The lists are walked in the order of their gids, so each user's gids rise
 * without being sorted, and one that two lists give comes twice in a row.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile_lists.h"

#include <errno.h>
#include <stdlib.h>

struct list {
	uint32_t	 gid, n;
	const uint32_t	*users;
};

struct snapfile_lists {
	struct list	*v;
	size_t		 n;
	uint32_t	*of_user;	/* last gid counted, or gids written */
};

static int
number_cmp(const void *va, const void *vb)
{
	const uint32_t *a = va, *b = vb;

	return *a < *b ? -1 : *a > *b;
}

static int
list_cmp(const void *va, const void *vb)
{
	const struct list *a = va, *b = vb;

	return a->gid < b->gid ? -1 : a->gid > b->gid;
}

/* Sort n numbers to 'to', which does not lie behind them: how many are left. */
static uint32_t
numbers_settle(uint32_t *v, uint32_t n, uint32_t *to)
{
	uint32_t left = 0, i = 1;

	if (n == 0)
		return 0;
	while (i < n && v[i - 1] < v[i])	/* as a rule they all are */
		i++;
	if (i < n)
		qsort(v, n, sizeof(*v), number_cmp);
	for (i = 0; i < n; i++)
		if (left == 0 || v[i] != to[left - 1])
			to[left++] = v[i];
	return left;
}

static void
members_settle(struct snapfile *sf)
{
	uint8_t *group = sf->groups;
	uint32_t to = 0, first, n;

	for (size_t i = 0; i < sf->n_groups; i++) {
		first = aia_snap_get32(group + AIA_SNAP_GROUP_MEMBERS);
		n = aia_snap_get32(group + AIA_SNAP_GROUP_N_MEMBERS);
		n = n == 0 ? 0 : numbers_settle(sf->members.v + first, n,
		    sf->members.v + to);
		aia_snap_put32(group + AIA_SNAP_GROUP_MEMBERS, to);
		aia_snap_put32(group + AIA_SNAP_GROUP_N_MEMBERS, n);
		to += n;
		group += AIA_SNAP_GROUP_LEN;
	}
	sf->members.n = to;
}

static void
lists_fill(struct snapfile_lists *ls, const struct snapfile *sf)
{
	const uint8_t *group = sf->groups;

	for (size_t i = 0; i < sf->n_groups; i++, group += AIA_SNAP_GROUP_LEN) {
		uint32_t n = aia_snap_get32(group + AIA_SNAP_GROUP_N_MEMBERS);

		if (n == 0)
			continue;
		ls->v[ls->n++] = (struct list){
			.gid = aia_snap_get32(group + AIA_SNAP_ROW_ID), .n = n,
			.users = sf->members.v +
			    aia_snap_get32(group + AIA_SNAP_GROUP_MEMBERS),
		};
	}
	for (size_t i = 0; i < sf->n_grants; i++)
		if (sf->grants[i].n > 0)
			ls->v[ls->n++] = (struct list){
			    .gid = sf->grants[i].gid, .n = sf->grants[i].n,
			    .users = sf->granted.v + sf->grants[i].first };
	if (ls->n > 0)
		qsort(ls->v, ls->n, sizeof(*ls->v), list_cmp);
}

static size_t
lists_count(const struct snapfile *sf)
{
	const uint8_t *group = sf->groups;
	size_t n = sf->n_grants;

	for (size_t i = 0; i < sf->n_groups; i++, group += AIA_SNAP_GROUP_LEN)
		n += aia_snap_get32(group + AIA_SNAP_GROUP_N_MEMBERS) > 0;
	return n;
}

/* mark: the user's number of ours. */
typedef void place_fn(uint32_t *mark, uint32_t gid, uint8_t *row, uint8_t *out);

/* Every user and gid that belong together, some twice in a row. */
static void
lists_walk(const struct snapfile_lists *ls, uint8_t *users, place_fn *place,
    uint8_t *out)
{
	for (size_t i = 0; i < ls->n; i++) {
		const struct list *list = &ls->v[i];

		for (uint32_t k = 0; k < list->n; k++) {
			uint32_t user = list->users[k];
			uint8_t *row = users + (size_t)user * AIA_SNAP_USER_LEN;

			if (aia_snap_get32(row + AIA_SNAP_USER_GID) !=
			    list->gid)
				place(&ls->of_user[user], list->gid, row, out);
		}
	}
}

static void
gid_count(uint32_t *last, uint32_t gid, uint8_t *row, uint8_t *out)
{
	uint8_t *n = row + AIA_SNAP_USER_N_GIDS;

	(void)out;
	if (*last == gid)
		return;
	*last = gid;
	aia_snap_put32(n, aia_snap_get32(n) + 1);
}

static void
gid_write(uint32_t *n, uint32_t gid, uint8_t *row, uint8_t *out)
{
	uint8_t *at = out +
	    4 * (size_t)(aia_snap_get32(row + AIA_SNAP_USER_GIDS) + *n);

	if (*n > 0 && aia_snap_get32(at - 4) == gid)
		return;
	aia_snap_put32(at, gid);
	++*n;
}

/* Where each user's gids begin; the marks are 0 again. */
static int
gids_lay(struct snapfile_lists *ls, struct snapfile *sf, uint32_t *ret_n)
{
	uint8_t *row = sf->users;
	uint32_t first = 0;

	for (size_t i = 0; i < sf->n_users; i++, row += AIA_SNAP_USER_LEN) {
		uint32_t n = aia_snap_get32(row + AIA_SNAP_USER_N_GIDS);

		if (n > AIA_SNAP_USER_GROUPS_MAX)
			return -E2BIG;
		aia_snap_put32(row + AIA_SNAP_USER_GIDS, first);
		ls->of_user[i] = 0;
		first += n;
	}
	*ret_n = first;
	return 0;
}

int
snapfile_lists_new(struct snapfile *sf, struct snapfile_lists **ret,
    uint32_t *ret_n_gids)
{
	struct snapfile_lists *ls = calloc(1, sizeof(*ls));
	int r;

	if (ls == NULL)
		return -ENOMEM;
	members_settle(sf);
	ls->v = calloc(lists_count(sf) + 1, sizeof(*ls->v));
	ls->of_user = calloc(sf->n_users + 1, sizeof(*ls->of_user));
	if (ls->v == NULL || ls->of_user == NULL) {
		snapfile_lists_free(ls);
		return -ENOMEM;
	}
	lists_fill(ls, sf);
	lists_walk(ls, sf->users, gid_count, NULL);
	r = gids_lay(ls, sf, ret_n_gids);
	if (r < 0) {
		snapfile_lists_free(ls);
		return r;
	}
	*ret = ls;
	return 0;
}

void
snapfile_lists_free(struct snapfile_lists *ls)
{
	if (ls == NULL)
		return;
	free(ls->v);
	free(ls->of_user);
	free(ls);
}

void
snapfile_lists_write(const struct snapfile_lists *ls, uint8_t *users,
    uint8_t *out)
{
	lists_walk(ls, users, gid_write, out);
}
