/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.c - look-ups in a snapshot.
 *
 * Everything is copied out of the file before it is checked, so that what was
 * checked cannot change afterwards.
 */
#include "config.h"

#include "common/snapshot.h"

#include <string.h>

#include "common/snapshot_rows.h"

static int
number_get(const struct aia_snapshot *snap, enum aia_snap_table table,
    uint32_t row, uint32_t *ret)
{
	uint8_t b[4];
	int r;

	r = aia_snap_rows(snap, table, row, 1, b);
	if (r < 0)
		return r;
	*ret = aia_snap_get32(b);
	return 0;
}

static bool
id_served(const struct aia_snapshot *snap, uint32_t id)
{
	if (!aia_id_ok(id))
		return false;
	for (size_t i = 0; i < snap->n_ranges; i++)
		if (aia_id_range_has(&snap->ranges[i], id))
			return true;
	return false;
}

static bool
local_gid_served(const struct aia_snapshot *snap, uint32_t gid)
{
	for (size_t i = 0; i < snap->n_local_gids; i++)
		if (snap->local_gids[i] == gid)
			return true;
	return false;
}

/* Whether [first, first + n) lies within a table. */
static bool
list_ok(const struct aia_snapshot *snap, enum aia_snap_table table,
    uint32_t first, uint32_t n)
{
	uint32_t n_rows = snap->layout.table[table].n_rows;

	return first <= n_rows && n <= n_rows - first;
}

/* The name of a row of users or groups. */
static int
name_get(const struct aia_snapshot *snap, const uint8_t *row,
    struct aia_name *ret)
{
	uint32_t len = aia_snap_get16(row + AIA_SNAP_ROW_NAME_LEN);
	char buf[AIA_NAME_LEN_MAX];
	int r;

	if (len > sizeof(buf))
		return AIA_EDAMAGED;
	r = aia_snap_rows(snap, AIA_SNAP_HEAP,
	    aia_snap_get32(row + AIA_SNAP_ROW_NAME), len, buf);
	if (r < 0)
		return r;
	return aia_name_parse(buf, len, ret) < 0 ? AIA_EDAMAGED : 0;
}

static bool
text_place_ok(const struct aia_snapshot *snap, const struct aia_snap_text *t)
{
	return t->len <= AIA_SNAP_TEXT_LEN_MAX &&
	    list_ok(snap, AIA_SNAP_HEAP, t->at, t->len);
}

static int
user_decode(const struct aia_snapshot *snap, const uint8_t *b,
    struct aia_snap_user *ret)
{
	struct aia_snap_user u = {
		.uid = aia_snap_get32(b + AIA_SNAP_ROW_ID),
		.gid = aia_snap_get32(b + AIA_SNAP_USER_GID),
		.gecos.at = aia_snap_get32(b + AIA_SNAP_USER_GECOS),
		.gecos.len = aia_snap_get16(b + AIA_SNAP_USER_GECOS_LEN),
		.home.at = aia_snap_get32(b + AIA_SNAP_USER_HOME),
		.home.len = aia_snap_get16(b + AIA_SNAP_USER_HOME_LEN),
		.shell.at = aia_snap_get32(b + AIA_SNAP_USER_SHELL),
		.shell.len = aia_snap_get16(b + AIA_SNAP_USER_SHELL_LEN),
		.first_gid = aia_snap_get32(b + AIA_SNAP_USER_GIDS),
		.n_gids = aia_snap_get32(b + AIA_SNAP_USER_N_GIDS),
	};
	int r;

	if (!id_served(snap, u.uid) || !id_served(snap, u.gid) ||
	    !text_place_ok(snap, &u.gecos) || !text_place_ok(snap, &u.home) ||
	    !text_place_ok(snap, &u.shell) ||
	    u.n_gids > AIA_SNAP_USER_GROUPS_MAX ||
	    !list_ok(snap, AIA_SNAP_GIDS, u.first_gid, u.n_gids))
		return AIA_EDAMAGED;
	r = name_get(snap, b, &u.name);
	if (r < 0)
		return r;
	*ret = u;
	return 0;
}

static int
group_decode(const struct aia_snapshot *snap, const uint8_t *b,
    struct aia_snap_group *ret)
{
	struct aia_snap_group g = {
		.gid = aia_snap_get32(b + AIA_SNAP_ROW_ID),
		.first_member = aia_snap_get32(b + AIA_SNAP_GROUP_MEMBERS),
		.n_members = aia_snap_get32(b + AIA_SNAP_GROUP_N_MEMBERS),
	};
	int r;

	if (!id_served(snap, g.gid) ||
	    !list_ok(snap, AIA_SNAP_MEMBERS, g.first_member, g.n_members))
		return AIA_EDAMAGED;
	r = name_get(snap, b, &g.name);
	if (r < 0)
		return r;
	*ret = g;
	return 0;
}

int
aia_snap_user_at(const struct aia_snapshot *snap, uint32_t row,
    struct aia_snap_user *ret)
{
	uint8_t b[AIA_SNAP_USER_LEN];
	int r;

	if (row >= snap->info.n_users)
		return AIA_ENOUSER;
	r = aia_snap_rows(snap, AIA_SNAP_USERS, row, 1, b);
	return r < 0 ? r : user_decode(snap, b, ret);
}

int
aia_snap_group_at(const struct aia_snapshot *snap, uint32_t row,
    struct aia_snap_group *ret)
{
	uint8_t b[AIA_SNAP_GROUP_LEN];
	int r;

	if (row >= snap->info.n_groups)
		return AIA_ENOUSER;
	r = aia_snap_rows(snap, AIA_SNAP_GROUPS, row, 1, b);
	return r < 0 ? r : group_decode(snap, b, ret);
}

/* Which rows an index knows, and by what. */
struct search {
	enum aia_snap_table	 rows;		/* users or groups */
	enum aia_snap_table	 starts;	/* of the index */
	const struct aia_name	*name;		/* NULL: by id */
	uint32_t		 id;
};

static uint32_t
search_bucket(const struct aia_snapshot *snap, const struct search *s,
    uint32_t n)
{
	if (s->name == NULL)
		return aia_snap_id_bucket(snap->key, s->id, n);
	return aia_snap_name_bucket(snap->key, s->name->s,
	    strlen(s->name->s), n);
}

/* The numbers of the rows in one bucket: at most AIA_SNAP_BUCKET_MAX. */
static int
bucket_get(const struct aia_snapshot *snap, enum aia_snap_table starts,
    uint32_t bucket, uint8_t b[4 * AIA_SNAP_BUCKET_MAX], uint32_t *ret_n)
{
	uint32_t first, n;
	int r;

	r = aia_snap_rows(snap, starts, bucket, 2, b);
	if (r < 0)
		return r;
	first = aia_snap_get32(b);
	n = aia_snap_get32(b + 4) - first;	/* wraps: then it is too many */
	if (n > AIA_SNAP_BUCKET_MAX)
		return AIA_EDAMAGED;
	*ret_n = n;
	return aia_snap_rows(snap, starts + 1, first, n, b);
}

/* Copy out the row that is searched for. */
static int
row_find(const struct aia_snapshot *snap, const struct search *s, uint8_t *row)
{
	uint32_t n_rows = snap->layout.table[s->rows].n_rows, n = 0;
	uint8_t b[4 * AIA_SNAP_BUCKET_MAX];
	struct aia_name name = { 0 };
	int r;

	if (n_rows == 0)
		return AIA_ENOUSER;
	r = bucket_get(snap, s->starts, search_bucket(snap, s, n_rows), b, &n);
	for (uint32_t i = 0; r == 0 && i < n; i++) {
		r = aia_snap_rows(snap, s->rows,
		    aia_snap_get32(b + 4 * (size_t)i), 1, row);
		if (r == 0)
			r = name_get(snap, row, &name);
		if (r < 0)
			return r;
		if (s->name != NULL ? aia_name_eq(&name, s->name) :
		    aia_snap_get32(row + AIA_SNAP_ROW_ID) == s->id)
			return 0;
	}
	return r < 0 ? r : AIA_ENOUSER;
}

static int
user_find(const struct aia_snapshot *snap, const struct search *s,
    struct aia_snap_user *ret)
{
	uint8_t row[AIA_SNAP_USER_LEN];
	int r = row_find(snap, s, row);

	return r < 0 ? r : user_decode(snap, row, ret);
}

static int
group_find(const struct aia_snapshot *snap, const struct search *s,
    struct aia_snap_group *ret)
{
	uint8_t row[AIA_SNAP_GROUP_LEN];
	int r = row_find(snap, s, row);

	return r < 0 ? r : group_decode(snap, row, ret);
}

int
aia_snap_user_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_user *ret)
{
	return user_find(snap, &(struct search){ .rows = AIA_SNAP_USERS,
	    .starts = AIA_SNAP_USER_NAME_STARTS, .name = name }, ret);
}

int
aia_snap_user_by_uid(const struct aia_snapshot *snap, uint32_t uid,
    struct aia_snap_user *ret)
{
	return user_find(snap, &(struct search){ .rows = AIA_SNAP_USERS,
	    .starts = AIA_SNAP_USER_UID_STARTS, .id = uid }, ret);
}

int
aia_snap_group_by_name(const struct aia_snapshot *snap,
    const struct aia_name *name, struct aia_snap_group *ret)
{
	return group_find(snap, &(struct search){ .rows = AIA_SNAP_GROUPS,
	    .starts = AIA_SNAP_GROUP_NAME_STARTS, .name = name }, ret);
}

int
aia_snap_group_by_gid(const struct aia_snapshot *snap, uint32_t gid,
    struct aia_snap_group *ret)
{
	return group_find(snap, &(struct search){ .rows = AIA_SNAP_GROUPS,
	    .starts = AIA_SNAP_GROUP_GID_STARTS, .id = gid }, ret);
}

bool
aia_snap_text_ok(const char *s, size_t len)
{
	if (len > AIA_SNAP_TEXT_LEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f || s[i] == ':')
			return false;
	return true;
}

int
aia_snap_text_get(const struct aia_snapshot *snap,
    const struct aia_snap_text *text, char *buf)
{
	int r;

	r = aia_snap_rows(snap, AIA_SNAP_HEAP, text->at, text->len, buf);
	if (r < 0)
		return r;
	buf[text->len] = '\0';
	return aia_snap_text_ok(buf, text->len) ? 0 : AIA_EDAMAGED;
}

int
aia_snap_member(const struct aia_snapshot *snap,
    const struct aia_snap_group *group, uint32_t i, struct aia_name *ret)
{
	uint8_t b[AIA_SNAP_USER_LEN];
	uint32_t row = 0;
	int r;

	if (i >= group->n_members)
		return AIA_ENOUSER;
	r = number_get(snap, AIA_SNAP_MEMBERS, group->first_member + i, &row);
	if (r == 0)
		r = aia_snap_rows(snap, AIA_SNAP_USERS, row, 1, b);
	/* Nothing but the name is given: nothing else is looked at. */
	return r < 0 ? r : name_get(snap, b, ret);
}

int
aia_snap_gid(const struct aia_snapshot *snap, const struct aia_snap_user *user,
    uint32_t i, uint32_t *ret)
{
	uint32_t gid = 0;
	int r;

	if (i >= user->n_gids)
		return AIA_ENOUSER;
	r = number_get(snap, AIA_SNAP_GIDS, user->first_gid + i, &gid);
	if (r < 0)
		return r;
	if (!id_served(snap, gid) && !local_gid_served(snap, gid))
		return AIA_EDAMAGED;
	*ret = gid;
	return 0;
}
