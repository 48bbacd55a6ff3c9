/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.c - directory.db: its schema, and the sources in it.
 */
#include "config.h"

#include "aiauthd/keeper/store.h"

#include <stdio.h>
#include <string.h>

static const char *const schema[STORE_VERSION] = {
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE source ("
	" id INTEGER PRIMARY KEY,"
	" name TEXT NOT NULL UNIQUE,"
	" place INTEGER,"		/* in the configuration; NULL: not */
	" origin TEXT NOT NULL,"	/* what a cursor belongs to */
	" full_s INTEGER NOT NULL DEFAULT 0,"
	" delta_s INTEGER NOT NULL DEFAULT 0,"
	" try_s INTEGER NOT NULL DEFAULT 0,"
	" outcome INTEGER NOT NULL DEFAULT 0,"
	" failures INTEGER NOT NULL DEFAULT 0,"
	" text TEXT NOT NULL DEFAULT '',"
	" cursor BLOB);"
	"CREATE TABLE object ("
	" id INTEGER PRIMARY KEY,"
	" source INTEGER NOT NULL REFERENCES source,"
	" object_id TEXT NOT NULL,"
	" UNIQUE (source, object_id));"
	"CREATE TABLE raw ("
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" source INTEGER NOT NULL REFERENCES source,"
	" kind INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" active INTEGER NOT NULL,"
	" created_s INTEGER,"
	" uid INTEGER, gid INTEGER,"
	" gecos TEXT, home TEXT, shell TEXT, mail TEXT, phone TEXT,"
	" keys BLOB, external_id TEXT, attributes BLOB,"
	" defect TEXT,"
	/* Not in the last full listing, but held. */
	" missing INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX raw_name ON raw (kind, name);"
	"CREATE INDEX raw_source ON raw (source, kind);"
	"CREATE TABLE member ("
	" grp INTEGER NOT NULL REFERENCES object,"
	" member INTEGER NOT NULL REFERENCES object,"
	" PRIMARY KEY (grp, member)) WITHOUT ROWID;"
	"CREATE INDEX member_of ON member (member, grp);"
	"CREATE TABLE owner ("		/* rows are never deleted */
	" id INTEGER PRIMARY KEY,"	/* a uid or gid: one space */
	" object INTEGER NOT NULL REFERENCES object,"
	" kind INTEGER NOT NULL,"
	" current INTEGER NOT NULL);"
	"CREATE INDEX owner_object ON owner (object);"
	"CREATE TABLE change ("		/* ids that wait to be confirmed */
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" id INTEGER);"			/* NULL: it has none any more */
	"CREATE TABLE user ("
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" name TEXT NOT NULL UNIQUE,"
	" uid INTEGER NOT NULL UNIQUE,"
	" gid INTEGER NOT NULL,"
	" active INTEGER NOT NULL,"
	" gecos TEXT NOT NULL, home TEXT NOT NULL, shell TEXT NOT NULL,"
	" mail TEXT NOT NULL, phone TEXT NOT NULL);"
	"CREATE TABLE grp ("
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" name TEXT NOT NULL UNIQUE,"
	" gid INTEGER NOT NULL UNIQUE);"
	"CREATE TABLE role ("
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" text TEXT NOT NULL,"
	" ambiguous INTEGER NOT NULL);"
	"CREATE TABLE role_gid ("	/* by root's configuration only */
	" object INTEGER NOT NULL REFERENCES object,"
	" gid INTEGER NOT NULL,"
	" PRIMARY KEY (object, gid)) WITHOUT ROWID;"
	"CREATE TABLE refused ("
	" object INTEGER PRIMARY KEY REFERENCES object,"
	" kind INTEGER NOT NULL,"
	" name TEXT NOT NULL,"		/* as it came */
	" reason TEXT NOT NULL,"
	" detail TEXT);"
	"CREATE INDEX refused_name ON refused (name);",

	/* Which [role] section gives the group; how many it gave it to. */
	"ALTER TABLE role_gid ADD COLUMN label TEXT NOT NULL DEFAULT '';"
	"CREATE TABLE growth ("
	" label TEXT PRIMARY KEY,"
	" members INTEGER NOT NULL,"
	" base INTEGER NOT NULL,"	/* members at base_s */
	" base_s INTEGER NOT NULL,"
	" grew_s INTEGER NOT NULL,"	/* the last alarm; 0: none */
	" grew_from INTEGER NOT NULL) WITHOUT ROWID;",

	/* Nobody looks for a user's name as it came. */
	"DROP INDEX raw_name;"
	"CREATE INDEX raw_role ON raw (name)"
	" WHERE kind = 2;",

	/* fresh.h */
	"ALTER TABLE source ADD COLUMN age_ms INTEGER NOT NULL DEFAULT -1;"
	"ALTER TABLE source ADD COLUMN age_boot TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE source ADD COLUMN age_boot_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE source ADD COLUMN age_s INTEGER NOT NULL DEFAULT 0;"
	"UPDATE source SET age_ms = 0, age_s = max(full_s, delta_s)"
	" WHERE max(full_s, delta_s) > 0;",

	/* Who had a name last that nobody, or another, has now. */
	"CREATE TABLE name_left ("
	" kind INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" object INTEGER NOT NULL REFERENCES object,"
	" PRIMARY KEY (kind, name)) WITHOUT ROWID;"
};

static const struct {
	enum store_outcome outcome;
	const char *s;
} outcomes[] = {
	{ STORE_NEVER, "never" },
	{ STORE_OK, "ok" },
	{ (enum store_outcome)NETCALL_UNREACHABLE, "unreachable" },
	{ (enum store_outcome)NETCALL_REFUSED, "refused" },
	{ (enum store_outcome)NETCALL_BROKEN, "broken" },
	{ (enum store_outcome)NETCALL_THROTTLED, "throttled" },
	{ (enum store_outcome)NETCALL_CONFIG, "config" },
	{ (enum store_outcome)NETCALL_START_OVER, "start-over" },
	{ STORE_OFFLINE, "netd-offline" },
	{ STORE_STREAM, "stream-broken" },
	{ STORE_LIMIT, "too-large" },
	{ STORE_FAILED, "failed" },
};

const char *
store_outcome_str(enum store_outcome outcome)
{
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (outcomes[i].outcome == outcome)
			return outcomes[i].s;
	return "unknown";
}

int
store_open(const struct paths *paths, struct db **ret)
{
	char path[AIA_PATH_MAX];
	struct db *db = NULL;
	int r;

	r = path_join(paths->directory, STORE_FILE, path);
	if (r < 0)
		return r;
	r = db_open(path, DB_OWN_SHARED, &db);
	if (r < 0)
		return r;
	r = db_migrate(db, STORE_APPLICATION, schema, STORE_VERSION);
	if (r < 0)
		goto out;
	/* The journal of a first listing is not kept for ever. */
	r = db_exec(db, "PRAGMA journal_size_limit=67108864;"
	    /* Which objects a full listing did not show; see absence.c. */
	    "CREATE TEMP TABLE absent (object INTEGER PRIMARY KEY)");
	if (r < 0)
		goto out;
	*ret = db;
	db = NULL;
out:
	db_close(db);
	return r;
}

void
store_release(struct db_stmt **st, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		db_stmt_free(st[i]);
		st[i] = NULL;
	}
}

int
store_prepare(struct db *db, const char *const *sql, size_t n,
    struct db_stmt **ret)
{
	int r;

	for (size_t i = 0; i < n; i++)
		ret[i] = NULL;
	for (size_t i = 0; i < n; i++) {
		r = db_prepare(db, sql[i], &ret[i]);
		if (r < 0) {
			store_release(ret, n);
			return r;
		}
	}
	return 0;
}

/*
 * Where a source points and how its records are read: what a cursor, and the
 * time of the last listing, are good for.
 */
static int
source_place(struct db_stmt *st, const struct conf *conf, size_t place)
{
	const struct conf_source *source = &conf->sources[place];
	const char *const parts[] = {
		source->provider, source->url, source->path,
		source->user_extension, source->group_extension,
		source->uid_attribute, source->gid_attribute,
		source->home_attribute, source->shell_attribute,
		source->gecos_attribute, source->keys_attribute,
		source->group_gid_attribute, source->name_attribute,
		source->realm_roles ? "roles" : "", source->group_names,
	};
	char origin[(ARRAY_LEN(parts) + CONF_ATTRIBUTES_MAX) * AIA_PATH_MAX];
	size_t len = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		len += (size_t)snprintf(origin + len, sizeof(origin) - len,
		    "%s\n", parts[i]);
	for (size_t i = 0; i < conf->n_attributes; i++)
		len += (size_t)snprintf(origin + len, sizeof(origin) - len,
		    "%s\n", conf_attribute_from(&conf->attributes[i]));
	db_bind_text(st, 1, source->name.s);
	db_bind_int(st, 2, (int64_t)place);
	db_bind_text(st, 3, origin);
	return db_run(st);
}

int
store_sources(struct db *db, const struct conf *conf)
{
	static const char place_sql[] =
	    "INSERT INTO source (name, place, origin) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT (name) DO UPDATE SET place = ?2, origin = ?3,"
	    " cursor = CASE WHEN origin = ?3 THEN cursor END,"
	    " outcome = CASE WHEN origin = ?3 THEN outcome ELSE 0 END";
	struct db_stmt *st = NULL;
	int r;

	r = db_begin(db);
	if (r < 0)
		return r;
	r = db_exec(db, "UPDATE source SET place = NULL");
	if (r < 0)
		goto out;
	r = db_prepare(db, place_sql, &st);
	if (r < 0)
		goto out;
	for (size_t i = 0; i < conf->n_sources; i++) {
		r = source_place(st, conf, i);
		if (r < 0)
			goto out;
	}
	r = db_exec(db,
	    "DELETE FROM member WHERE grp IN (SELECT o.id FROM object o"
	    " JOIN source s ON s.id = o.source WHERE s.place IS NULL);"
	    "DELETE FROM raw WHERE source IN"
	    " (SELECT id FROM source WHERE place IS NULL);"
	    "UPDATE source SET cursor = NULL, full_s = 0, delta_s = 0,"
	    " outcome = 0, text = '', age_ms = -1, age_boot = '',"
	    " age_boot_ms = 0, age_s = 0 WHERE place IS NULL");
	if (r < 0)
		goto out;
	db_stmt_free(st);
	return db_commit(db);
out:
	db_stmt_free(st);
	db_rollback(db);
	return r;
}

/* A boot that cannot be read is none of those that run. */
void
store_fresh_read(struct db_stmt *st, int at, struct fresh *ret)
{
	struct fresh f = {
		.age_ms = db_col_int(st, at, -1, INT64_MAX),
		.at.ms = db_col_int(st, at + 2, 0, INT64_MAX),
		.at_s = db_col_int(st, at + 3, INT64_MIN, INT64_MAX),
	};

	db_col_str(st, at + 1, f.at.id, sizeof(f.at.id));
	if (!boot_id_ok(f.at.id))
		f.at.id[0] = '\0';
	*ret = f;
}

int
store_source_load(struct db *db, const struct aia_name *name,
    struct store_source *ret)
{
	struct store_source s = { 0 };
	struct db_stmt *st = NULL;
	struct aia_span cursor;
	int r;

	r = db_prepare(db, "SELECT id, full_s, delta_s, try_s, outcome,"
	    " failures, text, coalesce(cursor, x''), " STORE_FRESH_SQL
	    " FROM source"
	    " WHERE name = ?1 AND place IS NOT NULL", &st);
	if (r < 0)
		return r;
	db_bind_text(st, 1, name->s);
	r = db_step(st);
	if (r <= 0) {
		r = r == 0 ? AIA_ENOUSER : r;
		goto out;
	}
	s.id = db_col_int(st, 0, 1, INT64_MAX);
	s.full_s = db_col_int(st, 1, 0, INT64_MAX);
	s.delta_s = db_col_int(st, 2, 0, INT64_MAX);
	s.try_s = db_col_int(st, 3, 0, INT64_MAX);
	s.outcome = (enum store_outcome)db_col_int(st, 4, 0, STORE_FAILED);
	s.failures = (uint32_t)db_col_int(st, 5, 0, UINT32_MAX);
	db_col_str(st, 6, s.text, sizeof(s.text));
	cursor = db_col_blob(st, 7);
	store_fresh_read(st, 8, &s.fresh);
	r = db_row_end(st);
	if (r < 0)
		goto out;
	if (cursor.len > 0 && cursor.len <= sizeof(s.cursor)) {
		memcpy(s.cursor, cursor.p, cursor.len);
		s.cursor_len = cursor.len;
	}
	*ret = s;
out:
	db_stmt_free(st);
	return r;
}

int
store_source_save(struct db *db, const struct store_source *source)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, "UPDATE source SET full_s = ?2, delta_s = ?3,"
	    " try_s = ?4, outcome = ?5, failures = ?6, text = ?7, cursor = ?8,"
	    " (" STORE_FRESH_SQL ") = (?9, ?10, ?11, ?12) WHERE id = ?1", &st);
	if (r < 0)
		return r;
	db_bind_int(st, 1, source->id);
	db_bind_int(st, 2, source->full_s);
	db_bind_int(st, 3, source->delta_s);
	db_bind_int(st, 4, source->try_s);
	db_bind_int(st, 5, source->outcome);
	db_bind_int(st, 6, source->failures);
	db_bind_text(st, 7, source->text);
	if (source->cursor_len > 0)
		db_bind_blob(st, 8,
		    aia_span_of(source->cursor, source->cursor_len));
	db_bind_int(st, 9, source->fresh.age_ms);
	db_bind_text(st, 10, source->fresh.at.id);
	db_bind_int(st, 11, source->fresh.at.ms);
	db_bind_int(st, 12, source->fresh.at_s);
	r = db_run(st);
	db_stmt_free(st);
	return r;
}

int
store_meta_get(struct db *db, const char *key, int64_t *ret)
{
	struct db_stmt *st = NULL;
	int64_t v = 0;
	int r;

	r = db_prepare(db, "SELECT value FROM meta WHERE key = ?1", &st);
	if (r < 0)
		return r;
	db_bind_text(st, 1, key);
	r = db_step(st);
	if (r > 0) {
		v = db_col_int(st, 0, 0, INT64_MAX);
		r = db_row_end(st);
	}
	if (r == 0)
		*ret = v;
	db_stmt_free(st);
	return r;
}

int
store_meta_set(struct db *db, const char *key, int64_t value)
{
	struct db_stmt *st = NULL;
	int r;

	r = db_prepare(db, "INSERT INTO meta VALUES (?1, ?2)"
	    " ON CONFLICT (key) DO UPDATE SET value = ?2", &st);
	if (r < 0)
		return r;
	db_bind_text(st, 1, key);
	db_bind_int(st, 2, value);
	r = db_run(st);
	db_stmt_free(st);
	return r;
}

#define DATE_MOVED_S 5	/* a Date is of whole seconds, and some old */
#define DATE_MAX_S (INT64_C(1) << 40)	/* so that differences do not wrap */
#define DATE_KEY_MAX (sizeof("server_date_at.") + AIA_NAME_LEN_MAX)

static const char *
date_key(char room[DATE_KEY_MAX], const char *what,
    const struct aia_name *source)
{
	(void)snprintf(room, DATE_KEY_MAX, "%s.%s", what, source->s);
	return room;
}

int
store_date(struct db *db, const struct aia_name *source, int64_t server_s,
    int64_t our_s)
{
	int64_t was_s = 0, at_s = 0, moved_s;
	char key[DATE_KEY_MAX];
	int r;

	if (server_s < 0 || server_s > DATE_MAX_S ||
	    our_s < 0 || our_s > DATE_MAX_S)
		return 0;
	r = store_date_get(db, source, &was_s, &at_s);
	if (r < 0)
		return r;
	/* Not a write for each listing of clocks that run as they did. */
	moved_s = (server_s - our_s) - (was_s - at_s);
	if (at_s != 0 && moved_s > -DATE_MOVED_S && moved_s < DATE_MOVED_S)
		return 0;
	r = store_meta_set(db, date_key(key, "server_date", source), server_s);
	return r < 0 ? r : store_meta_set(db, date_key(key, "server_date_at",
	    source), our_s);
}

int
store_date_get(struct db *db, const struct aia_name *source,
    int64_t *ret_server_s, int64_t *ret_our_s)
{
	char key[DATE_KEY_MAX];
	int r;

	r = store_meta_get(db, date_key(key, "server_date", source),
	    ret_server_s);
	return r < 0 ? r : store_meta_get(db, date_key(key, "server_date_at",
	    source), ret_our_s);
}

int
store_count(struct db *db, const char *sql, int64_t source, int64_t *ret)
{
	struct db_stmt *st = NULL;
	int64_t v;
	int r;

	r = db_prepare(db, sql, &st);
	if (r < 0)
		return r;
	if (source != 0)
		db_bind_int(st, 1, source);
	r = db_step(st);
	if (r == 0)
		r = AIA_EDAMAGED;
	if (r < 0)
		goto out;
	v = db_col_int(st, 0, 0, INT64_MAX);
	r = db_row_end(st);
	if (r == 0)
		*ret = v;
out:
	db_stmt_free(st);
	return r;
}
