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
#include "aiauthd/keeper/model.h"
#include "aiauthd/keeper/roles.h"

/*
 * own: the id the object has; claim: the one it says; taken: who else was ever
 * given that; confirmed: the claim waited, and somebody agreed.
 */
static const char raw_sql[] =
    "SELECT r.object, s.place, r.kind, r.name, r.defect, r.missing,"
    " CASE r.kind WHEN 1 THEN r.uid ELSE r.gid END AS claim, r.gid,"
    " r.home, r.shell, o.object_id,"
    " coalesce((SELECT w.id FROM owner w WHERE w.object = r.object"
    "  AND w.current <> 0), 0) AS own,"
    " EXISTS (SELECT 1 FROM owner w WHERE w.id ="
    "  CASE r.kind WHEN 1 THEN r.uid ELSE r.gid END"
    "  AND w.object <> r.object) AS taken,"
    " EXISTS (SELECT 1 FROM owner w WHERE w.id = r.gid AND w.kind = 2),"
    " EXISTS (SELECT 1 FROM change c WHERE c.object = r.object"
    "  AND r.source = ?1 AND c.id IS"
    "  CASE r.kind WHEN 1 THEN r.uid ELSE r.gid END)"
    " FROM raw r JOIN source s ON s.id = r.source"
    " JOIN object o ON o.id = r.object"
    " WHERE s.place IS NOT NULL ORDER BY r.object";

struct raw {
	struct candidate c;
	struct aia_span	name, home, shell, object_id;
	bool		defect, has_claim, has_gid, taken, confirmed;
	int64_t		claim, gid;
	uint32_t	own;		/* 0: none yet */
};

static int
raw_read(struct db_stmt *st, struct raw *ret)
{
	struct raw raw = { 0 };

	raw.c.object = db_col_int(st, 0, 1, INT64_MAX);
	raw.c.place = (uint32_t)db_col_int(st, 1, 0,
	    CONF_SOURCES_MAX - 1);
	raw.c.kind = (uint8_t)db_col_int(st, 2, STORE_USER, STORE_GROUP);
	raw.name = db_col_text(st, 3);
	raw.defect = !db_col_null(st, 4);
	raw.c.held = db_col_int(st, 5, 0, 1) != 0;
	raw.has_claim = !db_col_null(st, 6);
	if (raw.has_claim)
		raw.claim = db_col_int(st, 6, INT64_MIN, INT64_MAX);
	raw.has_gid = !db_col_null(st, 7);
	if (raw.has_gid)
		raw.gid = db_col_int(st, 7, INT64_MIN, INT64_MAX);
	if (!db_col_null(st, 8))
		raw.home = db_col_text(st, 8);
	if (!db_col_null(st, 9))
		raw.shell = db_col_text(st, 9);
	raw.object_id = db_col_text(st, 10);
	raw.own = (uint32_t)db_col_int(st, 11, 0, UINT32_MAX);
	raw.taken = db_col_int(st, 12, 0, 1) != 0;
	raw.c.gid_is_group = db_col_int(st, 13, 0, 1) != 0;
	raw.confirmed = db_col_int(st, 14, 0, 1) != 0;
	*ret = raw;
	return db_row_end(st);
}

static enum reason
claim_rule(const struct rules *rules, struct raw *raw)
{
	if (!raw->has_claim)
		return REASON_ID_NONE;
	if (raw->taken)
		return REASON_ID_TAKEN;
	return rules_id(rules, raw->claim, &raw->c.id);
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
	    (raw->has_claim && raw->claim == (int64_t)raw->own))
		return claim_rule(rules, raw);
	if (raw->confirmed) {
		reason = claim_rule(rules, raw);
		if (reason == REASON_NONE || reason == REASON_ID_NONE)
			return reason;
	}
	raw->c.id_changed = true;
	return rules_id(rules, raw->own, &raw->c.id);
}

static enum reason
primary_rule(const struct rules *rules, struct raw *raw)
{
	if (!raw->has_gid || (raw->has_claim && raw->gid == raw->claim) ||
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
		reason = id_rule(rules, raw);
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
	return reason != REASON_NONE ? reason : id_rule(rules, raw);
}

static int
model_load(struct db *db, const struct rules *rules, int64_t confirm,
    struct model *m)
{
	struct db_stmt *st = NULL;
	struct raw raw;
	int r;

	r = db_prepare(db, raw_sql, &st);
	if (r < 0)
		return r;
	db_bind_int(st, 1, confirm);
	while ((r = db_step(st)) > 0) {
		r = raw_read(st, &raw);
		if (r < 0)
			break;
		raw.c.reason = (uint8_t)(raw.c.kind == STORE_USER ?
		    user_rule(rules, &raw) : group_rule(rules, &raw));
		raw.c.id_owned = raw.own != 0 && raw.c.id == raw.own;
		r = model_add(m, &raw.c);
		if (r < 0)
			break;
	}
	db_stmt_free(st);
	return r;
}

int
derive_run(struct db *db, const struct rules *rules, int64_t confirm)
{
	struct model *m = NULL;
	int r;

	r = model_new(&m);
	if (r == 0)
		r = model_load(db, rules, confirm, m);
	if (r == 0)
		r = model_settle(m);
	if (r == 0)
		r = accept_model(db, rules, m);
	if (r == 0)
		r = roles_write(db, rules);
	model_free(m);
	return r;
}
