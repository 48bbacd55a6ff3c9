/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_layout.c - from what was collected to the bytes of a snapshot.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile_lists.h"

/* Keys tried until no bucket is too long.  With a random one the first does;
 * to fail this many, names must be aimed at that many keys at once. */
#define KEYS_MAX 16

/* Of the file being made. */
struct file {
	struct aia_snap_layout lay;
	uint8_t		*p;
};

static uint8_t *
table(const struct file *f, enum aia_snap_table t)
{
	return f->p + f->lay.table[t].at;
}

static const struct hash_index {
	enum aia_snap_table starts;	/* the rows are the next table */
	enum aia_snap_table of;
	bool		by_name;
} hash_indexes[] = {
	{ AIA_SNAP_USER_NAME_STARTS, AIA_SNAP_USERS, true },
	{ AIA_SNAP_USER_UID_STARTS, AIA_SNAP_USERS, false },
	{ AIA_SNAP_GROUP_NAME_STARTS, AIA_SNAP_GROUPS, true },
	{ AIA_SNAP_GROUP_GID_STARTS, AIA_SNAP_GROUPS, false },
};

static const uint8_t *
row_of(const struct file *f, const struct hash_index *ix, uint32_t i)
{
	return table(f, ix->of) + (size_t)i * f->lay.table[ix->of].row_len;
}

static const char *
name_of(const struct file *f, const uint8_t *row, size_t *ret_len)
{
	*ret_len = aia_snap_get16(row + AIA_SNAP_ROW_NAME_LEN);
	return (const char *)table(f, AIA_SNAP_HEAP) +
	    aia_snap_get32(row + AIA_SNAP_ROW_NAME);
}

static uint32_t
bucket_of(const struct file *f, const struct hash_index *ix, uint32_t i)
{
	const uint8_t *key = f->p + AIA_SNAP_AT_KEY, *row = row_of(f, ix, i);
	uint32_t n = f->lay.table[ix->of].n_rows;
	const char *name;
	size_t len;

	if (!ix->by_name)
		return aia_snap_id_bucket(key,
		    aia_snap_get32(row + AIA_SNAP_ROW_ID), n);
	name = name_of(f, row, &len);
	return aia_snap_name_bucket(key, name, len, n);
}

static bool
same(const struct file *f, const struct hash_index *ix, uint32_t a, uint32_t b)
{
	const uint8_t *row_a = row_of(f, ix, a), *row_b = row_of(f, ix, b);
	const char *name_a, *name_b;
	size_t len_a, len_b;

	if (!ix->by_name)
		return aia_snap_get32(row_a + AIA_SNAP_ROW_ID) ==
		    aia_snap_get32(row_b + AIA_SNAP_ROW_ID);
	name_a = name_of(f, row_a, &len_a);
	name_b = name_of(f, row_b, &len_b);
	return len_a == len_b && memcmp(name_a, name_b, len_a) == 0;
}

/* Two that are the same lie in one bucket. */
static bool
has_twice(const struct file *f, const struct hash_index *ix,
    const uint8_t *starts, const uint8_t *rows, uint32_t n)
{
	for (uint32_t b = 0; b < n; b++) {
		uint32_t first = aia_snap_get32(starts + 4 * (size_t)b);
		uint32_t end = aia_snap_get32(starts + 4 * (size_t)b + 4);

		for (uint32_t i = first; i < end; i++)
			for (uint32_t k = i + 1; k < end; k++)
				if (same(f, ix,
				    aia_snap_get32(rows + 4 * (size_t)i),
				    aia_snap_get32(rows + 4 * (size_t)k)))
					return true;
	}
	return false;
}

/* 0, -ENOMEM, -EEXIST or -EAGAIN: a bucket is too long under this key. */
static int
index_write(const struct file *f, const struct hash_index *ix)
{
	uint8_t *starts = table(f, ix->starts);
	uint8_t *rows = table(f, ix->starts + 1);
	uint32_t n = f->lay.table[ix->of].n_rows;
	uint32_t *next;			/* of a bucket, shifted by one */
	int r = 0;

	next = calloc((size_t)n + 1, sizeof(*next));
	if (next == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < n; i++)
		if (++next[bucket_of(f, ix, i) + 1] > AIA_SNAP_BUCKET_MAX)
			r = -EAGAIN;
	for (uint32_t b = 0; b <= n; b++) {
		if (b > 0)
			next[b] += next[b - 1];
		aia_snap_put32(starts + 4 * (size_t)b, next[b]);
	}
	for (uint32_t i = 0; i < n; i++)
		aia_snap_put32(rows + 4 * (size_t)next[bucket_of(f, ix, i)]++,
		    i);
	free(next);
	if (r == 0 && has_twice(f, ix, starts, rows, n))
		r = -EEXIST;
	return r;
}

static int
indexes_write(const struct file *f, uint8_t first_of_key)
{
	int r = -EAGAIN;

	for (unsigned tried = 0; r == -EAGAIN && tried < KEYS_MAX; tried++) {
		f->p[AIA_SNAP_AT_KEY] = (uint8_t)(first_of_key + tried);
		r = 0;
		for (size_t i = 0; r == 0 && i < ARRAY_LEN(hash_indexes); i++)
			r = index_write(f, &hash_indexes[i]);
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

/* Copied, it goes: both at once would be the most memory we ever need. */
static void
table_move(const struct file *f, enum aia_snap_table t, void *from)
{
	size_t len = (size_t)f->lay.table[t].n_rows * f->lay.table[t].row_len;

	if (len > 0)
		memcpy(table(f, t), from, len);
	free(from);
}

static void
tables_move(const struct file *f, struct snapfile *sf)
{
	table_move(f, AIA_SNAP_USERS, sf->users);
	table_move(f, AIA_SNAP_GROUPS, sf->groups);
	table_move(f, AIA_SNAP_HEAP, sf->heap);
	sf->users = sf->groups = NULL;
	sf->heap = NULL;
}

static void
members_write(const struct file *f, const struct snapfile *sf)
{
	uint8_t *out = table(f, AIA_SNAP_MEMBERS);

	for (size_t i = 0; i < sf->members.n; i++)
		aia_snap_put32(out + 4 * i, sf->members.v[i]);
}

static int
file_new(const struct snapfile *sf, const struct aia_snap_counts *counts,
    struct file *ret)
{
	aia_snap_lay_out(counts, &ret->lay);
	if (ret->lay.file_len > SIZE_MAX)
		return -EFBIG;
	ret->p = calloc(1, (size_t)ret->lay.file_len);
	if (ret->p == NULL)
		return -ENOMEM;
	memcpy(ret->p + AIA_SNAP_AT_KEY, sf->head.key, sizeof(sf->head.key));
	header_write(sf, counts, &ret->lay, ret->p);
	return 0;
}

int
snapfile_finish(struct snapfile *sf, uint8_t **ret, size_t *ret_len)
{
	struct aia_snap_counts counts = { 0 };
	struct snapfile_lists *lists = NULL;
	struct file f = { 0 };
	int r;

	r = snapfile_lists_new(sf, &lists, &counts.gids);
	if (r < 0)
		goto out;
	counts.users = (uint32_t)sf->n_users;
	counts.groups = (uint32_t)sf->n_groups;
	counts.members = (uint32_t)sf->members.n;
	counts.heap = (uint32_t)sf->heap_len;
	r = file_new(sf, &counts, &f);
	if (r < 0)
		goto out;
	tables_move(&f, sf);
	members_write(&f, sf);
	snapfile_lists_write(lists, table(&f, AIA_SNAP_USERS),
	    table(&f, AIA_SNAP_GIDS));
	r = indexes_write(&f, sf->head.key[0]);
	if (r < 0)
		goto out;
	sums_write(&f.lay, f.p);
	*ret = f.p;
	*ret_len = (size_t)f.lay.file_len;
	f.p = NULL;
out:
	snapfile_lists_free(lists);
	free(f.p);
	return r;
}
