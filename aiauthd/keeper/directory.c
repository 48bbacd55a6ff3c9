/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * directory.c - read-only view of directory.db, for workers.
 *
 * Each question is one statement, so it sees one state of the database; the
 * statements are compiled once.  What the keeper wrote is parsed again all the
 * same: the file may be damaged, and its texts came from outside.
 */
#include "config.h"

#include "aiauthd/keeper/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/store.h"

enum { Q_NAME, Q_UID, Q_USERS, Q_MEMBERS, Q_ROLES, Q_GROUPS, Q_GROUP,
    Q_ALL_GROUPS, Q_ATTRIBUTES, Q_KEYS, Q_EXTERNAL_ID, Q_REFUSED, Q_FRESH,
    Q_GENERATION,
    N_QUERIES };

/* CROSS JOIN keeps the order of the tables, and so that of the index on the
 * name: whoever asks for all of them in that order has no sorter to fill. */
#define USER_SQL "SELECT s.name, o.object_id, u.name, u.uid, u.gid, u.active," \
	" u.gecos, u.home, u.shell, u.mail, u.phone FROM user u" \
	" CROSS JOIN object o ON o.id = u.object" \
	" CROSS JOIN source s ON s.id = o.source"
#define GROUP_SQL "SELECT s.name, o.object_id, g.name, g.gid FROM grp g" \
	" CROSS JOIN object o ON o.id = g.object" \
	" CROSS JOIN source s ON s.id = o.source"
#define RAW_SQL " FROM user u" \
	" JOIN object o ON o.id = u.object JOIN source s ON s.id = o.source" \
	" JOIN raw r ON r.object = u.object" \
	" WHERE s.name = ?1 AND o.object_id = ?2"
/*
 * Every group above ?1 (source) ?2 (object id), to NEST_DEPTH_MAX levels; none
 * for a user who is not active or not accepted.
 */
#define UP_SQL "WITH RECURSIVE up (grp, depth) AS (" \
	"SELECT m.grp, 0 FROM user u JOIN object o ON o.id = u.object" \
	" JOIN source s ON s.id = o.source JOIN member m ON m.member = o.id" \
	" WHERE s.name = ?1 AND o.object_id = ?2 AND u.active <> 0" \
	" UNION SELECT m.grp, up.depth + 1 FROM up" \
	" JOIN raw r ON r.object = up.grp AND r.kind = 2 AND r.defect IS NULL" \
	" JOIN member m ON m.member = up.grp WHERE up.depth < 16)"

/* The same way down: every group in the one called ?1, and itself. */
#define DOWN_SQL "WITH RECURSIVE down (grp, depth) AS (" \
	"SELECT g.object, 0 FROM grp g WHERE g.name = ?1" \
	" UNION SELECT r.object, down.depth + 1 FROM down" \
	" JOIN member m ON m.grp = down.grp" \
	" JOIN raw r ON r.object = m.member AND r.kind = 2" \
	" AND r.defect IS NULL WHERE down.depth < 16)"

static const char *const queries[N_QUERIES] = {
	[Q_NAME] = USER_SQL " WHERE u.name = ?1",
	[Q_UID] = USER_SQL " WHERE u.uid = ?1",
	[Q_USERS] = USER_SQL " WHERE u.name > ?1 ORDER BY u.name",
	[Q_MEMBERS] = DOWN_SQL " " USER_SQL " WHERE u.active <> 0"
	    " AND +u.object IN (SELECT m.member FROM down"
	    " JOIN member m ON m.grp = down.grp) ORDER BY u.name",
	[Q_ROLES] = UP_SQL " SELECT DISTINCT r.object, r.text, r.ambiguous,"
	    " s.name, o.object_id FROM up JOIN role r ON r.object = up.grp"
	    " JOIN object o ON o.id = r.object JOIN source s ON s.id = o.source"
	    " ORDER BY r.text, r.object",
	[Q_GROUPS] = UP_SQL " " GROUP_SQL " WHERE +g.object IN"
	    " (SELECT grp FROM up) ORDER BY g.name",
	[Q_GROUP] = GROUP_SQL " WHERE g.name = ?1",
	[Q_ALL_GROUPS] = GROUP_SQL " ORDER BY g.name",
	[Q_ATTRIBUTES] = "SELECT r.attributes" RAW_SQL,
	[Q_KEYS] = "SELECT r.keys" RAW_SQL,
	[Q_EXTERNAL_ID] = "SELECT CAST(r.external_id AS BLOB)" RAW_SQL,
	[Q_REFUSED] = "SELECT CASE f.kind WHEN 1 THEN 'user' ELSE 'group' END,"
	    " f.name, o.object_id, f.reason FROM refused f"
	    " JOIN object o ON o.id = f.object WHERE f.name = ?1"
	    " ORDER BY f.object",
	[Q_GENERATION] = "SELECT value FROM meta WHERE key = 'generation'",
	[Q_FRESH] = "SELECT " STORE_FRESH_SQL " FROM source WHERE name = ?1",
};

struct directory {
	struct db	*db;
	struct db_stmt	*q[N_QUERIES];
};

int
directory_open(const struct paths *paths, struct directory **ret)
{
	char path[AIA_PATH_MAX];
	struct directory *d;
	int r;

	r = path_join(paths->directory, STORE_FILE, path);
	if (r < 0)
		return r;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return -ENOMEM;
	r = db_open(path, DB_READ, &d->db);
	if (r == 0)
		r = db_expect(d->db, STORE_APPLICATION, STORE_VERSION);
	if (r == 0)
		r = store_prepare(d->db, queries, N_QUERIES, d->q);
	if (r < 0)
		goto out;
	*ret = d;
	d = NULL;
out:
	directory_close(d);
	return r;
}

void
directory_close(struct directory *d)
{
	if (d == NULL)
		return;
	store_release(d->q, N_QUERIES);
	db_close(d->db);
	free(d);
}

static int
name_read(struct db_stmt *st, int at, struct aia_name *ret)
{
	struct aia_span s = db_col_text(st, at);

	return s.p == NULL || aia_name_parse((const char *)s.p, s.len, ret) < 0
	    ? AIA_EDAMAGED : 0;
}

static int
identity_read(struct db_stmt *st, int source_at, int id_at,
    struct identity *ret)
{
	struct aia_span id = db_col_text(st, id_at);
	struct aia_name source;
	int r;

	r = name_read(st, source_at, &source);
	if (r < 0)
		return r;
	return id.p == NULL || identity_make(&source, (const char *)id.p,
	    id.len, ret) < 0 ? AIA_EDAMAGED : 0;
}

static int
user_read(struct db_stmt *st, struct dir_user *ret)
{
	int r;

	r = identity_read(st, 0, 1, &ret->who);
	if (r == 0)
		r = name_read(st, 2, &ret->name);
	if (r < 0)
		return r;
	ret->uid = (uint32_t)db_col_int(st, 3, 1, UINT32_MAX);
	ret->gid = (uint32_t)db_col_int(st, 4, 1, UINT32_MAX);
	ret->active = db_col_int(st, 5, 0, 1) != 0;
	db_col_str(st, 6, ret->gecos, sizeof(ret->gecos));
	db_col_str(st, 7, ret->home, sizeof(ret->home));
	db_col_str(st, 8, ret->shell, sizeof(ret->shell));
	db_col_str(st, 9, ret->mail, sizeof(ret->mail));
	db_col_str(st, 10, ret->phone, sizeof(ret->phone));
	r = db_row_end(st);
	if (r == 0 && (!aia_id_ok(ret->uid) || !aia_id_ok(ret->gid)))
		r = AIA_EDAMAGED;
	return r;
}

/* The statement is bound: its one row. */
static int
user_get(struct db_stmt *st, struct dir_user *ret)
{
	struct dir_user user = { 0 };
	int r;

	r = db_step(st);
	if (r == 0)
		r = AIA_ENOUSER;
	else if (r > 0)
		r = user_read(st, &user);
	db_reset(st);
	if (r == 0)
		*ret = user;
	return r;
}

int
directory_user_by_name(struct directory *d, const struct aia_name *name,
    struct dir_user *ret)
{
	db_bind_text(d->q[Q_NAME], 1, name->s);
	return user_get(d->q[Q_NAME], ret);
}

int
directory_user_by_uid(struct directory *d, uint32_t uid, struct dir_user *ret)
{
	db_bind_int(d->q[Q_UID], 1, uid);
	return user_get(d->q[Q_UID], ret);
}

static int
users_walk(struct db_stmt *st,
    int (*each)(const struct dir_user *user, void *arg), void *arg)
{
	struct dir_user user;
	int r;

	while ((r = db_step(st)) > 0) {
		r = user_read(st, &user);
		if (r == 0)
			r = each(&user, arg);
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

int
directory_users(struct directory *d, const struct aia_name *after,
    int (*each)(const struct dir_user *user, void *arg), void *arg)
{
	db_bind_text(d->q[Q_USERS], 1, after == NULL ? "" : after->s);
	return users_walk(d->q[Q_USERS], each, arg);
}

int
directory_members(struct directory *d, const struct aia_name *group,
    int (*each)(const struct dir_user *user, void *arg), void *arg)
{
	db_bind_text(d->q[Q_MEMBERS], 1, group->s);
	return users_walk(d->q[Q_MEMBERS], each, arg);
}

int
directory_roles(struct directory *d, const struct identity *who,
    int (*each)(const struct dir_role *role, void *arg), void *arg)
{
	struct db_stmt *st = d->q[Q_ROLES];
	int r;

	db_bind_text(st, 1, who->source.s);
	db_bind_text(st, 2, who->object_id);
	while ((r = db_step(st)) > 0) {
		struct dir_role role = { 0 };

		db_col_str(st, 1, role.text, sizeof(role.text));
		role.ambiguous = db_col_int(st, 2, 0, 1) != 0;
		r = identity_read(st, 3, 4, &role.object);
		if (r == 0)
			r = db_row_end(st);
		if (r == 0)
			r = each(&role, arg);
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

static int
group_read(struct db_stmt *st, struct dir_group *ret)
{
	int r;

	r = identity_read(st, 0, 1, &ret->who);
	if (r == 0)
		r = name_read(st, 2, &ret->name);
	if (r < 0)
		return r;
	ret->gid = (uint32_t)db_col_int(st, 3, 1, UINT32_MAX);
	r = db_row_end(st);
	return r == 0 && !aia_id_ok(ret->gid) ? AIA_EDAMAGED : r;
}

static int
groups_walk(struct db_stmt *st,
    int (*each)(const struct dir_group *group, void *arg), void *arg)
{
	int r;

	while ((r = db_step(st)) > 0) {
		struct dir_group group;

		r = group_read(st, &group);
		if (r == 0)
			r = each(&group, arg);
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

int
directory_groups(struct directory *d, const struct identity *who,
    int (*each)(const struct dir_group *group, void *arg), void *arg)
{
	db_bind_text(d->q[Q_GROUPS], 1, who->source.s);
	db_bind_text(d->q[Q_GROUPS], 2, who->object_id);
	return groups_walk(d->q[Q_GROUPS], each, arg);
}

int
directory_all_groups(struct directory *d,
    int (*each)(const struct dir_group *group, void *arg), void *arg)
{
	return groups_walk(d->q[Q_ALL_GROUPS], each, arg);
}

static int
group_take(const struct dir_group *group, void *arg)
{
	struct dir_group *ret = arg;

	*ret = *group;
	return 0;
}

int
directory_group_by_name(struct directory *d, const struct aia_name *name,
    struct dir_group *ret)
{
	struct dir_group group = { 0 };
	int r;

	db_bind_text(d->q[Q_GROUP], 1, name->s);
	r = groups_walk(d->q[Q_GROUP], group_take, &group);
	if (r == 0 && group.gid == 0)
		r = AIA_ENOUSER;
	if (r == 0)
		*ret = group;
	return r;
}

/* One list of a user's, of at most cap bytes. */
static int
list_read(struct db_stmt *st, const struct identity *who, uint8_t *room,
    size_t cap, size_t *ret_len)
{
	struct aia_span blob = { 0 };
	int r;

	db_bind_text(st, 1, who->source.s);
	db_bind_text(st, 2, who->object_id);
	r = db_step(st);
	if (r > 0) {
		blob = db_col_blob(st, 0);
		r = blob.len > cap ? -ENOBUFS : 0;
	}
	if (r == 0) {
		if (blob.len > 0)
			memcpy(room, blob.p, blob.len);
		*ret_len = blob.len;
	}
	db_reset(st);
	return r;
}

int
directory_attributes(struct directory *d, const struct identity *who,
    uint8_t room[DIR_ATTRIBUTES_MAX], size_t *ret_len)
{
	return list_read(d->q[Q_ATTRIBUTES], who, room, DIR_ATTRIBUTES_MAX,
	    ret_len);
}

int
directory_external_id(struct directory *d, const struct identity *who,
    char room[DIR_TEXT_MAX + 1])
{
	size_t len = 0;
	int r = list_read(d->q[Q_EXTERNAL_ID], who, (uint8_t *)room,
	    DIR_TEXT_MAX, &len);

	if (r == 0 && memchr(room, '\0', len) != NULL)
		r = AIA_EDAMAGED;
	room[r == 0 ? len : 0] = '\0';
	return r;
}

int
directory_keys(struct directory *d, const struct identity *who,
    uint8_t room[DIR_KEYS_MAX], size_t *ret_len)
{
	return list_read(d->q[Q_KEYS], who, room, DIR_KEYS_MAX, ret_len);
}

int
directory_refused(struct directory *d, const char *name,
    int (*each)(const char *kind, const char *name, const char *object_id,
	const char *reason, void *arg), void *arg)
{
	struct db_stmt *st = d->q[Q_REFUSED];
	char kind[8], as_came[NETCALL_TEXT_MAX + 1],
	    object_id[OBJECT_ID_LEN_MAX + 1], reason[32];
	int r;

	db_bind_text(st, 1, name);
	while ((r = db_step(st)) > 0) {
		db_col_str(st, 0, kind, sizeof(kind));
		db_col_str(st, 1, as_came, sizeof(as_came));
		db_col_str(st, 2, object_id, sizeof(object_id));
		db_col_str(st, 3, reason, sizeof(reason));
		r = db_row_end(st);
		if (r == 0)
			r = each(kind, as_came, object_id, reason, arg);
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

int
directory_fresh(struct directory *d, const struct aia_name *source,
    struct fresh *ret)
{
	struct db_stmt *st = d->q[Q_FRESH];
	struct fresh f = { 0 };
	int r;

	db_bind_text(st, 1, source->s);
	r = db_step(st);
	if (r == 0)
		r = AIA_ENOUSER;
	else if (r > 0) {
		store_fresh_read(st, 0, &f);
		r = db_row_end(st);
	}
	db_reset(st);
	if (r == 0)
		*ret = f;
	return r;
}

int
directory_generation(struct directory *d, int64_t *ret)
{
	struct db_stmt *st = d->q[Q_GENERATION];
	int64_t n = 0;
	int r;

	r = db_step(st);
	if (r > 0) {
		n = db_col_int(st, 0, 0, INT64_MAX);
		r = db_row_end(st);
	}
	db_reset(st);
	if (r == 0)
		*ret = n;
	return r;
}
