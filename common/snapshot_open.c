/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot_open.c - from a path or from memory to a snapshot with a checked
 * header.
 *
 * After this the layout is known to fill the file exactly, so that every
 * look-up needs no more than to compare an index with a count.
 */
#include "config.h"

#include "common/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/trust.h"

static int
read_ids(const uint8_t *h, struct aia_snapshot *snap)
{
	uint32_t n_ranges = aia_snap_get32(h + AIA_SNAP_AT_N_RANGES);
	uint32_t n_local = aia_snap_get32(h + AIA_SNAP_AT_N_LOCAL_GIDS);
	const uint8_t *at;

	if (n_ranges > AIA_SNAP_RANGES_MAX || n_local > AIA_SNAP_LOCAL_GIDS_MAX)
		return AIA_EDAMAGED;
	for (size_t i = 0; i < n_ranges; i++) {
		at = h + AIA_SNAP_AT_RANGES + 8 * i;
		snap->ranges[i].first = aia_snap_get32(at);
		snap->ranges[i].last = aia_snap_get32(at + 4);
	}
	for (size_t i = 0; i < n_local; i++) {
		at = h + AIA_SNAP_AT_LOCAL_GIDS + 4 * i;
		snap->local_gids[i] = aia_snap_get32(at);
		/* root's group, and numbers that some take for -1 */
		if (snap->local_gids[i] == 0 ||
		    snap->local_gids[i] > INT32_MAX)
			return AIA_EDAMAGED;
	}
	snap->n_ranges = n_ranges;
	snap->n_local_gids = n_local;
	return 0;
}

static int
read_header(const uint8_t h[AIA_SNAP_HEADER_LEN], struct aia_snapshot *snap)
{
	uint32_t flags = aia_snap_get32(h + AIA_SNAP_AT_FLAGS);
	struct aia_snap_counts counts = {
		.users = aia_snap_get32(h + AIA_SNAP_AT_N_USERS),
		.groups = aia_snap_get32(h + AIA_SNAP_AT_N_GROUPS),
		.members = aia_snap_get32(h + AIA_SNAP_AT_N_MEMBERS),
		.gids = aia_snap_get32(h + AIA_SNAP_AT_N_GIDS),
		.heap = aia_snap_get32(h + AIA_SNAP_AT_HEAP_LEN),
	};

	if (memcmp(h, AIA_SNAP_MAGIC, strlen(AIA_SNAP_MAGIC)) != 0)
		return AIA_EDAMAGED;
	if (aia_snap_get64(h + AIA_SNAP_AT_HEADER_SUM) !=
	    aia_snap_header_sum(h))
		return AIA_EDAMAGED;
	/* n + 1 must fit the 32 bits that a table's count has */
	if ((flags & ~AIA_SNAP_FLAGS) != 0 || counts.users == UINT32_MAX ||
	    counts.groups == UINT32_MAX)
		return AIA_EDAMAGED;
	aia_snap_lay_out(&counts, &snap->layout);
	if (snap->layout.file_len != snap->len ||
	    aia_snap_get64(h + AIA_SNAP_AT_FILE_LEN) != snap->len)
		return AIA_EDAMAGED;
	snap->info = (struct aia_snapshot_info){
		.generation = aia_snap_get64(h + AIA_SNAP_AT_GENERATION),
		.published_s =
		    (int64_t)aia_snap_get64(h + AIA_SNAP_AT_PUBLISHED),
		.n_users = counts.users,
		.n_groups = counts.groups,
		.enumerate = (flags & AIA_SNAP_FLAG_ENUMERATE) != 0,
	};
	snap->body_sum = aia_snap_get64(h + AIA_SNAP_AT_BODY_SUM);
	memcpy(snap->key, h + AIA_SNAP_AT_KEY, sizeof(snap->key));
	return read_ids(h, snap);
}

/* Map the file, or keep the descriptor and read from it. */
static int
open_fd(int fd, struct aia_snapshot *snap)
{
	uint8_t header[AIA_SNAP_HEADER_LEN];
	ssize_t n;
	void *p;
	int r;

	n = pread(fd, header, sizeof(header), 0);
	if (n < 0)
		return -errno;
	if ((size_t)n != sizeof(header))
		return AIA_EDAMAGED;
	r = read_header(header, snap);
	if (r < 0)
		return r;
	if (snap->len > SIZE_MAX)
		return -EFBIG;
	p = mmap(NULL, (size_t)snap->len, PROT_READ, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		snap->fd = fd;
		return 0;
	}
	snap->map = p;
	snap->mapped = true;
	close(fd);
	return 0;
}

int
aia_snapshot_open(const char *path, uid_t owner, struct aia_snapshot *ret)
{
	struct aia_snapshot snap = { .fd = -1 };
	struct stat st;
	int fd = -1, r;

	r = aia_trust_open(path, owner, &fd, &st);
	if (r < 0)
		return r;
	snap.dev = st.st_dev;
	snap.ino = st.st_ino;
	snap.len = (uint64_t)st.st_size;
	r = open_fd(fd, &snap);
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret = snap;
	return 0;
}

int
aia_snapshot_open_mem(const void *p, size_t len, struct aia_snapshot *ret)
{
	struct aia_snapshot snap = { .fd = -1, .map = p, .len = len };
	int r;

	if (len < AIA_SNAP_HEADER_LEN)
		return AIA_EDAMAGED;
	r = read_header(p, &snap);
	if (r < 0)
		return r;
	*ret = snap;
	return 0;
}

void
aia_snapshot_close(struct aia_snapshot *snap)
{
	if (snap->mapped)
		munmap((void *)(uintptr_t)snap->map, (size_t)snap->len);
	else if (snap->map == NULL && snap->len != 0)
		close(snap->fd);
	*snap = (struct aia_snapshot){ .fd = -1 };
}

bool
aia_snapshot_is_mapped(const struct aia_snapshot *snap)
{
	return snap->mapped;
}

bool
aia_snapshot_is_at(const struct aia_snapshot *snap, const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == snap->dev &&
	    st.st_ino == snap->ino;
}
