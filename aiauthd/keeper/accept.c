/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * accept.c - the outcome of the rules, written.
 *
 * First everything goes that does not stay as it is, then comes what is new:
 * so two objects can swap a name without meeting each other's row.
 */
#include "config.h"

#include "aiauthd/keeper/accept.h"

#include <string.h>

#include "aiauthd/keeper/derive.h"
#include "base/log.h"

enum {
	Q_USERS, Q_USER_DROP, Q_GROUPS, Q_GROUP_DROP, Q_REFUSED, Q_REFUSED_DROP,
	Q_CHANGES, Q_CHANGE_DROP, Q_RAW, Q_USER_PUT, Q_GROUP_PUT, Q_REFUSED_PUT,
	Q_OWN_NOT, Q_OWN, Q_CHANGE_PUT, Q_NAME_LEAVE, Q_NAME_LEFT,
	Q_NAME_TAKEN, N_QUERIES,
};

static const char *const queries[N_QUERIES] = {
	[Q_USERS] = "SELECT object, name, uid FROM user",
	[Q_USER_DROP] = "DELETE FROM user WHERE object = ?1",
	[Q_GROUPS] = "SELECT object, name, gid FROM grp",
	[Q_GROUP_DROP] = "DELETE FROM grp WHERE object = ?1",
	[Q_REFUSED] = "SELECT object, name, 0 FROM refused",
	[Q_REFUSED_DROP] = "DELETE FROM refused WHERE object = ?1",
	[Q_CHANGES] = "SELECT object, '', 0 FROM change",
	[Q_CHANGE_DROP] = "DELETE FROM change WHERE object = ?1",
	[Q_RAW] = "SELECT r.object, r.name, r.active, r.gecos, r.home, r.shell,"
	    " r.mail, r.phone, r.defect, o.object_id, s.name,"
	    " CASE r.kind WHEN 1 THEN r.uid ELSE r.gid END"
	    " FROM raw r JOIN object o ON o.id = r.object"
	    " JOIN source s ON s.id = r.source"
	    " WHERE s.place IS NOT NULL ORDER BY r.object",
	[Q_USER_PUT] = "INSERT INTO user VALUES"
	    " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	    " ON CONFLICT (object) DO UPDATE SET gid = ?4, active = ?5,"
	    " gecos = ?6, home = ?7, shell = ?8, mail = ?9, phone = ?10"
	    " WHERE (gid, active, gecos, home, shell, mail, phone) IS NOT"
	    " (?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[Q_GROUP_PUT] = "INSERT INTO grp VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (object) DO NOTHING",
	[Q_REFUSED_PUT] = "INSERT INTO refused VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT (object) DO UPDATE SET kind = ?2, name = ?3,"
	    " reason = ?4, detail = ?5 WHERE (kind, name, reason, detail)"
	    " IS NOT (?2, ?3, ?4, ?5)",
	[Q_OWN_NOT] = "UPDATE owner SET current = 0 WHERE object = ?1"
	    " AND id <> ?2 AND current <> 0",
	/* Never taken from another: the row would not match, and accept fails
	 * on what it then finds, instead of giving an id twice. */
	[Q_OWN] = "INSERT INTO owner VALUES (?1, ?2, ?3, 1)"
	    " ON CONFLICT (id) DO UPDATE SET current = 1"
	    " WHERE object = ?2 AND current = 0",
	[Q_CHANGE_PUT] = "INSERT INTO change VALUES (?1, ?2)"
	    " ON CONFLICT (object) DO UPDATE SET id = ?2 WHERE id IS NOT ?2",
	[Q_NAME_LEAVE] = "INSERT INTO name_left VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET object = ?3",
	[Q_NAME_LEFT] = "SELECT l.object, o.object_id, s.name FROM name_left l"
	    " JOIN object o ON o.id = l.object JOIN source s ON s.id = o.source"
	    " WHERE l.kind = ?1 AND l.name = ?2",
	[Q_NAME_TAKEN] = "DELETE FROM name_left WHERE kind = ?1 AND name = ?2",
};

struct accept {
	struct db		*db;
	const struct rules	*rules;
	struct model		*m;
	struct db_stmt		*q[N_QUERIES];
};

static const char *
kind_str(const struct candidate *c)
{
	return c->kind == STORE_USER ? "user" : "group";
}

/* Walk a table and drop the rows that do not stay. */
struct sweep {
	int	list, drop;
	int	kind;		/* of those whose names are served; or 0 */
	bool	(*stays)(const struct candidate *c, struct aia_span name,
		    int64_t id);
};

static bool
same(const struct candidate *c, int kind, struct aia_span name, int64_t id)
{
	return c->kind == kind && c->reason == REASON_NONE && c->id == id &&
	    aia_span_eq(name, aia_span_str(c->name.s));
}

static bool
user_stays(const struct candidate *c, struct aia_span name, int64_t id)
{
	return same(c, STORE_USER, name, id);
}

static bool
group_stays(const struct candidate *c, struct aia_span name, int64_t id)
{
	return id != 0 && same(c, STORE_GROUP, name, id);
}

static bool
refused_stays(const struct candidate *c, struct aia_span name, int64_t id)
{
	(void)name;
	(void)id;
	return c->reason != REASON_NONE || c->id_changed;
}

static bool
change_stays(const struct candidate *c, struct aia_span name, int64_t id)
{
	(void)name;
	(void)id;
	return c->id_changed;
}

static const struct sweep sweeps[] = {
	{ Q_USERS, Q_USER_DROP, STORE_USER, user_stays },
	{ Q_GROUPS, Q_GROUP_DROP, STORE_GROUP, group_stays },
	{ Q_REFUSED, Q_REFUSED_DROP, 0, refused_stays },
	{ Q_CHANGES, Q_CHANGE_DROP, 0, change_stays },
};

static int
name_leave(struct accept *ac, int kind, const struct aia_name *name,
    int64_t object)
{
	struct db_stmt *st = ac->q[Q_NAME_LEAVE];

	if (kind == 0)
		return 0;
	db_bind_int(st, 1, kind);
	db_bind_text(st, 2, name->s);
	db_bind_int(st, 3, object);
	return db_run(st);
}

static int
sweep_run(struct accept *ac, const struct sweep *sw)
{
	struct db_stmt *st = ac->q[sw->list];
	int r;

	while ((r = db_step(st)) > 0) {
		int64_t object = db_col_int(st, 0, 1, INT64_MAX);
		struct aia_span name = db_col_text(st, 1);
		int64_t id = db_col_int(st, 2, 0, UINT32_MAX);
		const struct candidate *c = model_find(ac->m, object);
		bool stays = c != NULL && sw->stays(c, name, id);
		struct aia_name left = { 0 };

		if (!stays && sw->kind != 0)
			r = aia_name_parse((const char *)name.p, name.len,
			    &left);
		if (r >= 0)
			r = db_row_end(st);
		if (r < 0)
			break;
		if (stays)
			continue;
		db_bind_int(ac->q[sw->drop], 1, object);
		r = db_run(ac->q[sw->drop]);
		if (r == 0)
			r = name_leave(ac, sw->kind, &left, object);
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

/*
 * A row of that name is new: did another have it before?  What is enrolled, or
 * was counted, is not the name's, but files, habits and somebody's scripts may
 * be.
 */
static int
name_take(struct accept *ac, const struct candidate *c,
    struct aia_span object_id, struct aia_span source)
{
	struct db_stmt *st = ac->q[Q_NAME_LEFT];
	int r;

	db_bind_int(st, 1, c->kind);
	db_bind_text(st, 2, c->name.s);
	r = db_step(st);
	if (r > 0 && db_col_int(st, 0, 1, INT64_MAX) != c->object) {
		struct aia_span before = db_col_text(st, 1);
		struct aia_span from = db_col_text(st, 2);

		log_event(LOG_WARNING, "directory.name_passed_on",
		    LOG_STR("kind", kind_str(c)), LOG_STR("name", c->name.s),
		    LOG_BYTES("object_id", object_id.p, object_id.len),
		    LOG_BYTES("source", source.p, source.len),
		    LOG_BYTES("before", before.p, before.len),
		    LOG_BYTES("before_source", from.p, from.len));
	}
	if (r > 0)
		r = db_row_end(st) < 0 ? AIA_EDAMAGED : 1;
	db_reset(st);
	if (r <= 0)
		return r;
	db_bind_int(ac->q[Q_NAME_TAKEN], 1, c->kind);
	db_bind_text(ac->q[Q_NAME_TAKEN], 2, c->name.s);
	return db_run(ac->q[Q_NAME_TAKEN]);
}

static struct aia_span
text_or_none(struct db_stmt *st, int at)
{
	return db_col_null(st, at) ? aia_span_str("") : db_col_text(st, at);
}

static int
user_put(struct accept *ac, const struct candidate *c, struct db_stmt *raw)
{
	bool active = db_col_int(raw, 2, 0, 1) != 0;
	struct aia_span mail = rules_plain(text_or_none(raw, 6));
	struct aia_span phone = rules_plain(text_or_none(raw, 7));
	struct rules_text gecos, home, shell;
	struct db_stmt *st = ac->q[Q_USER_PUT];
	int r;

	rules_gecos(text_or_none(raw, 3), &gecos);
	/* The same rules let it through a moment ago. */
	if (rules_home(ac->rules, text_or_none(raw, 4), &c->name, &home) !=
	    REASON_NONE ||
	    rules_shell(ac->rules, text_or_none(raw, 5), &shell) != REASON_NONE)
		return AIA_EDAMAGED;
	r = db_row_end(raw);
	if (r < 0)
		return r;
	db_bind_int(st, 1, c->object);
	db_bind_text(st, 2, c->name.s);
	db_bind_int(st, 3, c->id);
	db_bind_int(st, 4, c->gid);
	db_bind_int(st, 5, active);
	db_bind_text(st, 6, gecos.s);
	db_bind_text(st, 7, home.s);
	db_bind_text(st, 8, active ? shell.s : DERIVE_NOLOGIN);
	db_bind_span(st, 9, mail);
	db_bind_span(st, 10, phone);
	return db_run(st);
}

static int
group_put(struct accept *ac, const struct candidate *c, struct db_stmt *raw)
{
	(void)raw;
	db_bind_int(ac->q[Q_GROUP_PUT], 1, c->object);
	db_bind_text(ac->q[Q_GROUP_PUT], 2, c->name.s);
	db_bind_int(ac->q[Q_GROUP_PUT], 3, c->id);
	return db_run(ac->q[Q_GROUP_PUT]);
}

typedef int put_fn(struct accept *ac, const struct candidate *c,
    struct db_stmt *raw);

static int
served_put(struct accept *ac, const struct candidate *c, struct db_stmt *raw,
    put_fn *put)
{
	struct aia_span object_id = db_col_text(raw, 9);
	struct aia_span source = db_col_text(raw, 10);
	int r = put(ac, c, raw);

	return r < 0 || db_changes(ac->db) == 0 ? r :
	    name_take(ac, c, object_id, source);
}

static int
owner_put(struct accept *ac, const struct candidate *c)
{
	int r = 0;

	if (c->id_owned)
		return 0;
	if (c->has_own) {
		db_bind_int(ac->q[Q_OWN_NOT], 1, c->object);
		db_bind_int(ac->q[Q_OWN_NOT], 2, c->id);
		r = db_run(ac->q[Q_OWN_NOT]);
	}
	if (r < 0 || c->id == 0)
		return r;
	db_bind_int(ac->q[Q_OWN], 1, c->id);
	db_bind_int(ac->q[Q_OWN], 2, c->object);
	db_bind_int(ac->q[Q_OWN], 3, c->kind);
	return db_run(ac->q[Q_OWN]);
}

static int
refused_put(struct accept *ac, const struct candidate *c, struct db_stmt *raw)
{
	enum reason reason = c->reason != REASON_NONE ? c->reason :
	    REASON_ID_CHANGED;
	struct aia_span name = db_col_text(raw, 1), detail = { 0 };
	struct aia_span object_id = db_col_text(raw, 9);
	struct aia_span source = db_col_text(raw, 10);
	struct db_stmt *st = ac->q[Q_REFUSED_PUT];
	int r;

	if (reason == REASON_DEFECT && !db_col_null(raw, 8))
		detail = db_col_text(raw, 8);
	r = db_row_end(raw);
	if (r < 0)
		return r;
	db_bind_int(st, 1, c->object);
	db_bind_int(st, 2, c->kind);
	db_bind_span(st, 3, name);
	db_bind_text(st, 4, rules_reason_code(reason));
	if (detail.p != NULL)
		db_bind_span(st, 5, detail);
	r = db_run(st);
	if (r < 0 || db_changes(ac->db) == 0)
		return r;
	log_event(LOG_WARNING, "directory.refused",
	    LOG_STR("kind", kind_str(c)), LOG_BYTES("name", name.p, name.len),
	    LOG_BYTES("object_id", object_id.p, object_id.len),
	    LOG_BYTES("source", source.p, source.len),
	    LOG_STR("reason", rules_reason_code(reason)),
	    LOG_BYTES("detail", detail.p, detail.len));
	return 0;
}

static int
change_put(struct accept *ac, const struct candidate *c, struct db_stmt *raw)
{
	bool has_said = !db_col_null(raw, 11);
	int64_t said = !has_said ? 0 :
	    db_col_int(raw, 11, INT64_MIN, INT64_MAX);
	struct rules_claim claim;

	db_bind_int(ac->q[Q_CHANGE_PUT], 1, c->object);
	if (rules_claim(ac->rules, db_col_text(raw, 10), db_col_text(raw, 9),
	    has_said ? &said : NULL, &claim))
		db_bind_int(ac->q[Q_CHANGE_PUT], 2, claim.id);
	return db_run(ac->q[Q_CHANGE_PUT]);
}

static int
put_one(struct accept *ac, const struct candidate *c, struct db_stmt *raw)
{
	int r = 0;

	if (c->reason == REASON_NONE && c->kind == STORE_USER)
		r = served_put(ac, c, raw, user_put);
	else if (c->reason == REASON_NONE && c->id != 0)
		r = served_put(ac, c, raw, group_put);
	if (r == 0 && (c->reason == REASON_NONE ||
	    c->reason == REASON_ID_NONE))
		r = owner_put(ac, c);
	if (r == 0 && (c->reason != REASON_NONE || c->id_changed))
		r = refused_put(ac, c, raw);
	if (r == 0 && c->id_changed)
		r = change_put(ac, c, raw);
	return r;
}

int
accept_model(struct db *db, const struct rules *rules, struct model *m)
{
	struct accept ac = { .db = db, .rules = rules, .m = m };
	struct db_stmt *raw;
	int r;

	r = store_prepare(db, queries, N_QUERIES, ac.q);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(sweeps); i++)
		r = sweep_run(&ac, &sweeps[i]);
	raw = ac.q[Q_RAW];
	while (r == 0 && (r = db_step(raw)) > 0) {
		const struct candidate *c = model_find(m,
		    db_col_int(raw, 0, 1, INT64_MAX));

		r = c == NULL ? AIA_EDAMAGED : put_one(&ac, c, raw);
	}
	store_release(ac.q, N_QUERIES);
	return r;
}
