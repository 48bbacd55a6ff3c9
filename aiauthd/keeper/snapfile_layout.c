/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_layout.c - from what was collected to the bytes of a snapshot.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile_rows.h"

/* Keys tried until no bucket is too long.  With a random one the first does;
 * to fail this many, names must be aimed at that many keys at once. */
#define KEYS_MAX 16

static int
pair_cmp(const void *va, const void *vb)
{
	const struct snapfile_pair *a = va, *b = vb;

	if (a->of != b->of)
		return a->of < b->of ? -1 : 1;
	return a->is < b->is ? -1 : a->is > b->is;
}

/* Sorted, and each once. */
static void
pairs_settle(struct snapfile_pairs *pairs)
{
	size_t n = 0;

	if (pairs->n == 0)
		return;
	qsort(pairs->p, pairs->n, sizeof(*pairs->p), pair_cmp);
	for (size_t i = 1; i < pairs->n; i++)
		if (pair_cmp(&pairs->p[i], &pairs->p[n]) != 0)
			pairs->p[++n] = pairs->p[i];
	pairs->n = n + 1;
}

/* How many pairs, beginning with number first, belong to 'of'. */
static uint32_t
pairs_of(const struct snapfile_pairs *pairs, size_t first, uint32_t of)
{
	size_t i = first;

	while (i < pairs->n && pairs->p[i].of == of)
		i++;
	return (uint32_t)(i - first);
}

static void
pairs_write(const struct snapfile_pairs *pairs, uint8_t *out)
{
	for (size_t i = 0; i < pairs->n; i++)
		aia_snap_put32(out + 4 * i, pairs->p[i].is);
}

static int
users_write(const struct snapfile *sf, uint8_t *out)
{
	uint32_t first = 0, n;

	for (uint32_t i = 0; i < sf->n_users; i++, out += AIA_SNAP_USER_LEN) {
		const struct snapfile_user *u = &sf->users[i];

		n = pairs_of(&sf->gids, first, i);
		if (n > AIA_SNAP_USER_GROUPS_MAX)
			return -E2BIG;
		aia_snap_put32(out + AIA_SNAP_ROW_ID, u->uid);
		aia_snap_put32(out + AIA_SNAP_ROW_NAME, u->name_at.at);
		aia_snap_put16(out + AIA_SNAP_ROW_NAME_LEN, u->name_at.len);
		aia_snap_put16(out + AIA_SNAP_USER_GECOS_LEN, u->gecos.len);
		aia_snap_put16(out + AIA_SNAP_USER_HOME_LEN, u->home.len);
		aia_snap_put16(out + AIA_SNAP_USER_SHELL_LEN, u->shell.len);
		aia_snap_put32(out + AIA_SNAP_USER_GID, u->gid);
		aia_snap_put32(out + AIA_SNAP_USER_GECOS, u->gecos.at);
		aia_snap_put32(out + AIA_SNAP_USER_HOME, u->home.at);
		aia_snap_put32(out + AIA_SNAP_USER_SHELL, u->shell.at);
		aia_snap_put32(out + AIA_SNAP_USER_GIDS, first);
		aia_snap_put32(out + AIA_SNAP_USER_N_GIDS, n);
		first += n;
	}
	return 0;
}

static void
groups_write(const struct snapfile *sf, uint8_t *out)
{
	uint32_t first = 0, n;

	for (uint32_t i = 0; i < sf->n_groups; i++, out += AIA_SNAP_GROUP_LEN) {
		const struct snapfile_group *g = &sf->groups[i];

		n = pairs_of(&sf->members, first, i);
		aia_snap_put32(out + AIA_SNAP_ROW_ID, g->gid);
		aia_snap_put32(out + AIA_SNAP_ROW_NAME, g->name_at.at);
		aia_snap_put16(out + AIA_SNAP_ROW_NAME_LEN, g->name_at.len);
		aia_snap_put16(out + AIA_SNAP_GROUP_ZERO, 0);
		aia_snap_put32(out + AIA_SNAP_GROUP_MEMBERS, first);
		aia_snap_put32(out + AIA_SNAP_GROUP_N_MEMBERS, n);
		first += n;
	}
}

static uint32_t
user_name_bucket(const struct snapfile *sf, const uint8_t *key, uint32_t i)
{
	const struct aia_name *name = &sf->users[i].name;

	return aia_snap_name_bucket(key, name->s, strlen(name->s),
	    (uint32_t)sf->n_users);
}

static uint32_t
uid_bucket(const struct snapfile *sf, const uint8_t *key, uint32_t i)
{
	return aia_snap_id_bucket(key, sf->users[i].uid,
	    (uint32_t)sf->n_users);
}

static uint32_t
group_name_bucket(const struct snapfile *sf, const uint8_t *key, uint32_t i)
{
	const struct aia_name *name = &sf->groups[i].name;

	return aia_snap_name_bucket(key, name->s, strlen(name->s),
	    (uint32_t)sf->n_groups);
}

static uint32_t
gid_bucket(const struct snapfile *sf, const uint8_t *key, uint32_t i)
{
	return aia_snap_id_bucket(key, sf->groups[i].gid,
	    (uint32_t)sf->n_groups);
}

static const struct hash_index {
	enum aia_snap_table starts;	/* the rows are the next table */
	uint32_t	(*bucket)(const struct snapfile *sf,
			    const uint8_t *key, uint32_t i);
} hash_indexes[] = {
	{ AIA_SNAP_USER_NAME_STARTS, user_name_bucket },
	{ AIA_SNAP_USER_UID_STARTS, uid_bucket },
	{ AIA_SNAP_GROUP_NAME_STARTS, group_name_bucket },
	{ AIA_SNAP_GROUP_GID_STARTS, gid_bucket },
};

/* 0, -ENOMEM or -EAGAIN: a bucket is too long under this key. */
static int
index_write(const struct snapfile *sf, const uint8_t *key,
    const struct hash_index *ix, const struct aia_snap_layout *lay,
    uint8_t *file)
{
	uint8_t *starts = file + lay->table[ix->starts].at;
	uint8_t *rows = file + lay->table[ix->starts + 1].at;
	uint32_t n = lay->table[ix->starts + 1].n_rows;
	uint32_t *next;			/* of a bucket, shifted by one */
	int r = 0;

	next = calloc((size_t)n + 1, sizeof(*next));
	if (next == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		if (++next[ix->bucket(sf, key, i) + 1] > AIA_SNAP_BUCKET_MAX)
			r = -EAGAIN;
	for (uint32_t b = 0; b <= n; b++) {
		if (b > 0)
			next[b] += next[b - 1];
		aia_snap_put32(starts + 4 * (size_t)b, next[b]);
	}
	for (uint32_t i = 0; i < n; i++)
		aia_snap_put32(rows +
		    4 * (size_t)next[ix->bucket(sf, key, i)]++, i);
	free(next);
	return r;
}

static int
indexes_write(const struct snapfile *sf, const struct aia_snap_layout *lay,
    uint8_t *file, uint8_t key[AIA_SIPHASH_KEY_LEN])
{
	int r = -EAGAIN;

	for (unsigned tried = 0; r == -EAGAIN && tried < KEYS_MAX; tried++) {
		key[0] = (uint8_t)(sf->head.key[0] + tried);
		r = 0;
		for (size_t i = 0; r == 0 && i < ARRAY_LEN(hash_indexes); i++)
			r = index_write(sf, key, &hash_indexes[i], lay, file);
	}
	return r == -EAGAIN ? AIA_EDAMAGED : r;
}

static void
header_write(const struct snapfile *sf, const struct aia_snap_counts *counts,
    const struct aia_snap_layout *lay, uint8_t *file)
{
	const struct snapfile_head *head = &sf->head;
	uint8_t *at;

	memcpy(file, AIA_SNAP_MAGIC, strlen(AIA_SNAP_MAGIC));
	aia_snap_put64(file + AIA_SNAP_AT_FILE_LEN, lay->file_len);
	aia_snap_put64(file + AIA_SNAP_AT_GENERATION, head->generation);
	aia_snap_put64(file + AIA_SNAP_AT_PUBLISHED,
	    (uint64_t)head->published_s);
	aia_snap_put32(file + AIA_SNAP_AT_FLAGS,
	    head->enumerate ? AIA_SNAP_FLAG_ENUMERATE : 0);
	aia_snap_put32(file + AIA_SNAP_AT_N_USERS, counts->users);
	aia_snap_put32(file + AIA_SNAP_AT_N_GROUPS, counts->groups);
	aia_snap_put32(file + AIA_SNAP_AT_N_MEMBERS, counts->members);
	aia_snap_put32(file + AIA_SNAP_AT_N_GIDS, counts->gids);
	aia_snap_put32(file + AIA_SNAP_AT_HEAP_LEN, counts->heap);
	aia_snap_put32(file + AIA_SNAP_AT_N_RANGES, (uint32_t)head->n_ranges);
	aia_snap_put32(file + AIA_SNAP_AT_N_LOCAL_GIDS,
	    (uint32_t)head->n_local_gids);
	for (size_t i = 0; i < head->n_ranges; i++) {
		at = file + AIA_SNAP_AT_RANGES + 8 * i;
		aia_snap_put32(at, head->ranges[i].first);
		aia_snap_put32(at + 4, head->ranges[i].last);
	}
	for (size_t i = 0; i < head->n_local_gids; i++)
		aia_snap_put32(file + AIA_SNAP_AT_LOCAL_GIDS + 4 * i,
		    head->local_gids[i]);
}

static void
sums_write(const struct aia_snap_layout *lay, uint8_t *file)
{
	aia_snap_put64(file + AIA_SNAP_AT_BODY_SUM,
	    aia_snap_body_sum(file + AIA_SNAP_AT_KEY,
	    file + AIA_SNAP_HEADER_LEN,
	    (size_t)lay->file_len - AIA_SNAP_HEADER_LEN));
	aia_snap_put64(file + AIA_SNAP_AT_HEADER_SUM,
	    aia_snap_header_sum(file));
}

int
snapfile_finish(struct snapfile *sf, uint8_t **ret, size_t *ret_len)
{
	struct aia_snap_counts counts;
	struct aia_snap_layout lay;
	uint8_t *file;
	int r;

	pairs_settle(&sf->members);
	pairs_settle(&sf->gids);
	counts = (struct aia_snap_counts){ .users = (uint32_t)sf->n_users,
	    .groups = (uint32_t)sf->n_groups,
	    .members = (uint32_t)sf->members.n, .gids = (uint32_t)sf->gids.n,
	    .heap = (uint32_t)sf->heap_len };
	aia_snap_lay_out(&counts, &lay);
	if (lay.file_len > SIZE_MAX)
		return -EFBIG;
	file = calloc(1, (size_t)lay.file_len);
	if (file == NULL)
		return -ENOMEM;
	memcpy(file + AIA_SNAP_AT_KEY, sf->head.key, sizeof(sf->head.key));
	r = users_write(sf, file + lay.table[AIA_SNAP_USERS].at);
	if (r == 0)
		r = indexes_write(sf, &lay, file, file + AIA_SNAP_AT_KEY);
	if (r < 0)
		goto out;
	groups_write(sf, file + lay.table[AIA_SNAP_GROUPS].at);
	pairs_write(&sf->members, file + lay.table[AIA_SNAP_MEMBERS].at);
	pairs_write(&sf->gids, file + lay.table[AIA_SNAP_GIDS].at);
	if (sf->heap_len > 0)
		memcpy(file + lay.table[AIA_SNAP_HEAP].at, sf->heap,
		    sf->heap_len);
	header_write(sf, &counts, &lay, file);
	sums_write(&lay, file);
	*ret = file;
	*ret_len = (size_t)lay.file_len;
	file = NULL;
out:
	free(file);
	return r;
}
