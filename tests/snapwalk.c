/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapwalk.c - do everything that can be done to a snapshot.
 */
#include "config.h"

#include "tests/snapwalk.h"

#include <string.h>

/* Rows and list entries looked at: a damaged count may be huge. */
#define STEPS_MAX 4096

static bool
id_promised(const struct aia_snapshot *snap, uint32_t id)
{
	if (!aia_id_ok(id))
		return false;
	for (size_t i = 0; i < snap->n_ranges; i++)
		if (id >= snap->ranges[i].first && id <= snap->ranges[i].last)
			return true;
	return false;
}

static bool
gid_promised(const struct aia_snapshot *snap, uint32_t gid)
{
	for (size_t i = 0; i < snap->n_local_gids; i++)
		if (gid == snap->local_gids[i] && gid != 0)
			return true;
	return id_promised(snap, gid);
}

static bool
name_promised(const struct aia_name *name)
{
	struct aia_name again;

	return aia_name_parse(name->s, strlen(name->s), &again) == 0;
}

static const char *
text_wrong(const struct aia_snapshot *snap, const struct aia_snap_text *text)
{
	char buf[AIA_SNAP_TEXT_LEN_MAX + 1];

	if (text->len > AIA_SNAP_TEXT_LEN_MAX)
		return "text too long";
	if (aia_snap_text_get(snap, text, buf) < 0)
		return NULL;
	if (strlen(buf) != text->len || strpbrk(buf, ":\n\r\033") != NULL)
		return "text holds what it must not";
	return NULL;
}

static const char *
user_wrong(const struct aia_snapshot *snap, const struct aia_snap_user *u)
{
	const char *wrong = NULL;
	uint32_t gid;

	if (!id_promised(snap, u->uid) || !id_promised(snap, u->gid))
		return "id of a user";
	if (!name_promised(&u->name))
		return "name of a user";
	if (u->n_gids > AIA_SNAP_USER_GROUPS_MAX)
		return "too many groups";
	for (uint32_t i = 0; i < u->n_gids && i < STEPS_MAX; i++)
		if (aia_snap_gid(snap, u, i, &gid) == 0 &&
		    !gid_promised(snap, gid))
			return "gid in a user's list";
	if (aia_snap_gid(snap, u, u->n_gids, &gid) == 0)
		return "a gid past the end";
	wrong = text_wrong(snap, &u->gecos);
	if (wrong == NULL)
		wrong = text_wrong(snap, &u->home);
	return wrong != NULL ? wrong : text_wrong(snap, &u->shell);
}

static const char *
group_wrong(const struct aia_snapshot *snap, const struct aia_snap_group *g)
{
	struct aia_name name;

	if (!id_promised(snap, g->gid))
		return "id of a group";
	if (!name_promised(&g->name))
		return "name of a group";
	for (uint32_t i = 0; i < g->n_members && i < STEPS_MAX; i++)
		if (aia_snap_member(snap, g, i, &name) == 0 &&
		    !name_promised(&name))
			return "name of a member";
	return aia_snap_member(snap, g, g->n_members, &name) == 0 ?
	    "a member past the end" : NULL;
}

static const char *
rows_wrong(const struct aia_snapshot *snap)
{
	const char *wrong = NULL;
	struct aia_snap_group g;
	struct aia_snap_user u;

	for (uint32_t i = 0; wrong == NULL && i < snap->info.n_users &&
	    i < STEPS_MAX; i++)
		if (aia_snap_user_at(snap, i, &u) == 0)
			wrong = user_wrong(snap, &u);
	for (uint32_t i = 0; wrong == NULL && i < snap->info.n_groups &&
	    i < STEPS_MAX; i++)
		if (aia_snap_group_at(snap, i, &g) == 0)
			wrong = group_wrong(snap, &g);
	if (wrong == NULL &&
	    (aia_snap_user_at(snap, snap->info.n_users, &u) == 0 ||
	    aia_snap_group_at(snap, snap->info.n_groups, &g) == 0))
		wrong = "a row past the end";
	return wrong;
}

const char *
snapwalk(const struct aia_snapshot *snap, const char *user, uint32_t uid,
    const char *group, uint32_t gid)
{
	const char *wrong = rows_wrong(snap);
	struct aia_name name;
	struct aia_snap_group g;
	struct aia_snap_user u;
	int r = aia_snapshot_verify(snap);

	if (r != 0 && r != AIA_EDAMAGED)
		wrong = "what the sum says";
	if (wrong == NULL && aia_name_parse(user, strlen(user), &name) == 0 &&
	    aia_snap_user_by_name(snap, &name, &u) == 0)
		wrong = aia_name_eq(&u.name, &name) ? user_wrong(snap, &u) :
		    "another user than asked for";
	if (wrong == NULL && aia_snap_user_by_uid(snap, uid, &u) == 0)
		wrong = u.uid == uid ? user_wrong(snap, &u) :
		    "another uid than asked for";
	if (wrong == NULL && aia_name_parse(group, strlen(group), &name) == 0 &&
	    aia_snap_group_by_name(snap, &name, &g) == 0)
		wrong = aia_name_eq(&g.name, &name) ? group_wrong(snap, &g) :
		    "another group than asked for";
	if (wrong == NULL && aia_snap_group_by_gid(snap, gid, &g) == 0)
		wrong = g.gid == gid ? group_wrong(snap, &g) :
		    "another gid than asked for";
	return wrong;
}
