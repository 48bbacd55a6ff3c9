/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keeper_world.h - a small machine for the keeper's tests: a folder with its
 * own /etc, directory.db and snapshots, two sources, and listings that arrive
 * as the packets aiauth-netd would send.
 *
 * Everything that must not fail here ends the process.
 */
#ifndef AIA_TESTS_KEEPER_WORLD_H
#define AIA_TESTS_KEEPER_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthd/keeper/update.h"
#include "common/snapshot.h"

#define WORLD_OWN_ID 210001u	/* one of "our" accounts */

struct world {
	char		root[64];
	struct paths	paths;
	struct conf	conf;	/* sources "corp" and "lab" */
	struct hashid	hashid;	/* off */
	struct update	up;
	struct stage	*listing;
	size_t		source;
	struct aia_packet pkt;
	/* The last snapshot, read. */
	uint8_t		*bytes;
	struct aia_snapshot snap;
};

struct world *world_new(void);
void world_free(struct world *w);
/* Write a file below root/etc, by replacing it. */
void world_etc(struct world *w, const char *file, const char *text);
/* Close directory.db and open it again, as a new keeper would. */
void world_restart(struct world *w);

/* A listing of source 0 or 1: begin, records, end. */
void world_begin(struct world *w, size_t source, uint32_t mode);
/* A full one that merges: netcall.h. */
void world_begin_merging(struct world *w, size_t source);
void world_put(struct world *w, const struct aia_message *m, const void *in);
/* Active, with one line of SSH keys. */
void world_user_keys(struct world *w, const char *id, const char *name,
    uint32_t uid, const char *line);
void world_user(struct world *w, const char *id, const char *name,
    uint32_t uid, bool active);
/* gid 0: none.  members: object ids with spaces between, or NULL. */
void world_group(struct world *w, const char *id, const char *name,
    uint32_t gid, const char *members);
void world_member(struct world *w, bool add, const char *group,
    const char *members);
void world_gone(struct world *w, const char *id);
/* How many objects of the source are held now. */
int64_t world_end(struct world *w, bool complete, bool confirm);
/* It breaks off after the records. */
void world_break(struct world *w);

/* "" if the object is not refused, else the code of the reason. */
const char *world_reason(struct world *w, const char *object_id);
/* Open the mapped snapshot again. */
const struct aia_snapshot *world_snapshot(struct world *w);
/* uid or gid by name; 0: not there. */
uint32_t world_uid(struct world *w, const char *name);
uint32_t world_gid(struct world *w, const char *name);
/* Whether the group, by gid, is among the user's. */
bool world_in_group(struct world *w, const char *user, uint32_t gid);
struct aia_name world_name(const char *s);

#endif
