/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_groups.c - the groups of a realm, and who is in them.
 *
 * A list of members has those who are in the group itself.  Who is in a
 * subgroup counts as being in the groups above as well, so a subgroup is a
 * member of the group above, and the keeper does the rest.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/keycloak.h"
#include "netd/idp/keycloak_record.h"

#define DEPTH_MAX 32
#define CHILDREN_MAX 20000	/* of one group: they are held in memory */

/* What is kept of a group from its page until its turn comes. */
struct group {
	struct keycloak_id id;
	char		*name;
	char		*defect;	/* NULL: none */
	int64_t		 gid;
	bool		 has_gid;
	bool		 has_children;
};

struct groups {
	struct group	*v;
	size_t		 n, cap;
	const char	*above;		/* name of the one they are in; NULL */
};

static void
groups_clear(struct groups *groups)
{
	for (size_t i = 0; i < groups->n; i++) {
		free(groups->v[i].name);
		free(groups->v[i].defect);
	}
	free(groups->v);
	*groups = (struct groups){ 0 };
}

static int
room_make(struct groups *groups)
{
	size_t cap = groups->cap == 0 ? 64 : groups->cap * 2;
	struct group *v;

	if (groups->n < groups->cap)
		return 0;
	v = reallocarray(groups->v, cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	groups->v = v;
	groups->cap = cap;
	return 0;
}

static int
group_keep(struct groups *groups, const struct record *rec,
    const struct group *from)
{
	struct group g = *from;

	g.name = strndup((const char *)rec->group.name.p, rec->group.name.len);
	g.defect = rec->defect[0] == '\0' ? NULL : strdup(rec->defect);
	if (g.name == NULL || (rec->defect[0] != '\0' && g.defect == NULL)) {
		free(g.name);
		free(g.defect);
		return -ENOMEM;
	}
	groups->v[groups->n++] = g;
	return 0;
}

/* A server of before 23 does not count subgroups, and knows no list of them:
 * then asking for it tells. */
static bool
has_children(const struct json *item)
{
	int64_t n;

	return json_get_i64(item, "subGroupCount", 0, INT64_MAX, &n) < 0 ||
	    n > 0;
}

static int
group_take(struct keycloak *k, const struct json *item, void *arg)
{
	struct groups *groups = arg;
	char room[NETCALL_TEXT_MAX + 1];
	struct group g = { .has_children = has_children(item) };
	int r;

	if (!keycloak_id_read(item, &g.id))
		return 0;
	if (groups->n == CHILDREN_MAX) {
		idp_end_set(k->end, NETCALL_BROKEN, "%s/groups: more than %d "
		    "side by side", k->job->source->url, CHILDREN_MAX);
		return -EFBIG;
	}
	r = feed_see(k->feed, KEYCLOAK_GROUP, aia_span_str(g.id.s));
	if (r == -EEXIST) {
		feed_partial(k->feed, "groups came twice");
		return 0;
	}
	if (r == 0)
		r = room_make(groups);
	if (r < 0)
		return r;
	keycloak_group_read(item, k->job, groups->above, room, &k->rec);
	g.gid = k->rec.group.gid;
	g.has_gid = AIA_HAS(&k->rec.group, NETCALL_GROUP_F_GID);
	return group_keep(groups, &k->rec, &g);
}

static int
group_put(struct keycloak *k, const struct group *g)
{
	const struct netcall_group m = {
		.has = (g->has_gid ? AIA_BIT(NETCALL_GROUP_F_GID) : 0) |
		    (g->defect != NULL ? AIA_BIT(NETCALL_GROUP_F_DEFECT) : 0),
		.object_id = aia_span_str(g->id.s),
		.name = aia_span_str(g->name), .gid = g->gid,
		.defect = aia_span_str(g->defect),
	};

	return feed_object(k->feed, &netcall_m_group, &m);
}

static int
children_list(struct keycloak *k, const struct group *g, struct groups *ret)
{
	char path[KEYCLOAK_PATH_MAX];
	const struct keycloak_list children = { .path = path,
	    .query = "&briefRepresentation=false", .may_vanish = true,
	    .each = group_take, .arg = ret };
	int r;

	ret->above = g->name;
	if (!g->has_children)
		return 0;
	r = keycloak_path(path, "groups/", g->id.s, "/children");
	return r < 0 ? r : keycloak_list(k, &children);
}

static int
members_put(struct keycloak *k, const struct group *g,
    const struct groups *children)
{
	struct aia_span id = aia_span_str(g->id.s);
	char path[KEYCLOAK_PATH_MAX];
	const struct keycloak_list members = { .path = path,
	    .query = "&briefRepresentation=true", .may_vanish = true,
	    .each = keycloak_member_put, .arg = &id };
	int r = 0;

	for (size_t i = 0; r == 0 && i < children->n; i++)
		r = feed_member(k->feed, &netcall_m_member_add, id,
		    aia_span_str(children->v[i].id.s));
	if (r == 0)
		r = keycloak_path(path, "groups/", g->id.s, "/members");
	return r < 0 ? r : keycloak_list(k, &members);
}

static int groups_visit(struct keycloak *k, const struct groups *groups,
    unsigned depth, uint64_t *n);

/* The group, its members, and then those in it.  An id that cannot stand in a
 * path is none of a realm's. */
static int
group_visit(struct keycloak *k, const struct group *g, unsigned depth,
    uint64_t *n)
{
	struct groups children = { 0 };
	int r;

	(*n)++;
	r = children_list(k, g, &children);
	if (r == 0)
		r = group_put(k, g);
	if (r == 0)
		r = members_put(k, g, &children);
	if (r == 0)
		r = groups_visit(k, &children, depth + 1, n);
	groups_clear(&children);
	if (r != -EINVAL)
		return r;
	feed_partial(k->feed, "a group has an id of no use");
	return 0;
}

static int
groups_visit(struct keycloak *k, const struct groups *groups, unsigned depth,
    uint64_t *n)
{
	int r = 0;

	if (groups->n > 0 && depth > DEPTH_MAX) {
		feed_partial(k->feed, "groups are more than %d deep",
		    DEPTH_MAX);
		return 0;
	}
	for (size_t i = 0; r == 0 && i < groups->n; i++)
		r = group_visit(k, &groups->v[i], depth, n);
	return r;
}

int
keycloak_groups_run(struct keycloak *k, uint64_t *ret_n)
{
	struct groups top = { 0 };
	const struct keycloak_list groups = { .path = "groups",
	    .query = "&briefRepresentation=false", .each = group_take,
	    .arg = &top };
	int r;

	r = keycloak_list(k, &groups);
	if (r == 0)
		r = groups_visit(k, &top, 1, ret_n);
	groups_clear(&top);
	return r;
}
