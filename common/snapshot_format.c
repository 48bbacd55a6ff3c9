/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot_format.c - what reader and writer of a snapshot both compute.
 */
#include "config.h"

#include "common/snapshot_format.h"

void
aia_snap_lay_out(const struct aia_snap_counts *counts,
    struct aia_snap_layout *ret)
{
	const struct { uint64_t n; uint32_t len; } sizes[] = {
		[AIA_SNAP_USERS] = { counts->users, AIA_SNAP_USER_LEN },
		[AIA_SNAP_GROUPS] = { counts->groups, AIA_SNAP_GROUP_LEN },
		[AIA_SNAP_USER_NAME_STARTS] = { counts->users + 1ull, 4 },
		[AIA_SNAP_USER_NAME_ROWS] = { counts->users, 4 },
		[AIA_SNAP_USER_UID_STARTS] = { counts->users + 1ull, 4 },
		[AIA_SNAP_USER_UID_ROWS] = { counts->users, 4 },
		[AIA_SNAP_GROUP_NAME_STARTS] = { counts->groups + 1ull, 4 },
		[AIA_SNAP_GROUP_NAME_ROWS] = { counts->groups, 4 },
		[AIA_SNAP_GROUP_GID_STARTS] = { counts->groups + 1ull, 4 },
		[AIA_SNAP_GROUP_GID_ROWS] = { counts->groups, 4 },
		[AIA_SNAP_MEMBERS] = { counts->members, 4 },
		[AIA_SNAP_GIDS] = { counts->gids, 4 },
		[AIA_SNAP_HEAP] = { counts->heap, 1 },
	};
	uint64_t at = AIA_SNAP_HEADER_LEN;

	for (size_t i = 0; i < AIA_SNAP_N_TABLES; i++) {
		ret->table[i].at = at;
		ret->table[i].n_rows = (uint32_t)sizes[i].n;
		ret->table[i].row_len = sizes[i].len;
		at += sizes[i].n * sizes[i].len;
	}
	ret->file_len = at;
}

static uint32_t
bucket(uint64_t hash, uint32_t n)
{
	return (uint32_t)((hash >> 32) * n >> 32);
}

uint32_t
aia_snap_name_bucket(const uint8_t key[AIA_SIPHASH_KEY_LEN], const char *name,
    size_t len, uint32_t n)
{
	return bucket(aia_siphash(key, name, len), n);
}

uint32_t
aia_snap_id_bucket(const uint8_t key[AIA_SIPHASH_KEY_LEN], uint32_t id,
    uint32_t n)
{
	uint8_t b[4];

	aia_snap_put32(b, id);
	return bucket(aia_siphash(key, b, sizeof(b)), n);
}

uint64_t
aia_snap_header_sum(const uint8_t header[AIA_SNAP_HEADER_LEN])
{
	return aia_siphash(header + AIA_SNAP_AT_KEY,
	    header + AIA_SNAP_AT_BODY_SUM,
	    AIA_SNAP_HEADER_LEN - AIA_SNAP_AT_BODY_SUM);
}

uint64_t
aia_snap_body_sum(const uint8_t key[AIA_SIPHASH_KEY_LEN], const void *body,
    size_t len)
{
	return aia_siphash(key, body, len);
}

uint32_t
aia_snap_get16(const uint8_t *p)
{
	return (uint32_t)(p[0] | p[1] << 8);
}

uint32_t
aia_snap_get32(const uint8_t *p)
{
	return aia_snap_get16(p) | aia_snap_get16(p + 2) << 16;
}

uint64_t
aia_snap_get64(const uint8_t *p)
{
	return aia_snap_get32(p) | (uint64_t)aia_snap_get32(p + 4) << 32;
}

void
aia_snap_put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

void
aia_snap_put32(uint8_t *p, uint32_t v)
{
	aia_snap_put16(p, v);
	aia_snap_put16(p + 2, v >> 16);
}

void
aia_snap_put64(uint8_t *p, uint64_t v)
{
	aia_snap_put32(p, (uint32_t)v);
	aia_snap_put32(p + 4, (uint32_t)(v >> 32));
}
