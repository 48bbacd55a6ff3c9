/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * publish.c - what the rules accepted, as the snapshot that NSS reads.
 */
#include "config.h"

#include "aiauthd/keeper/publish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "aiauthd/keeper/growth.h"
#include "aiauthd/keeper/nest.h"
#include "aiauthd/keeper/snapfile.h"
#include "aiauthd/keeper/store.h"
#include "base/log.h"
#include "common/snapshot.h"

struct publish {
	struct db	*db;
	struct snapfile	*sf;
	struct nest	*nest;
	struct db_stmt	*members;	/* of one object */
	struct person {
		int64_t	 object;
		uint32_t seen;		/* the group that has it already */
		uint32_t n_groups : 31;
		uint32_t active : 1;
	}		*people;	/* by object; numbered as the snapshot's
					 * users */
	size_t		 n_people;
	uint32_t	 group;		/* being filled; counts from 1 */
	uint64_t	 n_members, n_cut;
	struct growth_count local[CONF_ROLES_MAX];
	size_t		 n_local;
};

static int
name_of(struct db_stmt *st, int at, struct aia_name *ret)
{
	struct aia_span s = db_col_text(st, at);

	return s.p == NULL || aia_name_parse((const char *)s.p, s.len, ret) < 0
	    ? AIA_EDAMAGED : 0;
}

static int
user_add(struct publish *pb, struct db_stmt *st)
{
	char gecos[AIA_SNAP_TEXT_LEN_MAX + 1], home[sizeof(gecos)],
	    shell[sizeof(gecos)];
	struct person *person = &pb->people[pb->n_people];
	struct aia_name name;
	uint32_t uid, gid;
	int r;

	person->object = db_col_int(st, 0, 1, INT64_MAX);
	uid = (uint32_t)db_col_int(st, 2, 0, UINT32_MAX);
	gid = (uint32_t)db_col_int(st, 3, 0, UINT32_MAX);
	person->active = db_col_int(st, 4, 0, 1) != 0;
	db_col_str(st, 5, gecos, sizeof(gecos));
	db_col_str(st, 6, home, sizeof(home));
	db_col_str(st, 7, shell, sizeof(shell));
	r = name_of(st, 1, &name);
	if (r == 0)
		r = db_row_end(st);
	if (r == 0)
		r = snapfile_user(pb->sf, &name, uid, gid, gecos, home, shell);
	if (r == 0 && uid == gid)
		r = snapfile_group(pb->sf, &name, gid);
	if (r == 0)
		pb->n_people++;
	return r;
}

static int
users_add(struct publish *pb)
{
	struct db_stmt *st = NULL;
	int64_t n = 0;
	int r;

	r = store_count(pb->db, "SELECT count(*) FROM user", 0, &n);
	if (r < 0)
		return r;
	pb->people = calloc((size_t)n + 1, sizeof(*pb->people));
	if (pb->people == NULL)
		return -ENOMEM;
	r = db_prepare(pb->db, "SELECT object, name, uid, gid, active, gecos,"
	    " home, shell FROM user ORDER BY object", &st);
	while (r == 0 && (r = db_step(st)) > 0)
		r = pb->n_people == (size_t)n ? AIA_EDAMAGED :
		    user_add(pb, st);
	db_stmt_free(st);
	return r;
}

static int
object_cmp(const void *key, const void *item)
{
	const int64_t *object = key;
	const struct person *person = item;

	return *object < person->object ? -1 : *object > person->object;
}

/* Whoever is to be added to the group, once; NULL for all others. */
static struct person *
member_next(struct publish *pb, int64_t object)
{
	struct person *p;

	p = bsearch(&object, pb->people, pb->n_people, sizeof(*pb->people),
	    object_cmp);
	if (p == NULL || !p->active || p->seen == pb->group)
		return NULL;
	p->seen = pb->group;
	if (p->n_groups == AIA_SNAP_USER_GROUPS_MAX ||
	    pb->n_members == PUBLISH_MEMBERS_MAX) {
		pb->n_cut++;
		return NULL;
	}
	p->n_groups++;
	pb->n_members++;
	return p;
}

/* The members of one object, none of the groups in it. */
static int
direct_add(struct publish *pb, int64_t object)
{
	struct db_stmt *st = pb->members;
	int r;

	db_bind_int(st, 1, object);
	while ((r = db_step(st)) > 0) {
		struct person *p = member_next(pb,
		    db_col_int(st, 0, 1, INT64_MAX));

		r = db_row_end(st);
		if (r == 0 && p != NULL)
			r = snapfile_member(pb->sf,
			    (uint32_t)(p - pb->people));
		if (r < 0)
			break;
	}
	db_reset(st);
	return r;
}

/* To the group, or local group, that the snapshot was told last. */
static int
members_add(struct publish *pb, int64_t object)
{
	const int64_t *reached;
	size_t n;
	int r = 0;

	pb->group++;
	nest_reach(pb->nest, object, &reached, &n);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = direct_add(pb, reached[i]);
	return r;
}

static int
group_add(struct publish *pb, struct db_stmt *st)
{
	int64_t object = db_col_int(st, 0, 1, INT64_MAX);
	uint32_t gid = (uint32_t)db_col_int(st, 2, 0, UINT32_MAX);
	struct aia_name name;
	int r;

	r = name_of(st, 1, &name);
	if (r == 0)
		r = db_row_end(st);
	if (r == 0)
		r = snapfile_group(pb->sf, &name, gid);
	return r < 0 ? r : members_add(pb, object);
}

/* Two roles may give one local group; the snapshot has it once a user. */
static int
local_group_add(struct publish *pb, struct db_stmt *st)
{
	struct growth_count *count = &pb->local[pb->n_local];
	int64_t object = db_col_int(st, 0, 1, INT64_MAX);
	uint32_t gid = (uint32_t)db_col_int(st, 1, 1, INT32_MAX);
	uint64_t before = pb->n_members;
	int r;

	if (pb->n_local == ARRAY_LEN(pb->local))
		return AIA_EDAMAGED;
	*count = (struct growth_count){ 0 };
	db_col_str(st, 2, count->label, sizeof(count->label));
	r = db_row_end(st);
	if (r == 0)
		r = snapfile_local(pb->sf, gid);
	if (r == 0)
		r = members_add(pb, object);
	count->members = (int64_t)(pb->n_members - before);
	pb->n_local++;
	return r;
}

static int
rows_add(struct publish *pb, const char *sql,
    int (*each)(struct publish *pb, struct db_stmt *st))
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(pb->db, sql, &st);
	while (r == 0 && (r = db_step(st)) > 0)
		r = each(pb, st);
	db_stmt_free(st);
	return r;
}

static int
head_fill(struct db *db, const struct conf *conf, struct snapfile_head *ret)
{
	struct snapfile_head head = {
		.published_s = (int64_t)time(NULL),
		.enumerate = conf->enumerate,
		.n_ranges = conf->ranges.n,
	};
	struct db_stmt *st = NULL;
	int64_t generation = 0;
	int r;

	memcpy(head.ranges, conf->ranges.v, sizeof(head.ranges));
	if (getrandom(head.key, sizeof(head.key), 0) !=
	    (ssize_t)sizeof(head.key))
		return -EIO;
	/* Counted before it is used: no two snapshots share a number. */
	r = store_meta_get(db, "generation", &generation);
	if (r == 0)
		r = store_meta_set(db, "generation", generation + 1);
	if (r == 0)
		r = db_prepare(db, "SELECT DISTINCT gid FROM role_gid"
		    " ORDER BY gid", &st);
	if (r < 0)
		return r;
	head.generation = (uint64_t)generation + 1;
	while ((r = db_step(st)) > 0) {
		if (head.n_local_gids == AIA_SNAP_LOCAL_GIDS_MAX) {
			r = AIA_EDAMAGED;
			break;
		}
		head.local_gids[head.n_local_gids++] =
		    (uint32_t)db_col_int(st, 0, 1, INT32_MAX);
		r = db_row_end(st);
		if (r < 0)
			break;
	}
	db_stmt_free(st);
	if (r == 0)
		*ret = head;
	return r;
}

static int
build(struct publish *pb, uint8_t **ret, size_t *ret_len)
{
	int r;

	r = users_add(pb);
	if (r == 0)
		r = rows_add(pb, "SELECT object, name, gid FROM grp"
		    " ORDER BY object", group_add);
	if (r == 0)
		r = rows_add(pb, "SELECT object, gid, label FROM role_gid"
		    " ORDER BY gid, object", local_group_add);
	if (r == 0)
		r = snapfile_finish(pb->sf, ret, ret_len);
	return r;
}

/* As a reader would: what does not open is never put in place. */
static int
verify(const uint8_t *p, size_t len, const struct publish *pb)
{
	struct aia_snapshot snap = { 0 };
	int r;

	r = aia_snapshot_open_mem(p, len, &snap);
	if (r < 0)
		return r;
	r = aia_snapshot_verify(&snap);
	if (r == 0 && snap.info.n_users != pb->n_people)
		r = AIA_EDAMAGED;
	aia_snapshot_close(&snap);
	return r;
}

static int
put(const struct paths *paths, const uint8_t *p, size_t len)
{
	int durable, mapped;

	/* The one readers use must not wait for a full disk. */
	durable = snapfile_publish(paths->cache, p, len, true);
	mapped = snapfile_publish(paths->nss, p, len, false);
	if (durable < 0)
		log_event(LOG_ERR, "directory.cache_failed",
		    LOG_STR("path", paths->cache), LOG_CODE(durable));
	return mapped < 0 ? mapped : durable;
}

int
publish_run(struct db *db, const struct conf *conf, const struct paths *paths,
    struct publish_result *ret)
{
	struct publish pb = { .db = db };
	struct snapfile_head head;
	struct publish_result res;
	uint8_t *p = NULL;
	size_t len = 0;
	int r;

	r = head_fill(db, conf, &head);
	if (r == 0)
		r = snapfile_new(&head, &pb.sf);
	if (r == 0)
		r = nest_load(db, &pb.nest);
	if (r == 0)
		r = db_prepare(db, "SELECT member FROM member WHERE grp = ?1"
		    " ORDER BY member", &pb.members);
	if (r == 0)
		r = build(&pb, &p, &len);
	if (r == 0)
		r = verify(p, len, &pb);
	if (r == 0)
		r = put(paths, p, len);
	if (r == 0)
		r = growth_note(db, pb.local, pb.n_local, head.published_s);
	if (r < 0)
		goto out;
	res = (struct publish_result){
		.generation = head.generation,
		.published_s = head.published_s,
		.n_users = (int64_t)pb.n_people,
	};
	r = store_count(db, "SELECT count(*) FROM grp", 0, &res.n_groups);
	if (r == 0)
		*ret = res;
	if (pb.n_cut > 0)
		log_event(LOG_WARNING, "directory.members_cut",
		    LOG_I64("n", pb.n_cut));
	log_event(LOG_INFO, "directory.published",
	    LOG_I64("generation", res.generation),
	    LOG_I64("users", res.n_users), LOG_I64("groups", res.n_groups),
	    LOG_I64("bytes", len));
out:
	free(p);
	free(pb.people);
	db_stmt_free(pb.members);
	nest_free(pb.nest);
	snapfile_free(pb.sf);
	return r;
}
