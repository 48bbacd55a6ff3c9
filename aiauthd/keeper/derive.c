/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * derive.c - what the sources said, put through the rules.
 *
 * Two walks over 'raw', both in order of object.  The first makes a candidate
 * of each record and lets the model settle who meets whom; the second, which
 * is accept.c's, writes.
 */
#include "config.h"

#include "aiauthd/keeper/derive.h"

#include "aiauthd/keeper/accept.h"
#include "aiauthd/keeper/collide.h"
#include "aiauthd/keeper/model.h"
#include "aiauthd/keeper/roles.h"

/*
 * own: the id the object has; waits: the id that somebody just agreed to.
 */
static const char raw_sql[] =
    "SELECT r.object, s.place, r.kind, r.name, r.defect, r.missing,"
    " CASE r.kind WHEN 1 THEN r.uid ELSE r.gid END, r.gid,"
    " r.home, r.shell, o.object_id, s.name,"
    " coalesce((SELECT w.id FROM owner w WHERE w.object = r.object"
    "  AND w.current <> 0), 0) AS own,"
    " EXISTS (SELECT 1 FROM owner w JOIN object wo ON wo.id = w.object"
    "  WHERE w.id = r.gid AND w.kind = 2 AND wo.source = r.source),"
    " EXISTS (SELECT 1 FROM change c WHERE c.object = r.object"
    "  AND r.source = ?1),"
    " (SELECT c.id FROM change c WHERE c.object = r.object) AS waits"
    " FROM raw r JOIN source s ON s.id = r.source"
    " JOIN object o ON o.id = r.object"
    " WHERE s.place IS NOT NULL ORDER BY r.object";

struct raw {
	struct candidate c;
	struct aia_span	name, home, shell, object_id, source;
	bool		defect, has_claim, has_gid, taken, confirmed;
	bool		id_changed;
	enum reason	id_reason;
	struct rules_claim claim;
	int64_t		gid;
	uint32_t	own;		/* 0: none yet */
};

struct loading {
	struct db	*db;
	const struct rules *rules;
	struct db_stmt	*raw, *taken;
	struct model	*m;
};

static void
claim_read(const struct rules *rules, struct db_stmt *st, struct raw *raw)
{
	bool has_said = !db_col_null(st, 6), waits_none = db_col_null(st, 15);
	int64_t said = has_said ? db_col_int(st, 6, INT64_MIN, INT64_MAX) : 0;
	int64_t waits = waits_none ? 0 :
	    db_col_int(st, 15, INT64_MIN, INT64_MAX);

	raw->own = (uint32_t)db_col_int(st, 12, 0, UINT32_MAX);
	raw->has_claim = rules_claim(rules, raw->source, raw->object_id,
	    has_said ? &said : NULL, &raw->claim);
	raw->confirmed = db_col_int(st, 14, 0, 1) != 0 &&
	    waits_none == !raw->has_claim &&
	    (waits_none || waits == raw->claim.id);
	/* Nobody can say what it would be: it stays what it is. */
	if (!raw->has_claim && rules->hashid->state == HASHID_NO_KEY &&
	    raw->own != 0) {
		raw->has_claim = true;
		raw->claim = (struct rules_claim){ raw->own, true };
	}
}

static int
raw_read(const struct rules *rules, struct db_stmt *st, struct raw *ret)
{
	struct raw raw = { 0 };

	raw.c.object = db_col_int(st, 0, 1, INT64_MAX);
	raw.c.place = (uint32_t)db_col_int(st, 1, 0,
	    CONF_SOURCES_MAX - 1);
	raw.c.kind = (uint8_t)db_col_int(st, 2, STORE_USER, STORE_GROUP);
	raw.name = db_col_text(st, 3);
	raw.defect = !db_col_null(st, 4);
	raw.c.held = db_col_int(st, 5, 0, 1) != 0;
	raw.has_gid = !db_col_null(st, 7);
	if (raw.has_gid)
		raw.gid = db_col_int(st, 7, INT64_MIN, INT64_MAX);
	if (!db_col_null(st, 8))
		raw.home = db_col_text(st, 8);
	if (!db_col_null(st, 9))
		raw.shell = db_col_text(st, 9);
	raw.object_id = db_col_text(st, 10);
	raw.source = db_col_text(st, 11);
	raw.c.gid_is_group = db_col_int(st, 13, 0, 1) != 0;
	claim_read(rules, st, &raw);
	*ret = raw;
	return db_row_end(st);
}

/* Whether somebody else was ever given the id it claims. */
static int
taken_look(struct db_stmt *st, struct raw *raw)
{
	int r;

	if (!raw->has_claim || raw->claim.id == (int64_t)raw->own)
		return 0;
	db_bind_int(st, 1, raw->claim.id);
	db_bind_int(st, 2, raw->c.object);
	r = db_step(st);
	raw->taken = r > 0;
	db_reset(st);
	return r < 0 ? r : 0;
}

static enum reason
claim_rule(const struct rules *rules, struct raw *raw)
{
	if (!raw->has_claim)
		return REASON_ID_NONE;
	if (raw->taken)
		return raw->claim.is_derived ? REASON_ID_COLLIDES :
		    REASON_ID_TAKEN;
	return raw->claim.is_derived ?
	    rules_id(rules, raw->claim.id, &raw->c.id) :
	    rules_said_id(rules, &rules->conf->sources[raw->c.place],
	    raw->claim.id, &raw->c.id);
}

/*
 * The id it is served with.  One that differs from the id it has waits for
 * somebody to confirm it, and so does one that is no longer said; one that
 * nobody could have does not get better by being confirmed.
 */
static enum reason
id_rule(const struct rules *rules, struct raw *raw)
{
	enum reason reason;

	if (raw->own == 0 ||
	    (raw->has_claim && raw->claim.id == (int64_t)raw->own))
		return claim_rule(rules, raw);
	if (raw->confirmed) {
		reason = claim_rule(rules, raw);
		if (reason == REASON_NONE || reason == REASON_ID_NONE)
			return reason;
	}
	raw->id_changed = true;
	return rules_id(rules, raw->own, &raw->c.id);
}

/* What the other rules make of the record changes nothing about its id. */
static int
id_find(struct loading *ld, struct raw *raw)
{
	int r = taken_look(ld->taken, raw);

	if (r < 0)
		return r;
	raw->id_reason = id_rule(ld->rules, raw);
	raw->c.has_own = raw->own != 0;
	raw->c.id_owned = raw->own != 0 && raw->c.id == raw->own;
	raw->c.id_derived = raw->has_claim && raw->claim.is_derived &&
	    raw->c.id != 0 && raw->claim.id == (int64_t)raw->c.id;
	return 0;
}

/* As the last of the rules about names and ids. */
static enum reason
id_take(struct raw *raw)
{
	raw->c.id_changed = raw->id_changed;
	return raw->id_reason;
}

static enum reason
primary_rule(const struct rules *rules, struct raw *raw)
{
	if (!raw->has_gid || (raw->has_claim && raw->gid == raw->claim.id) ||
	    raw->gid == (int64_t)raw->c.id) {
		raw->c.gid = raw->c.id;
		return REASON_NONE;
	}
	return rules_id(rules, raw->gid, &raw->c.gid) == REASON_NONE ?
	    REASON_NONE : REASON_GROUP_UNKNOWN;
}

static const struct conf_list *
domains_of(const struct rules *rules, const struct raw *raw)
{
	return &rules->conf->sources[raw->c.place].domains;
}

static enum reason
user_rule(const struct rules *rules, struct raw *raw)
{
	struct rules_text text;
	enum reason reason;

	reason = rules_user_name(domains_of(rules, raw), raw->name,
	    &raw->c.name);
	/* Somebody who cannot be read stands in the way of others all the
	 * same: nobody could say which of them the name means. */
	raw->c.has_name = reason == REASON_NONE;
	if (raw->defect || !rules_object_ok(raw->object_id))
		return REASON_DEFECT;
	if (reason == REASON_NONE)
		reason = rules_name(rules, &raw->c.name);
	if (reason == REASON_NONE)
		reason = id_take(raw);
	if (reason == REASON_NONE)
		reason = primary_rule(rules, raw);
	if (reason == REASON_NONE)
		reason = rules_home(rules, raw->home, &raw->c.name, &text);
	if (reason == REASON_NONE)
		reason = rules_shell(rules, raw->shell, &text);
	return reason;
}

/* One that has no gid, and never had, is a role and no group of the system. */
static enum reason
group_rule(const struct rules *rules, struct raw *raw)
{
	enum reason reason;

	if (raw->defect || !rules_object_ok(raw->object_id))
		return REASON_DEFECT;
	if (!raw->has_claim && (raw->own == 0 || raw->confirmed))
		return REASON_NONE;
	reason = rules_group_name(raw->name, &raw->c.name);
	if (reason != REASON_NONE)
		return reason;
	raw->c.has_name = true;
	reason = rules_name(rules, &raw->c.name);
	return reason != REASON_NONE ? reason : id_take(raw);
}

static int
one_load(struct loading *ld)
{
	struct raw raw;
	int r;

	r = raw_read(ld->rules, ld->raw, &raw);
	if (r == 0)
		r = id_find(ld, &raw);
	if (r < 0)
		return r;
	raw.c.reason = (uint8_t)(raw.c.kind == STORE_USER ?
	    user_rule(ld->rules, &raw) : group_rule(ld->rules, &raw));
	return model_add(ld->m, &raw.c);
}

static int
model_load(struct loading *ld, int64_t confirm)
{
	int r;

	r = db_prepare(ld->db, raw_sql, &ld->raw);
	if (r == 0)
		r = db_prepare(ld->db, "SELECT 1 FROM owner WHERE id = ?1"
		    " AND object <> ?2", &ld->taken);
	if (r < 0)
		goto out;
	db_bind_int(ld->raw, 1, confirm);
	while ((r = db_step(ld->raw)) > 0) {
		r = one_load(ld);
		if (r < 0)
			break;
	}
out:
	db_stmt_free(ld->raw);
	db_stmt_free(ld->taken);
	return r;
}

int
derive_run(struct db *db, const struct rules *rules, int64_t confirm)
{
	struct loading ld = { .db = db, .rules = rules };
	int r;

	r = model_new(&ld.m);
	if (r == 0)
		r = model_load(&ld, confirm);
	if (r == 0)
		r = collide_settle(db, ld.m);
	if (r == 0)
		r = model_settle(ld.m);
	if (r == 0)
		r = accept_model(db, rules, ld.m);
	if (r == 0)
		r = roles_write(db, rules);
	model_free(ld.m);
	return r;
}
