/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper_world.c - a small machine for the keeper's tests.
 */
#include "config.h"

#include "tests/keeper_world.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/netcall.h"

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	(void)fprintf(stderr, "test world: %s\n", what);
	abort();
}

struct aia_name
world_name(const char *s)
{
	struct aia_name name = { "" };

	must(aia_name_parse(s, strlen(s), &name) == 0, s);
	return name;
}

/* A text into room of cap bytes. */
static void
text(char *room, size_t cap, const char *s)
{
	must(strlen(s) < cap, s);
	memcpy(room, s, strlen(s) + 1);
}

static void
folder(char path[AIA_PATH_MAX], const char *root, const char *name)
{
	must(path_join(root, name, path) == 0, name);
	must(mkdir(path, 0755) == 0, path);
}

void
world_etc(struct world *w, const char *file, const char *body)
{
	char path[AIA_PATH_MAX], fresh[AIA_PATH_MAX + 8];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/etc/%s", w->root, file);
	(void)snprintf(fresh, sizeof(fresh), "%s.new", path);
	f = fopen(fresh, "we");
	must(f != NULL && fputs(body, f) >= 0 && fclose(f) == 0, fresh);
	must(rename(fresh, path) == 0, path);
}

static void
conf_fill(struct conf *conf)
{
	static const char *const names[] = { "corp", "lab" };

	conf->ranges.v[0] = (struct aia_id_range){ 200000, 400000 };
	conf->ranges.n = 1;
	conf->shrink_percent = 20;
	conf->shrink_users = 10;
	text(conf->home, sizeof(conf->home), "/home/%u");
	text(conf->shell, sizeof(conf->shell), "/bin/bash");
	text(conf->protected_groups.v[0], CONF_VALUE_MAX, "hpc-root");
	conf->protected_groups.n = 1;
	for (conf->n_sources = 0; conf->n_sources < 2; conf->n_sources++) {
		struct conf_source *s = &conf->sources[conf->n_sources];

		s->name = world_name(names[conf->n_sources]);
		text(s->provider, sizeof(s->provider), "file");
		s->objects_max = 5000;
		s->full_interval_s = 3600;
		s->delta_interval_s = 60;
		s->timeout_s = 5;
		text(s->domains.v[0], sizeof(s->domains.v[0]), "example.org");
		s->domains.n = 1;
	}
}

static void
store(struct world *w)
{
	must(store_open(&w->paths, &w->up.db) == 0, "directory.db");
	must(store_sources(w->up.db, &w->conf) == 0, "sources");
}

struct world *
world_new(void)
{
	struct world *w = calloc(1, sizeof(*w));
	char etc[AIA_PATH_MAX];

	must(w != NULL, "memory");
	text(w->root, sizeof(w->root), "/tmp/aiauth-keeper.XXXXXX");
	must(mkdtemp(w->root) != NULL, w->root);
	must(chmod(w->root, 0755) == 0, w->root);
	folder(etc, w->root, "etc");
	folder(w->paths.run, w->root, "run");
	folder(w->paths.nss, w->root, "nss");
	folder(w->paths.cache, w->root, "cache");
	folder(w->paths.directory, w->root, "directory");
	must(path_join(etc, "passwd", w->paths.passwd) == 0 &&
	    path_join(etc, "group", w->paths.group) == 0, etc);
	world_etc(w, "passwd", "root:x:0:0:root:/root:/bin/bash\n"
	    "daemon:x:1:1::/:/usr/sbin/nologin\n"
	    "bob:x:1000:1000::/home/bob:/bin/bash\n"
	    "svc:x:250005:250006::/srv:/bin/false\n");
	world_etc(w, "group", "root:x:0:\nsudo:x:27:bob\nusers:x:100:\n"
	    "mltools:x:250010:\nrender2:x:901:\n");
	world_etc(w, "subuid", "bob:300000:65536\n");
	conf_fill(&w->conf);
	w->up.conf = &w->conf;
	w->up.paths = &w->paths;
	w->up.hashid = &w->hashid;
	w->up.own[0] = WORLD_OWN_ID;
	w->up.n_own = 1;
	store(w);
	return w;
}

void
world_restart(struct world *w)
{
	db_close(w->up.db);
	w->up.db = NULL;
	store(w);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
world_free(struct world *w)
{
	if (w == NULL)
		return;
	aia_snapshot_close(&w->snap);
	free(w->bytes);
	stage_free(w->listing);
	db_close(w->up.db);
	must(nftw(w->root, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0, w->root);
	free(w);
}

void
world_put(struct world *w, const struct aia_message *m, const void *in)
{
	must(aia_encode(m, AIA_WIRE_VERSION, in, &w->pkt) == 0, m->name);
	must(stage_packet(w->listing, &w->pkt) == 0, m->name);
}

static void
listing_begin(struct world *w, size_t source, uint32_t mode, bool merges)
{
	struct netcall_listing_begin m = { .mode = mode,
	    .has = merges ? AIA_BIT(NETCALL_BEGIN_F_MERGES) : 0,
	    .source = w->conf.sources[source].name, .merges = merges };

	w->source = source;
	stage_free(w->listing);
	w->listing = NULL;
	must(stage_new(memfd_create("listing", MFD_CLOEXEC), &m.source,
	    w->conf.sources[source].objects_max, &w->listing) == 0, "stage");
	world_put(w, &netcall_m_listing_begin, &m);
}

void
world_begin(struct world *w, size_t source, uint32_t mode)
{
	listing_begin(w, source, mode, false);
}

void
world_begin_merging(struct world *w, size_t source)
{
	listing_begin(w, source, NETCALL_FULL, true);
}

void
world_user_keys(struct world *w, const char *id, const char *name,
    uint32_t uid, const char *line)
{
	uint8_t room[1024];
	struct aia_wr wr;
	struct netcall_user m = {
		.has = AIA_BIT(NETCALL_USER_F_UID) |
		    AIA_BIT(NETCALL_USER_F_KEYS), .uid = uid,
		.object_id = aia_span_str(id), .name = aia_span_str(name),
		.active = 1,
	};

	aia_wr_init(&wr, room, sizeof(room));
	aia_list_add(&wr, line, strlen(line));
	m.keys = aia_span_of(room, wr.len);
	world_put(w, &netcall_m_user, &m);
}

void
world_user(struct world *w, const char *id, const char *name, uint32_t uid,
    bool active)
{
	struct netcall_user m = {
		.has = AIA_BIT(NETCALL_USER_F_UID), .uid = uid,
		.object_id = aia_span_str(id), .name = aia_span_str(name),
		.active = active,
	};

	world_put(w, &netcall_m_user, &m);
}

static void
put_members(struct world *w, const struct aia_message *type,
    const char *group, const char *members)
{
	uint8_t room[32768];
	struct netcall_members m = { .group = aia_span_str(group) };
	struct aia_wr wr;
	size_t len;

	aia_wr_init(&wr, room, sizeof(room));
	while (*members != '\0') {
		len = strcspn(members, " ");
		aia_list_add(&wr, members, len);
		members += len + (members[len] == ' ');
	}
	must(aia_wr_end(&wr, &len) == 0, "members");
	m.members = aia_span_of(room, len);
	world_put(w, type, &m);
}

void
world_group(struct world *w, const char *id, const char *name, uint32_t gid,
    const char *members)
{
	struct netcall_group m = {
		.object_id = aia_span_str(id), .name = aia_span_str(name),
		.gid = gid,
	};

	if (gid != 0)
		m.has = AIA_BIT(NETCALL_GROUP_F_GID);
	world_put(w, &netcall_m_group, &m);
	if (members != NULL)
		put_members(w, &netcall_m_member_add, id, members);
}

void
world_member(struct world *w, bool add, const char *group,
    const char *members)
{
	put_members(w, add ? &netcall_m_member_add : &netcall_m_member_del,
	    group, members);
}

void
world_gone(struct world *w, const char *id)
{
	const struct netcall_gone m = { .object_id = aia_span_str(id) };

	world_put(w, &netcall_m_gone, &m);
}

static struct store_source
source_load(struct world *w)
{
	struct store_source source;

	must(store_source_load(w->up.db, &w->conf.sources[w->source].name,
	    &source) == 0, "source");
	return source;
}

int64_t
world_end(struct world *w, bool complete, bool confirm)
{
	const struct netcall_listing_end m = { .complete = complete };
	struct store_source source = source_load(w);
	struct fresh begun;
	int64_t held = -1;

	world_put(w, &netcall_m_listing_end, &m);
	must(fresh_now(&begun) == 0, "boot id");
	must(update_listing(&w->up, w->listing, &source, &begun, confirm,
	    &held) == 0, "update");
	must(!w->up.behind, "publish");
	return held;
}

void
world_break(struct world *w)
{
	struct store_source source = source_load(w);

	update_withdrawals(&w->up, w->listing, &source);
	must(!w->up.behind, "publish");
}

const char *
world_reason(struct world *w, const char *object_id)
{
	static char reason[64];
	struct db_stmt *st = NULL;

	must(db_prepare(w->up.db, "SELECT f.reason FROM refused f JOIN object o"
	    " ON o.id = f.object WHERE o.object_id = ?1", &st) == 0, "query");
	db_bind_text(st, 1, object_id);
	reason[0] = '\0';
	if (db_step(st) > 0)
		db_col_str(st, 0, reason, sizeof(reason));
	db_stmt_free(st);
	return reason;
}

const struct aia_snapshot *
world_snapshot(struct world *w)
{
	char path[AIA_PATH_MAX];
	struct stat st;
	FILE *f;

	aia_snapshot_close(&w->snap);
	free(w->bytes);
	must(path_join(w->paths.nss, AIA_SNAPSHOT_FILE, path) == 0, "path");
	f = fopen(path, "re");
	must(f != NULL && fstat(fileno(f), &st) == 0, path);
	w->bytes = malloc((size_t)st.st_size);
	must(w->bytes != NULL &&
	    fread(w->bytes, (size_t)st.st_size, 1, f) == 1, path);
	(void)fclose(f);
	must(aia_snapshot_open_mem(w->bytes, (size_t)st.st_size, &w->snap) == 0,
	    "snapshot");
	return &w->snap;
}

uint32_t
world_uid(struct world *w, const char *name)
{
	struct aia_name n = world_name(name);
	struct aia_snap_user user;

	return aia_snap_user_by_name(world_snapshot(w), &n, &user) < 0 ? 0 :
	    user.uid;
}

uint32_t
world_gid(struct world *w, const char *name)
{
	struct aia_name n = world_name(name);
	struct aia_snap_group group;

	return aia_snap_group_by_name(world_snapshot(w), &n, &group) < 0 ? 0 :
	    group.gid;
}

bool
world_in_group(struct world *w, const char *user, uint32_t gid)
{
	struct aia_name n = world_name(user);
	const struct aia_snapshot *snap = world_snapshot(w);
	struct aia_snap_user u;
	uint32_t got;

	if (aia_snap_user_by_name(snap, &n, &u) < 0)
		return false;
	for (uint32_t i = 0; i < u.n_gids; i++)
		if (aia_snap_gid(snap, &u, i, &got) == 0 && got == gid)
			return true;
	return false;
}
