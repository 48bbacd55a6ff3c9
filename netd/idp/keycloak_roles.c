/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_roles.c - the roles of a realm as groups.
 *
 * Somebody has a role by being given it, by a group that has it, or by a
 * composite role that brings it: so users, groups and composite roles are its
 * members.  Roles of clients are not asked for.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/keycloak.h"
#include "netd/idp/keycloak_record.h"

#define ROLES_MAX 4096		/* they are held in memory */
#define EDGES_MAX 65536

struct role {
	struct keycloak_id id;
	char		*name;
	bool		 is_composite;
};

/* Role 'brings' is brought by the composite role 'by'. */
struct edge { size_t brings, by; };

struct roles {
	struct role	*v;
	size_t		 n;
	struct edge	*edges;
	size_t		 n_edges, by;
};

static int
end_many(struct keycloak *k)
{
	idp_end_set(k->end, NETCALL_BROKEN, "%s/roles: more than %d roles, or "
	    "%d in composite ones: see realm_roles", k->job->source->url,
	    ROLES_MAX, EDGES_MAX);
	return -EFBIG;
}

/* One that is twice, or cannot be asked about, is left out. */
static int
role_take(struct keycloak *k, const struct json *item, void *arg)
{
	struct roles *roles = arg;
	struct role role = { 0 };
	char path[KEYCLOAK_PATH_MAX];
	struct aia_span name;
	int r;

	if (!keycloak_id_read(item, &role.id) ||
	    json_get_str(item, "name", NETCALL_TEXT_MAX, &name) < 0)
		return 0;
	if (roles->n == ROLES_MAX)
		return end_many(k);
	r = feed_see(k->feed, KEYCLOAK_GROUP, aia_span_str(role.id.s));
	if (r == -EEXIST) {
		feed_partial(k->feed, "roles came twice");
		return 0;
	}
	if (r < 0)
		return r;
	if (json_get_bool(item, "composite", &role.is_composite) < 0)
		role.is_composite = false;
	role.name = strndup((const char *)name.p, name.len);
	if (role.name == NULL)
		return -ENOMEM;
	if (keycloak_path(path, "", role.name, "") < 0) {
		free(role.name);
		return 0;
	}
	roles->v[roles->n++] = role;
	return 0;
}

static int
role_cmp(const void *a, const void *b)
{
	const struct role *x = a, *y = b;

	return strcmp(x->id.s, y->id.s);
}

/* One that is no role of the realm's list is not ours to give. */
static int
brought_take(struct keycloak *k, const struct json *item, void *arg)
{
	struct roles *roles = arg;
	struct role key = { 0 };
	const struct role *brings;

	if (!keycloak_id_read(item, &key.id))
		return 0;
	brings = bsearch(&key, roles->v, roles->n, sizeof(key), role_cmp);
	if (brings == NULL)
		return 0;
	if (roles->n_edges == EDGES_MAX)
		return end_many(k);
	roles->edges[roles->n_edges++] = (struct edge){
	    (size_t)(brings - roles->v), roles->by };
	return 0;
}

static int
composites_run(struct keycloak *k, struct roles *roles)
{
	char path[KEYCLOAK_PATH_MAX];
	const struct keycloak_list brought = { .path = path, .query = "",
	    .may_vanish = true, .each = brought_take, .arg = roles };
	int r = 0;

	for (size_t i = 0; r == 0 && i < roles->n; i++) {
		if (!roles->v[i].is_composite)
			continue;
		roles->by = i;
		r = keycloak_path(path, "roles-by-id/", roles->v[i].id.s,
		    "/composites/realm");
		if (r == 0)
			r = keycloak_list_whole(k, &brought);
	}
	return r;
}

static int
edge_cmp(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->brings < y->brings ? -1 : x->brings > y->brings;
}

static int
given_put(struct keycloak *k, const struct role *role, const char *to)
{
	struct aia_span id = aia_span_str(role->id.s);
	char path[KEYCLOAK_PATH_MAX];
	const struct keycloak_list given = { .path = path,
	    .query = "&briefRepresentation=true", .may_vanish = true,
	    .each = keycloak_member_put, .arg = &id };
	int r = keycloak_path(path, "roles/", role->name, to);

	return r < 0 ? r : keycloak_list(k, &given);
}

static int
role_put(struct keycloak *k, const struct roles *roles, size_t at,
    size_t *edge)
{
	const struct role *role = &roles->v[at];
	const struct netcall_group m = {
		.object_id = aia_span_str(role->id.s),
		.name = aia_span_str(role->name),
	};
	int r = feed_object(k->feed, &netcall_m_group, &m);

	for (; r == 0 && *edge < roles->n_edges &&
	    roles->edges[*edge].brings == at; (*edge)++)
		r = feed_member(k->feed, &netcall_m_member_add, m.object_id,
		    aia_span_str(roles->v[roles->edges[*edge].by].id.s));
	if (r == 0)
		r = given_put(k, role, "/groups");
	return r < 0 ? r : given_put(k, role, "/users");
}

static int
roles_put(struct keycloak *k, struct roles *roles)
{
	const struct keycloak_list list = { .path = "roles", .query = "",
	    .each = role_take, .arg = roles };
	size_t edge = 0;
	int r = keycloak_list(k, &list);

	if (r < 0)
		return r;
	qsort(roles->v, roles->n, sizeof(*roles->v), role_cmp);
	r = composites_run(k, roles);
	if (roles->n_edges > 0)
		qsort(roles->edges, roles->n_edges, sizeof(*roles->edges),
		    edge_cmp);
	for (size_t i = 0; r == 0 && i < roles->n; i++)
		r = role_put(k, roles, i, &edge);
	return r;
}

int
keycloak_roles_run(struct keycloak *k)
{
	struct roles roles = {
		.v = calloc(ROLES_MAX, sizeof(*roles.v)),
		.edges = calloc(EDGES_MAX, sizeof(*roles.edges)),
	};
	int r = -ENOMEM;

	if (roles.v != NULL && roles.edges != NULL)
		r = roles_put(k, &roles);
	for (size_t i = 0; i < roles.n; i++)
		free(roles.v[i].name);
	free(roles.v);
	free(roles.edges);
	return r;
}
