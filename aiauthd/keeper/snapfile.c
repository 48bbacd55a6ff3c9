/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile.c - collect what will stand in a snapshot.
 *
 * Refuses here, one record at a time, what the reader would refuse in the file:
 * a record that cannot be served must not cost the others their snapshot.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile_rows.h"
#include "common/snapshot.h"

/*
 * The array p, perhaps elsewhere, with room for n more of size bytes each after
 * the n_used in use; NULL and no change if there is none.
 */
static void *
room(void *p, size_t *cap, size_t n_used, size_t n, size_t size)
{
	size_t want = *cap == 0 ? 256 : *cap;
	void *grown;

	/* The file counts in 32 bits. */
	if (n > UINT32_MAX || n_used > UINT32_MAX - 1 - n)
		return NULL;
	while (want - n_used < n)
		want *= 2;
	if (want == *cap)
		return p;
	grown = reallocarray(p, want, size);
	if (grown != NULL)
		*cap = want;
	return grown;
}

static uint64_t
hash(const struct snapfile *sf, const void *p, size_t len)
{
	return aia_siphash(sf->head.key, p, len);
}

static bool
id_ok(const struct snapfile *sf, uint32_t id)
{
	if (!aia_id_ok(id))
		return false;
	for (size_t i = 0; i < sf->head.n_ranges; i++)
		if (aia_id_range_has(&sf->head.ranges[i], id))
			return true;
	return false;
}

int
snapfile_new(const struct snapfile_head *head, struct snapfile **ret)
{
	struct snapfile *sf;

	if (head->n_ranges > AIA_SNAP_RANGES_MAX ||
	    head->n_local_gids > AIA_SNAP_LOCAL_GIDS_MAX)
		return AIA_EDAMAGED;
	for (size_t i = 0; i < head->n_local_gids; i++)
		if (head->local_gids[i] == 0 ||
		    head->local_gids[i] > INT32_MAX)
			return AIA_EDAMAGED;
	sf = calloc(1, sizeof(*sf));
	if (sf == NULL)
		return -ENOMEM;
	sf->head = *head;
	*ret = sf;
	return 0;
}

void
snapfile_free(struct snapfile *sf)
{
	if (sf == NULL)
		return;
	free(sf->users);
	free(sf->groups);
	free(sf->members.v);
	free(sf->grants);
	free(sf->granted.v);
	free(sf->heap);
	free(sf);
}

static int
text_add(struct snapfile *sf, const char *text, uint32_t *ret_at)
{
	size_t len = strlen(text);
	size_t slot = (size_t)hash(sf, text, len) % SNAPFILE_RECENT;
	char *heap;

	if (sf->recent[slot].len == len && memcmp(sf->heap +
	    sf->recent[slot].at, text, len) == 0) {
		*ret_at = sf->recent[slot].at;
		return 0;
	}
	heap = room(sf->heap, &sf->heap_cap, sf->heap_len, len, 1);
	if (heap == NULL)
		return -ENOMEM;
	sf->heap = heap;
	memcpy(heap + sf->heap_len, text, len);
	*ret_at = (uint32_t)sf->heap_len;
	sf->recent[slot].at = *ret_at;
	sf->recent[slot].len = (uint32_t)len;
	sf->heap_len += len;
	return 0;
}

/* A text of a row: where it lies at one place, how long it is at another. */
static int
text_put(struct snapfile *sf, const char *text, uint8_t *row, int at,
    int len_at)
{
	uint32_t where = 0;
	int r = text[0] == '\0' ? 0 : text_add(sf, text, &where);

	aia_snap_put32(row + at, where);
	aia_snap_put16(row + len_at, (uint32_t)strlen(text));
	return r;
}

int
snapfile_user(struct snapfile *sf, const struct aia_name *name, uint32_t uid,
    uint32_t gid, const char *gecos, const char *home, const char *shell)
{
	uint8_t *users, row[AIA_SNAP_USER_LEN] = { 0 };
	int r;

	if (!id_ok(sf, uid) || !id_ok(sf, gid) || name->s[0] == '\0' ||
	    !aia_snap_text_ok(gecos, strlen(gecos)) ||
	    !aia_snap_text_ok(home, strlen(home)) ||
	    !aia_snap_text_ok(shell, strlen(shell)))
		return AIA_EDAMAGED;
	users = room(sf->users, &sf->users_cap, sf->n_users, 1, sizeof(row));
	if (users == NULL)
		return -ENOMEM;
	sf->users = users;
	aia_snap_put32(row + AIA_SNAP_ROW_ID, uid);
	aia_snap_put32(row + AIA_SNAP_USER_GID, gid);
	r = text_put(sf, name->s, row, AIA_SNAP_ROW_NAME,
	    AIA_SNAP_ROW_NAME_LEN);
	if (r == 0)
		r = text_put(sf, gecos, row, AIA_SNAP_USER_GECOS,
		    AIA_SNAP_USER_GECOS_LEN);
	if (r == 0)
		r = text_put(sf, home, row, AIA_SNAP_USER_HOME,
		    AIA_SNAP_USER_HOME_LEN);
	if (r == 0)
		r = text_put(sf, shell, row, AIA_SNAP_USER_SHELL,
		    AIA_SNAP_USER_SHELL_LEN);
	if (r < 0)
		return r;
	memcpy(users + sf->n_users++ * sizeof(row), row, sizeof(row));
	return 0;
}

int
snapfile_group(struct snapfile *sf, const struct aia_name *name, uint32_t gid)
{
	uint8_t *groups, row[AIA_SNAP_GROUP_LEN] = { 0 };
	int r;

	if (!id_ok(sf, gid) || name->s[0] == '\0')
		return AIA_EDAMAGED;
	groups = room(sf->groups, &sf->groups_cap, sf->n_groups, 1,
	    sizeof(row));
	if (groups == NULL)
		return -ENOMEM;
	sf->groups = groups;
	aia_snap_put32(row + AIA_SNAP_ROW_ID, gid);
	aia_snap_put32(row + AIA_SNAP_GROUP_MEMBERS,
	    (uint32_t)sf->members.n);
	r = text_put(sf, name->s, row, AIA_SNAP_ROW_NAME,
	    AIA_SNAP_ROW_NAME_LEN);
	if (r < 0)
		return r;
	memcpy(groups + sf->n_groups++ * sizeof(row), row, sizeof(row));
	sf->in_grant = false;
	return 0;
}

int
snapfile_local(struct snapfile *sf, uint32_t gid)
{
	struct snapfile_grant *grants;
	bool listed = false;

	for (size_t i = 0; i < sf->head.n_local_gids; i++)
		listed |= sf->head.local_gids[i] == gid;
	if (!listed)
		return AIA_EDAMAGED;
	grants = room(sf->grants, &sf->grants_cap, sf->n_grants, 1,
	    sizeof(*grants));
	if (grants == NULL)
		return -ENOMEM;
	sf->grants = grants;
	grants[sf->n_grants++] = (struct snapfile_grant){ .gid = gid,
	    .first = (uint32_t)sf->granted.n };
	sf->in_grant = true;
	return 0;
}

static int
number_add(struct snapfile_numbers *numbers, uint32_t number)
{
	uint32_t *v = room(numbers->v, &numbers->cap, numbers->n, 1,
	    sizeof(*v));

	if (v == NULL)
		return -ENOMEM;
	numbers->v = v;
	v[numbers->n++] = number;
	return 0;
}

int
snapfile_member(struct snapfile *sf, uint32_t user)
{
	uint8_t *n_members;
	int r;

	if (user >= sf->n_users || (!sf->in_grant && sf->n_groups == 0))
		return AIA_EDAMAGED;
	if (sf->in_grant) {
		r = number_add(&sf->granted, user);
		if (r == 0)
			sf->grants[sf->n_grants - 1].n++;
		return r;
	}
	r = number_add(&sf->members, user);
	if (r < 0)
		return r;
	n_members = sf->groups + (sf->n_groups - 1) * AIA_SNAP_GROUP_LEN +
	    AIA_SNAP_GROUP_N_MEMBERS;
	aia_snap_put32(n_members, aia_snap_get32(n_members) + 1);
	return 0;
}
