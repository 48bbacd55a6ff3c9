/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apply.c - a staged listing becomes what we know of its source.
 *
 * Rows are written only where something differs, so that a listing that says
 * nothing new costs no disk and starts no rebuilding.
 */
#include "config.h"

#include "aiauthd/keeper/apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/absence.h"
#include "aiauthd/keeper/grow.h"
#include "aiauthd/keeper/objset.h"
#include "aiauthd/keeper/store.h"

enum {
	Q_FIND, Q_ID, Q_INTERN, Q_UPSERT, Q_SPOIL, Q_DISABLE, Q_MEMBERS,
	Q_ADD, Q_DEL, Q_DROP_RAW, Q_DROP_GROUP, Q_DROP_MEMBER, N_QUERIES,
};

static const char *const queries[N_QUERIES] = {
	[Q_FIND] = "SELECT o.id, coalesce(r.kind, 0), coalesce(r.name, '')"
	    " FROM object o LEFT JOIN raw r ON r.object = o.id"
	    " WHERE o.source = ?1 AND o.object_id = ?2",
	[Q_ID] = "SELECT id FROM object WHERE source = ?1 AND object_id = ?2",
	[Q_INTERN] = "INSERT INTO object (source, object_id) VALUES (?1, ?2)",
	[Q_UPSERT] = "INSERT INTO raw (object, source, kind, name, active,"
	    " created_s, uid, gid, gecos, home, shell, mail, phone, keys,"
	    " external_id, attributes, defect) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
	    " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
	    " ON CONFLICT (object) DO UPDATE SET kind = ?3, name = ?4,"
	    " active = ?5, created_s = ?6, uid = ?7, gid = ?8, gecos = ?9,"
	    " home = ?10, shell = ?11, mail = ?12, phone = ?13, keys = ?14,"
	    " external_id = ?15, attributes = ?16, defect = ?17, missing = 0"
	    " WHERE missing <> 0 OR (kind, name, active, created_s, uid, gid,"
	    " gecos, home, shell, mail, phone, keys, external_id, attributes,"
	    " defect) IS NOT (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17)",
	[Q_SPOIL] = "UPDATE raw SET defect = ?2, missing = 0"
	    " WHERE object = ?1 AND (defect, missing) IS NOT (?2, 0)",
	[Q_DISABLE] = "UPDATE raw SET active = 0"
	    " WHERE object = ?1 AND kind = 1 AND active <> 0",
	[Q_MEMBERS] = "SELECT member FROM member WHERE grp = ?1"
	    " ORDER BY member",
	[Q_ADD] = "INSERT INTO member VALUES (?1, ?2) ON CONFLICT DO NOTHING",
	[Q_DEL] = "DELETE FROM member WHERE grp = ?1 AND member = ?2",
	[Q_DROP_RAW] = "DELETE FROM raw WHERE object = ?1",
	[Q_DROP_GROUP] = "DELETE FROM member WHERE grp = ?1",
	[Q_DROP_MEMBER] = "DELETE FROM member WHERE member = ?1",
};

/* One object id for two things: nobody can say which of them is meant. */
static const char twice_text[] = "the object id is carried by two records";

struct apply {
	struct db	*db;
	struct db_stmt	*q[N_QUERIES];
	int64_t		 source;
	bool		 full, merges, complete;
	bool		 changed;
	struct objset	 seen;
	/* The group whose members replace those we know, while they come. */
	int64_t		 group;		/* 0: none */
	int64_t		*members;
	size_t		 n_members, members_cap;
};

/* A row of object with what raw knows of it. */
struct known {
	int64_t		object;
	int		kind;		/* 0: only mentioned */
	bool		same_name;	/* as the one asked with */
	bool		again;		/* was in this listing before */
	bool		twice;		/* in this listing, as another thing */
};

static int
changing(struct apply *ap, int q)
{
	int r = db_run(ap->q[q]);

	if (r == 0 && db_changes(ap->db) > 0)
		ap->changed = true;
	return r;
}

/* 0 or AIA_ENOUSER. */
static int
find(struct apply *ap, struct aia_span object_id, struct aia_span name,
    struct known *ret)
{
	struct db_stmt *st = ap->q[Q_FIND];
	int r;

	db_bind_int(st, 1, ap->source);
	db_bind_span(st, 2, object_id);
	r = db_step(st);
	if (r == 0)
		r = AIA_ENOUSER;
	if (r < 0)
		goto out;
	ret->object = db_col_int(st, 0, 1, INT64_MAX);
	ret->kind = (int)db_col_int(st, 1, 0, STORE_GROUP);
	ret->same_name = aia_span_eq(db_col_text(st, 2), name);
	ret->again = false;
	ret->twice = false;
	r = db_row_end(st);
out:
	db_reset(st);
	return r;
}

static int
object_new(struct apply *ap, struct aia_span object_id, int64_t *ret)
{
	int r;

	db_bind_int(ap->q[Q_INTERN], 1, ap->source);
	db_bind_span(ap->q[Q_INTERN], 2, object_id);
	r = db_run(ap->q[Q_INTERN]);
	if (r == 0)
		*ret = db_last_id(ap->db);
	return r;
}

static int
intern(struct apply *ap, struct aia_span object_id, struct aia_span name,
    struct known *ret)
{
	struct known k = { 0 };
	int r;

	r = find(ap, object_id, name, &k);
	if (r == AIA_ENOUSER)
		r = object_new(ap, object_id, &k.object);
	if (r == 0)
		*ret = k;
	return r;
}

/* Of a group or member: what is known of it does not matter. */
static int
mentioned(struct apply *ap, struct aia_span object_id, int64_t *ret)
{
	struct db_stmt *st = ap->q[Q_ID];
	int64_t id = 0;
	int r;

	db_bind_int(st, 1, ap->source);
	db_bind_span(st, 2, object_id);
	r = db_step(st);
	if (r > 0) {
		id = db_col_int(st, 0, 1, INT64_MAX);
		r = db_row_end(st);
	}
	db_reset(st);
	if (r == 0 && id == 0)
		r = object_new(ap, object_id, &id);
	if (r == 0)
		*ret = id;
	return r;
}

static int
members_push(struct apply *ap, int64_t member)
{
	int64_t *v;

	v = grow_one(ap->members, ap->n_members, &ap->members_cap, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	ap->members = v;
	v[ap->n_members++] = member;
	return 0;
}

static int
member_change(struct apply *ap, int q, int64_t group, int64_t member)
{
	db_bind_int(ap->q[q], 1, group);
	db_bind_int(ap->q[q], 2, member);
	return changing(ap, q);
}

static int
int64_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * Both lists rise: walk them side by side, drop what only the old one has and
 * keep in 'members' what only the new one has.
 */
static int
members_compare(struct apply *ap, size_t *ret_n_new)
{
	struct db_stmt *st = ap->q[Q_MEMBERS];
	size_t at = 0, n_new = 0;
	int r;

	db_bind_int(st, 1, ap->group);
	while ((r = db_step(st)) > 0) {
		int64_t old = db_col_int(st, 0, 1, INT64_MAX);

		r = db_row_end(st);
		if (r < 0)
			break;
		while (at < ap->n_members && ap->members[at] < old)
			ap->members[n_new++] = ap->members[at++];
		if (at < ap->n_members && ap->members[at] == old) {
			at++;
			continue;
		}
		r = member_change(ap, Q_DEL, ap->group, old);
		if (r < 0)
			break;
	}
	db_reset(st);
	while (at < ap->n_members)
		ap->members[n_new++] = ap->members[at++];
	*ret_n_new = n_new;
	return r;
}

static int
members_flush(struct apply *ap)
{
	size_t n_new = 0;
	int r = 0;

	if (ap->group == 0)
		return 0;
	if (ap->n_members > 0)
		qsort(ap->members, ap->n_members, sizeof(*ap->members),
		    int64_cmp);
	r = members_compare(ap, &n_new);
	for (size_t i = 0; r == 0 && i < n_new; i++)
		r = member_change(ap, Q_ADD, ap->group, ap->members[i]);
	ap->group = 0;
	ap->n_members = 0;
	return r;
}

/* A parameter that is not bound is NULL. */
static void
bind_int_if(struct db_stmt *st, int at, bool there, int64_t v)
{
	if (there)
		db_bind_int(st, at, v);
}

static void
user_bind(struct db_stmt *st, const struct netcall_user *m)
{
	const struct { int at, bit; struct aia_span text; } texts[] = {
		{ 9, NETCALL_USER_F_GECOS, m->gecos },
		{ 10, NETCALL_USER_F_HOME, m->home },
		{ 11, NETCALL_USER_F_SHELL, m->shell },
		{ 12, NETCALL_USER_F_MAIL, m->mail },
		{ 13, NETCALL_USER_F_PHONE, m->phone },
		{ 15, NETCALL_USER_F_EXTERNAL_ID, m->external_id },
		{ 17, NETCALL_USER_F_DEFECT, m->defect },
	};

	db_bind_int(st, 3, STORE_USER);
	db_bind_span(st, 4, m->name);
	db_bind_int(st, 5, m->active);
	bind_int_if(st, 6, AIA_HAS(m, NETCALL_USER_F_CREATED), m->created_s);
	bind_int_if(st, 7, AIA_HAS(m, NETCALL_USER_F_UID), m->uid);
	bind_int_if(st, 8, AIA_HAS(m, NETCALL_USER_F_GID), m->gid);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (AIA_HAS(m, texts[i].bit))
			db_bind_span(st, texts[i].at, texts[i].text);
	if (AIA_HAS(m, NETCALL_USER_F_KEYS))
		db_bind_blob(st, 14, m->keys);
	if (AIA_HAS(m, NETCALL_USER_F_ATTRIBUTES))
		db_bind_blob(st, 16, m->attributes);
}

static void
group_bind(struct db_stmt *st, const struct netcall_group *m)
{
	db_bind_int(st, 3, STORE_GROUP);
	db_bind_span(st, 4, m->name);
	db_bind_int(st, 5, 1);
	bind_int_if(st, 6, AIA_HAS(m, NETCALL_GROUP_F_CREATED), m->created_s);
	bind_int_if(st, 8, AIA_HAS(m, NETCALL_GROUP_F_GID), m->gid);
	if (AIA_HAS(m, NETCALL_GROUP_F_DEFECT))
		db_bind_span(st, 17, m->defect);
}

/*
 * Mark the object as seen.  In a full listing it comes once, unless the listing
 * merges; a page that shows it again says the same of it.
 */
static int
see(struct apply *ap, struct known *k, int kind)
{
	bool is_new = true;
	int r = objset_add(&ap->seen, k->object, &is_new);

	k->again = !is_new;
	if (r == 0)
		k->twice = ap->full && k->again &&
		    (k->kind != kind || (!k->same_name && !ap->merges));
	return r;
}

static int
object_put(struct apply *ap, const struct stage_record *rec,
    struct known *ret)
{
	bool is_user = rec->type == NETCALL_USER;
	int kind = is_user ? STORE_USER : STORE_GROUP;
	struct db_stmt *st = ap->q[Q_UPSERT];
	int r;

	r = intern(ap, is_user ? rec->user.object_id : rec->group.object_id,
	    is_user ? rec->user.name : rec->group.name, ret);
	if (r < 0)
		return r;
	r = see(ap, ret, kind);
	if (r < 0)
		return r;
	if (ret->twice) {
		db_bind_int(ap->q[Q_SPOIL], 1, ret->object);
		db_bind_text(ap->q[Q_SPOIL], 2, twice_text);
		return changing(ap, Q_SPOIL);
	}
	if (ret->kind == STORE_GROUP && is_user) {
		db_bind_int(ap->q[Q_DROP_GROUP], 1, ret->object);
		r = changing(ap, Q_DROP_GROUP);
		if (r < 0)
			return r;
	}
	db_bind_int(st, 1, ret->object);
	db_bind_int(st, 2, ap->source);
	if (is_user)
		user_bind(st, &rec->user);
	else
		group_bind(st, &rec->group);
	return changing(ap, Q_UPSERT);
}

static int
user_run(struct apply *ap, const struct stage_record *rec)
{
	struct known k;

	return object_put(ap, rec, &k);
}

static int
group_run(struct apply *ap, const struct stage_record *rec)
{
	struct known k;
	int r;

	r = members_flush(ap);
	if (r == 0)
		r = object_put(ap, rec, &k);
	if (r < 0)
		return r;
	/* Those that came before, when the group did, stay. */
	if (k.again && ap->merges)
		return 0;
	/* The members of a listing cut short may be cut short as well. */
	if (!k.twice && ap->complete &&
	    (ap->full || rec->group.members_replaced))
		ap->group = k.object;
	return 0;
}

static int
member_add_run(struct apply *ap, const struct stage_record *rec)
{
	struct aia_span list = rec->members.members, item;
	int64_t group, member;
	int r;

	r = mentioned(ap, rec->members.group, &group);
	while (r == 0 && aia_list_next(&list, &item)) {
		r = mentioned(ap, item, &member);
		if (r < 0)
			break;
		if (group == ap->group)
			r = members_push(ap, member);
		else
			r = member_change(ap, Q_ADD, group, member);
	}
	return r;
}

static int
member_del_run(struct apply *ap, const struct stage_record *rec)
{
	struct aia_span list = rec->members.members, item, none = { 0 };
	struct known group, member;
	int r;

	r = members_flush(ap);
	if (r == 0)
		r = find(ap, rec->members.group, none, &group);
	while (r == 0 && aia_list_next(&list, &item)) {
		r = find(ap, item, none, &member);
		if (r == 0)
			r = member_change(ap, Q_DEL, group.object,
			    member.object);
		if (r == AIA_ENOUSER)
			r = 0;
	}
	return r == AIA_ENOUSER ? 0 : r;
}

static int
gone_run(struct apply *ap, const struct stage_record *rec)
{
	static const int drops[] = { Q_DROP_RAW, Q_DROP_GROUP, Q_DROP_MEMBER };
	struct aia_span none = { 0 };
	struct known k;
	int r;

	r = members_flush(ap);
	if (r == 0)
		r = find(ap, rec->gone.object_id, none, &k);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(drops); i++) {
		db_bind_int(ap->q[drops[i]], 1, k.object);
		r = changing(ap, drops[i]);
	}
	return r == AIA_ENOUSER ? 0 : r;
}

static int
disable_run(struct apply *ap, const struct stage_record *rec)
{
	struct aia_span none = { 0 };
	struct known k;
	int r;

	if (rec->user.active != 0)
		return 0;
	r = find(ap, rec->user.object_id, none, &k);
	if (r < 0)
		return r == AIA_ENOUSER ? 0 : r;
	db_bind_int(ap->q[Q_DISABLE], 1, k.object);
	return changing(ap, Q_DISABLE);
}

typedef int run_fn(struct apply *ap, const struct stage_record *rec);

static const struct {
	enum netcall_type	 type;
	run_fn			*run;		/* of a listing that counts */
	run_fn			*withdraw;	/* of one that broke off */
} rows[] = {
	{ NETCALL_USER, user_run, disable_run },
	{ NETCALL_GROUP, group_run, NULL },
	{ NETCALL_MEMBER_ADD, member_add_run, NULL },
	{ NETCALL_MEMBER_DEL, member_del_run, member_del_run },
	{ NETCALL_GONE, gone_run, gone_run },
};

static int
replay(struct apply *ap, struct stage *sg, bool only_withdrawals)
{
	struct stage_record rec;
	int r;

	r = stage_rewind(sg);
	while (r == 0 && (r = stage_next(sg, &rec)) > 0) {
		r = 0;
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			run_fn *run = only_withdrawals ? rows[i].withdraw :
			    rows[i].run;

			if (rows[i].type == rec.type && run != NULL)
				r = run(ap, &rec);
		}
	}
	return r < 0 ? r : members_flush(ap);
}

int
apply_listing(struct db *db, int64_t source, struct stage *sg,
    const struct apply_rules *rules, struct apply_result *ret)
{
	struct apply ap = {
		.db = db, .source = source,
		.full = stage_is_full(sg), .merges = stage_merges(sg),
		.complete = stage_is_complete(sg),
	};
	struct absence_before before = { 0 };
	bool removed = false;
	int64_t held = 0;
	int r;

	r = store_prepare(db, queries, N_QUERIES, ap.q);
	if (r < 0)
		return r;
	r = absence_before(db, source, &before);
	if (r == 0)
		r = replay(&ap, sg, false);
	if (r == 0 && ap.full && ap.complete)
		r = absence_run(db, source, &before, &ap.seen, rules,
		    &removed);
	if (r == 0)
		r = absence_held(db, source, &held);
	if (r == 0)
		*ret = (struct apply_result){ ap.changed || removed, held };
	store_release(ap.q, N_QUERIES);
	objset_clear(&ap.seen);
	free(ap.members);
	return r;
}

int
apply_withdrawals(struct db *db, int64_t source, struct stage *sg,
    struct apply_result *ret)
{
	struct apply ap = { .db = db, .source = source };
	int64_t held = 0;
	int r;

	r = store_prepare(db, queries, N_QUERIES, ap.q);
	if (r < 0)
		return r;
	r = replay(&ap, sg, true);
	if (r == 0)
		r = absence_held(db, source, &held);
	if (r == 0)
		*ret = (struct apply_result){ ap.changed, held };
	store_release(ap.q, N_QUERIES);
	return r;
}

int
apply_purge(struct db *db)
{
	return db_exec(db, "DELETE FROM object WHERE"
	    " NOT EXISTS (SELECT 1 FROM raw WHERE object = object.id)"
	    " AND NOT EXISTS (SELECT 1 FROM member WHERE grp = object.id)"
	    " AND NOT EXISTS (SELECT 1 FROM member WHERE member = object.id)"
	    " AND NOT EXISTS (SELECT 1 FROM owner WHERE object = object.id)");
}
