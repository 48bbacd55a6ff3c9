/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot_format.h - where each byte of a snapshot lies.
 *
 * What the reader (common/snapshot.c) and the writer (aiauthd/keeper/
 * snapfile.c) must agree on, and nothing else.  In words: doc/snapshot.md.
 * Integers are little-endian and lie at any alignment.  A change of any of
 * this raises the number in AIA_SNAPSHOT_FILE and in AIA_SNAP_MAGIC.
 */
#ifndef AIA_COMMON_SNAPSHOT_FORMAT_H
#define AIA_COMMON_SNAPSHOT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "common/siphash.h"

#define AIA_SNAP_MAGIC "aiasnap1"	/* 8 bytes, not terminated */

#define AIA_SNAP_RANGES_MAX 8
#define AIA_SNAP_LOCAL_GIDS_MAX 64
#define AIA_SNAP_TEXT_LEN_MAX 1024	/* bytes of gecos, home or shell */
/* What the kernel takes for one process (NGROUPS_MAX). */
#define AIA_SNAP_USER_GROUPS_MAX 65536
/* Longest bucket: with one bucket an entry 10 is rare among 100,000.  The
 * writer tries another key when one is longer, so that a look-up costs at most
 * this many comparisons whatever somebody named his users. */
#define AIA_SNAP_BUCKET_MAX 32

#define AIA_SNAP_FLAG_ENUMERATE 0x01u
#define AIA_SNAP_FLAGS 0x01u

enum aia_snap_header_at {
	AIA_SNAP_AT_MAGIC = 0,
	AIA_SNAP_AT_HEADER_SUM = 8,	/* u64, of all that follows it here */
	AIA_SNAP_AT_BODY_SUM = 16,	/* u64, of all behind the header */
	AIA_SNAP_AT_FILE_LEN = 24,	/* u64 */
	AIA_SNAP_AT_GENERATION = 32,	/* u64 */
	AIA_SNAP_AT_PUBLISHED = 40,	/* i64, Unix time */
	AIA_SNAP_AT_KEY = 48,		/* of every hash in the file */
	AIA_SNAP_AT_FLAGS = 64,		/* u32 */
	AIA_SNAP_AT_N_USERS = 68,	/* u32 */
	AIA_SNAP_AT_N_GROUPS = 72,	/* u32 */
	AIA_SNAP_AT_N_MEMBERS = 76,	/* u32 */
	AIA_SNAP_AT_N_GIDS = 80,	/* u32 */
	AIA_SNAP_AT_HEAP_LEN = 84,	/* u32 */
	AIA_SNAP_AT_N_RANGES = 88,	/* u32 */
	AIA_SNAP_AT_N_LOCAL_GIDS = 92,	/* u32 */
	AIA_SNAP_AT_RANGES = 96,	/* 8 times u32 first, u32 last */
	AIA_SNAP_AT_LOCAL_GIDS = 160,	/* 64 times u32 */
	AIA_SNAP_HEADER_LEN = 416,
};

/* Rows of users and groups begin alike, so that one search serves both. */
enum aia_snap_row_at {
	AIA_SNAP_ROW_ID = 0,		/* u32, uid or gid */
	AIA_SNAP_ROW_NAME = 4,		/* u32, into the heap */
	AIA_SNAP_ROW_NAME_LEN = 8,	/* u16 */
};

enum aia_snap_user_at {
	AIA_SNAP_USER_GECOS_LEN = 10,	/* u16 */
	AIA_SNAP_USER_HOME_LEN = 12,	/* u16 */
	AIA_SNAP_USER_SHELL_LEN = 14,	/* u16 */
	AIA_SNAP_USER_GID = 16,		/* u32 */
	AIA_SNAP_USER_GECOS = 20,	/* u32, into the heap */
	AIA_SNAP_USER_HOME = 24,	/* u32, into the heap */
	AIA_SNAP_USER_SHELL = 28,	/* u32, into the heap */
	AIA_SNAP_USER_GIDS = 32,	/* u32, number of the first gid */
	AIA_SNAP_USER_N_GIDS = 36,	/* u32 */
	AIA_SNAP_USER_LEN = 40,
};

enum aia_snap_group_at {
	AIA_SNAP_GROUP_ZERO = 10,	/* u16, nothing yet */
	AIA_SNAP_GROUP_MEMBERS = 12,	/* u32, number of the first member */
	AIA_SNAP_GROUP_N_MEMBERS = 16,	/* u32 */
	AIA_SNAP_GROUP_LEN = 20,
};

/*
 * The tables, in the order in which they follow the header, nothing between
 * them and nothing behind: the counts in the header say where each begins.
 *
 * A hash index over n rows is two tables.  _STARTS has n + 1 numbers: bucket b
 * is the entries [starts[b], starts[b + 1]) of _ROWS, which holds each row's
 * number once.
 */
enum aia_snap_table {
	AIA_SNAP_USERS,
	AIA_SNAP_GROUPS,
	AIA_SNAP_USER_NAME_STARTS,
	AIA_SNAP_USER_NAME_ROWS,
	AIA_SNAP_USER_UID_STARTS,
	AIA_SNAP_USER_UID_ROWS,
	AIA_SNAP_GROUP_NAME_STARTS,
	AIA_SNAP_GROUP_NAME_ROWS,
	AIA_SNAP_GROUP_GID_STARTS,
	AIA_SNAP_GROUP_GID_ROWS,
	AIA_SNAP_MEMBERS,		/* u32, numbers of user rows */
	AIA_SNAP_GIDS,			/* u32, each user's groups */
	AIA_SNAP_HEAP,			/* bytes of names and texts */
	AIA_SNAP_N_TABLES,
};

struct aia_snap_counts {
	uint32_t	users, groups, members, gids, heap;
};

struct aia_snap_layout {
	struct {
		uint64_t at;		/* from the start of the file */
		uint32_t n_rows;
		uint32_t row_len;	/* bytes */
	} table[AIA_SNAP_N_TABLES];
	uint64_t	file_len;
};

/* Cannot overflow, whatever the counts. */
void aia_snap_lay_out(const struct aia_snap_counts *counts,
    struct aia_snap_layout *ret);

/* Which of n buckets (n > 0) a name or an id is in. */
uint32_t aia_snap_name_bucket(const uint8_t key[AIA_SIPHASH_KEY_LEN],
    const char *name, size_t len, uint32_t n);
uint32_t aia_snap_id_bucket(const uint8_t key[AIA_SIPHASH_KEY_LEN],
    uint32_t id, uint32_t n);

/* The sums the header holds, under the key the header holds. */
uint64_t aia_snap_header_sum(const uint8_t header[AIA_SNAP_HEADER_LEN]);
uint64_t aia_snap_body_sum(const uint8_t key[AIA_SIPHASH_KEY_LEN],
    const void *body, size_t len);

uint32_t aia_snap_get16(const uint8_t *p);
uint32_t aia_snap_get32(const uint8_t *p);
uint64_t aia_snap_get64(const uint8_t *p);
void aia_snap_put16(uint8_t *p, uint32_t v);
void aia_snap_put32(uint8_t *p, uint32_t v);
void aia_snap_put64(uint8_t *p, uint64_t v);

#endif
