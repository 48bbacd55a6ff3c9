/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * roles.c - which objects are roles, and what root's configuration adds.
 */
#include "config.h"

#include "aiauthd/keeper/roles.h"

#include <string.h>

#include "aiauthd/keeper/store.h"
#include "base/log.h"

enum { Q_GROUPS, Q_PINNED, Q_PUT, Q_PUT_GID, N_QUERIES };

static const char *const queries[N_QUERIES] = {
	[Q_GROUPS] = "SELECT r.object, r.name, o.object_id,"
	    /* Carried by another of the same source, or of an earlier one. */
	    " EXISTS (SELECT 1 FROM raw x JOIN source xs ON xs.id = x.source"
	    "  WHERE x.kind = 2 AND x.name = r.name AND x.object <> r.object"
	    "  AND xs.place <= s.place)"
	    " FROM raw r JOIN object o ON o.id = r.object"
	    " JOIN source s ON s.id = r.source"
	    " WHERE s.place IS NOT NULL AND r.kind = 2 AND r.defect IS NULL"
	    " ORDER BY r.object",
	/* Where the section names none there is one source only. */
	[Q_PINNED] = "SELECT r.object FROM raw r JOIN object o"
	    " ON o.id = r.object JOIN source s ON s.id = r.source"
	    " WHERE s.place IS NOT NULL AND r.kind = 2 AND r.name = ?1"
	    " AND o.object_id = ?2 AND ?3 IN ('', s.name)"
	    " ORDER BY s.place LIMIT 1",
	[Q_PUT] = "INSERT INTO role VALUES (?1, ?2, ?3)",
	[Q_PUT_GID] = "INSERT OR IGNORE INTO role_gid VALUES (?1, ?2, ?3)",
};

struct pin {
	const struct conf_role	*role;
	int64_t	 object;	/* 0: there is none of that id */
	uint32_t local_gid;	/* 0: none */
};

struct roles {
	struct db_stmt	*q[N_QUERIES];
	struct pin	 pins[CONF_ROLES_MAX];
	size_t		 n_pins;
};

static int
pinned(struct roles *ro, const struct conf_role *role, int64_t *ret)
{
	struct db_stmt *st = ro->q[Q_PINNED];
	int r;

	db_bind_text(st, 1, role->name);
	db_bind_text(st, 2, role->object_id);
	db_bind_text(st, 3, role->source.s);
	r = db_step(st);
	if (r > 0) {
		*ret = db_col_int(st, 0, 1, INT64_MAX);
		r = db_row_end(st);
	}
	db_reset(st);
	return r;
}

/* A local group that is not there, or is root's, gives nothing. */
static uint32_t
local_gid(const struct rules *rules, const struct conf_role *role)
{
	uint32_t gid = 0;

	if (role->local_group.s[0] == '\0')
		return 0;
	if (reserved_group(rules->reserved, &role->local_group, &gid) < 0 ||
	    gid == 0 || gid > INT32_MAX) {
		log_event(LOG_WARNING, "directory.local_group_unusable",
		    LOG_STR("role", role->label),
		    LOG_STR("group", role->local_group.s));
		return 0;
	}
	return gid;
}

static int
pins_load(struct roles *ro, const struct rules *rules)
{
	const struct conf *conf = rules->conf;
	int r = 0;

	for (size_t i = 0; r == 0 && i < conf->n_roles; i++) {
		struct pin *pin = &ro->pins[ro->n_pins++];

		pin->role = &conf->roles[i];
		pin->local_gid = local_gid(rules, pin->role);
		r = pinned(ro, pin->role, &pin->object);
	}
	return r;
}

static int
gids_put(struct roles *ro, int64_t object, struct aia_span text)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ro->n_pins; i++) {
		const struct pin *pin = &ro->pins[i];

		if (pin->local_gid == 0 || pin->object != object ||
		    !aia_span_eq(text, aia_span_str(pin->role->name)))
			continue;
		db_bind_int(ro->q[Q_PUT_GID], 1, object);
		db_bind_int(ro->q[Q_PUT_GID], 2, pin->local_gid);
		db_bind_text(ro->q[Q_PUT_GID], 3, pin->role->label);
		r = db_run(ro->q[Q_PUT_GID]);
	}
	return r;
}

/*
 * Several sections may name one role, for several local groups; if they do not
 * agree on the object, none is.
 */
static int
role_put(struct roles *ro, int64_t object, struct aia_span text,
    bool is_shared)
{
	struct db_stmt *st = ro->q[Q_PUT];
	bool is_pinned = false, ambiguous = false;
	int r;

	for (size_t i = 0; i < ro->n_pins; i++) {
		if (!aia_span_eq(text, aia_span_str(ro->pins[i].role->name)))
			continue;
		is_pinned = true;
		ambiguous |= ro->pins[i].object != object;
	}
	if (!is_pinned)
		ambiguous = is_shared;
	db_bind_int(st, 1, object);
	db_bind_span(st, 2, text);
	db_bind_int(st, 3, ambiguous);
	r = db_run(st);
	return r < 0 || ambiguous ? r : gids_put(ro, object, text);
}

int
roles_write(struct db *db, const struct rules *rules)
{
	struct roles ro = { 0 };
	struct db_stmt *st;
	int r;

	r = store_prepare(db, queries, N_QUERIES, ro.q);
	if (r < 0)
		return r;
	r = pins_load(&ro, rules);
	if (r == 0)
		r = db_exec(db, "DELETE FROM role; DELETE FROM role_gid");
	st = ro.q[Q_GROUPS];
	while (r == 0 && (r = db_step(st)) > 0) {
		int64_t object = db_col_int(st, 0, 1, INT64_MAX);
		struct aia_span text = db_col_text(st, 1);
		struct aia_span object_id = db_col_text(st, 2);
		bool is_shared = db_col_int(st, 3, 0, 1) != 0;

		r = db_row_end(st);
		if (r == 0 && rules_role_ok(text) &&
		    rules_object_ok(object_id))
			r = role_put(&ro, object, text, is_shared);
	}
	store_release(ro.q, N_QUERIES);
	return r;
}
