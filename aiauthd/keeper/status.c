/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c - the state of the directory as JSON objects.
 */
#include "config.h"

#include "aiauthd/keeper/status.h"

#include <errno.h>
#include <stdlib.h>

#include "aiauthd/keeper/absence.h"
#include "aiauthd/keeper/growth.h"
#include "aiauthd/keeper/rules.h"
#include "aiauthd/keeper/store.h"
#include "base/json.h"
#include "common/snapshot.h"

struct writing {
	const struct status	*s;
	int	(*each)(char *json, void *arg);
	void	*arg;
};

static int
out_end(struct json_out *o, const struct writing *wr)
{
	char *json = NULL;
	size_t len;
	int r;

	r = json_out_end(o, &json, &len);
	json_out_free(o);
	return r < 0 ? r : wr->each(json, wr->arg);
}

static int
out_new(const char *kind, struct json_out **ret)
{
	int r = json_out_new(ret);

	if (r == 0)
		json_out_str(*ret, "kind", kind);
	return r;
}

static int
directory_write(const struct writing *wr)
{
	const struct publish_result *p = wr->s->published;
	char fingerprint[HASHID_FINGERPRINT_LEN + 1];
	char path[AIA_PATH_MAX];
	struct json_out *o = NULL;
	int64_t n_refused;
	int r;

	r = store_count(wr->s->db, "SELECT (SELECT count(*) FROM refused) +"
	    " (SELECT count(*) FROM role WHERE ambiguous <> 0)", 0,
	    &n_refused);
	if (r == 0)
		r = path_join(wr->s->paths->nss, AIA_SNAPSHOT_FILE, path);
	if (r == 0)
		r = out_new("directory", &o);
	if (r < 0)
		return r;
	json_out_i64(o, "generation", (int64_t)p->generation);
	json_out_i64(o, "n_users", p->n_users);
	json_out_i64(o, "n_groups", p->n_groups);
	json_out_i64(o, "n_refused", n_refused);
	json_out_bool(o, "refused_truncated", n_refused > STATUS_REFUSED_MAX);
	json_out_i64(o, "published_s", p->published_s);
	hashid_fingerprint(wr->s->hashid, fingerprint);
	json_out_str(o, "derived_ids",
	    hashid_state_str(wr->s->hashid->state));
	json_out_str(o, "derived_fingerprint", fingerprint);
	json_out_str(o, "snapshot_path", path);
	return out_end(o, wr);
}

/* What is to be made of what a source said last. */
static const char *
freshness(const struct store_source *src, const struct conf_source *conf,
    int64_t age_ms)
{
	switch (fresh_state(age_ms, conf->offline_grace_s)) {
	case FRESH_NEVER:
		return "never";
	case FRESH_EXPIRED:
		return "expired";
	case FRESH_FINE:
		break;
	}
	return src->failures > 0 ? "stale" : "fresh";
}

static void
age_write(struct json_out *o, const struct store_source *src,
    const struct conf_source *conf, const struct fresh *now)
{
	int64_t age_ms = fresh_age_ms(&src->fresh, now);

	json_out_str(o, "freshness", freshness(src, conf, age_ms));
	json_out_i64(o, "age_s", age_ms < 0 ? -1 : age_ms / 1000);
	json_out_i64(o, "grace_s", conf->offline_grace_s);
	json_out_i64(o, "grace_left_s",
	    fresh_left_s(age_ms, conf->offline_grace_s));
}

static int
source_write(const struct writing *wr, const struct conf_source *conf)
{
	struct store_source *src = malloc(sizeof(*src));
	struct json_out *o = NULL;
	struct fresh now;
	int64_t held = 0, server_s = 0, our_s = 0;
	int r;

	if (src == NULL)
		return -ENOMEM;
	r = fresh_now(&now);
	if (r == 0)
		r = store_source_load(wr->s->db, &conf->name, src);
	if (r == 0)
		r = absence_held(wr->s->db, src->id, &held);
	if (r == 0)
		r = store_date_get(wr->s->db, &conf->name, &server_s, &our_s);
	if (r == 0)
		r = out_new("source", &o);
	if (r < 0)
		goto out;
	json_out_str(o, "name", conf->name.s);
	json_out_str(o, "provider", conf->provider);
	json_out_i64(o, "last_full_s", src->full_s);
	json_out_i64(o, "last_delta_s", src->delta_s);
	json_out_i64(o, "last_try_s", src->try_s);
	json_out_str(o, "outcome", store_outcome_str(src->outcome));
	json_out_str(o, "text", src->text);
	json_out_i64(o, "failures", src->failures);
	json_out_i64(o, "held", held);
	age_write(o, src, conf, &now);
	json_out_i64(o, "clock_skew_s", server_s - our_s);
	r = out_end(o, wr);
out:
	free(src);
	return r;
}

/* A role that gives a local group, and whether it grew suddenly. */
static int
mapped_write(const struct writing *wr, const struct conf_role *role)
{
	struct growth growth = { 0 };
	struct json_out *o = NULL;
	int r;

	r = growth_get(wr->s->db, role->label, &growth);
	if (r == 0 || r == AIA_ENOUSER)
		r = out_new("mapped_role", &o);
	if (r < 0)
		return r;
	json_out_str(o, "label", role->label);
	json_out_str(o, "role", role->name);
	json_out_str(o, "local_group", role->local_group.s);
	json_out_i64(o, "members", growth.members);
	json_out_i64(o, "grew_s", growth.grew_s);
	json_out_i64(o, "grew_from", growth.grew_from);
	return out_end(o, wr);
}

static int
refused_write(const struct writing *wr, struct db_stmt *st)
{
	struct json_out *o = NULL;
	char reason[32];
	int r;

	db_col_str(st, 4, reason, sizeof(reason));
	r = out_new("refused", &o);
	if (r < 0)
		return r;
	json_out_span(o, "object", db_col_text(st, 0));
	json_out_span(o, "name", db_col_text(st, 1));
	json_out_span(o, "object_id", db_col_text(st, 2));
	json_out_span(o, "source", db_col_text(st, 3));
	json_out_str(o, "reason", reason);
	json_out_str(o, "text", rules_reason_text(reason));
	if (!db_col_null(st, 5))
		json_out_span(o, "detail", db_col_text(st, 5));
	r = db_row_end(st);
	if (r < 0) {
		json_out_free(o);
		return r;
	}
	return out_end(o, wr);
}

static int
all_refused_write(const struct writing *wr)
{
	struct db_stmt *st = NULL;
	int r;

	/* A role that grants nothing is refused as one. */
	r = db_prepare(wr->s->db, "SELECT f.what, f.name, o.object_id, s.name,"
	    " f.reason, f.detail FROM (SELECT object,"
	    "  CASE kind WHEN 1 THEN 'user' ELSE 'group' END AS what, name,"
	    "  reason, detail FROM refused"
	    " UNION ALL SELECT object, 'role', text, ?2, NULL FROM role"
	    "  WHERE ambiguous <> 0) f"
	    " JOIN object o ON o.id = f.object"
	    " JOIN source s ON s.id = o.source ORDER BY f.object LIMIT ?1",
	    &st);
	if (r < 0)
		return r;
	db_bind_int(st, 1, STATUS_REFUSED_MAX);
	db_bind_text(st, 2, rules_reason_code(REASON_ROLE_SHARED));
	while ((r = db_step(st)) > 0) {
		r = refused_write(wr, st);
		if (r < 0)
			break;
	}
	db_stmt_free(st);
	return r;
}

int
status_write(const struct status *status,
    int (*each)(char *json, void *arg), void *arg)
{
	const struct writing wr = { .s = status, .each = each, .arg = arg };
	int r;

	r = directory_write(&wr);
	for (size_t i = 0; r == 0 && i < status->conf->n_sources; i++)
		r = source_write(&wr, &status->conf->sources[i]);
	for (size_t i = 0; r == 0 && i < status->conf->n_roles; i++)
		if (status->conf->roles[i].local_group.s[0] != '\0')
			r = mapped_write(&wr, &status->conf->roles[i]);
	return r < 0 ? r : all_refused_write(&wr);
}
