/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.h - directory.db: its schema, and the sources in it.
 *
 * Three layers, each made of the one before:
 *
 *   source, object, raw, member	what the identity providers said last
 *   owner, change			which identity has which id, for ever
 *   user, grp, role, role_gid, refused
 *					what the rules made of it
 *   growth				how many have a mapped role
 *
 * Identities are interned: everything refers to object.id, and object holds
 * (source, object id).  The keeper alone writes; workers read the last layer
 * through directory.c.
 */
#ifndef AIA_KEEPER_STORE_H
#define AIA_KEEPER_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/db.h"
#include "base/fresh.h"
#include "base/netcall.h"
#include "base/paths.h"
#include "common/err.h"

#define STORE_FILE "directory.db"
#define STORE_APPLICATION 0x61696164u	/* "aiad" */
#define STORE_VERSION 5u

enum store_kind { STORE_USER = 1, STORE_GROUP = 2 };	/* raw.kind */

/* How the last try of a source ended; the first ones are netd's. */
enum store_outcome {
	STORE_NEVER = 0,
	STORE_OK = NETCALL_OK,
	/* 2..7: enum netcall_outcome */
	STORE_OFFLINE = 16,	/* aiauth-netd could not be asked */
	STORE_STREAM,		/* it broke the record stream */
	STORE_LIMIT,		/* more than objects_max, or its bytes */
	STORE_FAILED,		/* our side: disk, memory, database */
};
const char *store_outcome_str(enum store_outcome outcome);

/* Open as the only writer, make or migrate the schema. */
AIA_MUST_USE int store_open(const struct paths *paths, struct db **ret);

/* Compile n statements; on error none is left. */
AIA_MUST_USE int store_prepare(struct db *db, const char *const *sql, size_t n,
    struct db_stmt **ret);
void store_release(struct db_stmt **st, size_t n);

/*
 * Make the source rows those of the configuration, in its order.  What a
 * source no longer configured said is forgotten, but never which ids its
 * objects were given; one that points elsewhere now, or is read in another way,
 * starts without a cursor, as if it had never been asked.
 */
AIA_MUST_USE int store_sources(struct db *db, const struct conf *conf);

struct store_source {
	int64_t	id;
	int64_t	full_s, delta_s, try_s;	/* Unix time; 0: never */
	struct fresh fresh;	/* as what it said last */
	enum store_outcome outcome;
	uint32_t failures;		/* in a row */
	char	text[NETCALL_TEXT_MAX + 1];	/* cause of the outcome */
	uint8_t	cursor[NETCALL_CURSOR_MAX];
	size_t	cursor_len;		/* 0: none */
};
/* 0, AIA_ENOUSER or a database error. */
AIA_MUST_USE int store_source_load(struct db *db, const struct aia_name *name,
    struct store_source *ret);
/* Everything but the id is written. */
AIA_MUST_USE int store_source_save(struct db *db,
    const struct store_source *source);

/* Four columns of a source, as STORE_FRESH_SQL names them, from 'at' on. */
#define STORE_FRESH_SQL "age_ms, age_boot, age_boot_ms, age_s"
void store_fresh_read(struct db_stmt *st, int at, struct fresh *ret);

/* Numbers of ours that must only grow: "generation" and the like. */
AIA_MUST_USE int store_meta_get(struct db *db, const char *key, int64_t *ret);
AIA_MUST_USE int store_meta_set(struct db *db, const char *key, int64_t value);

/* What a source's server said the time was, and when: 0 both if it never did.
 * Database errors, as with those above. */
AIA_MUST_USE int store_date(struct db *db, const struct aia_name *source,
    int64_t server_s, int64_t our_s);
AIA_MUST_USE int store_date_get(struct db *db, const struct aia_name *source,
    int64_t *ret_server_s, int64_t *ret_our_s);

/*
 * The one number that "SELECT count(*) ..." gives; source is its ?1, 0: it has
 * none.
 */
AIA_MUST_USE int store_count(struct db *db, const char *sql, int64_t source,
    int64_t *ret);

#endif
