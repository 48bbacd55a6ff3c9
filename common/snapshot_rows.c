/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot_rows.c - bytes of a snapshot, whether it is mapped or read through
 * a descriptor.  Knows where the file ends; nobody else touches its memory.
 */
#include "config.h"

#include "common/snapshot_rows.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int
read_fd(int fd, uint64_t at, uint8_t *out, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = pread(fd, out, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return AIA_EDAMAGED;
		at += (uint64_t)n;
		out += n;
		len -= (size_t)n;
	}
	return 0;
}

/* From a place in the file that is known to lie in it. */
static int
bytes_get(const struct aia_snapshot *snap, uint64_t at, void *out, size_t len)
{
	if (snap->map == NULL)
		return read_fd(snap->fd, at, out, len);
	memcpy(out, snap->map + at, len);
	return 0;
}

int
aia_snap_rows(const struct aia_snapshot *snap, enum aia_snap_table table,
    uint32_t row, uint32_t n, void *out)
{
	uint32_t n_rows = snap->layout.table[table].n_rows;
	uint64_t row_len = snap->layout.table[table].row_len;
	uint64_t at = snap->layout.table[table].at + row * row_len;

	/* The header's check has put every table inside the file. */
	if (row > n_rows || n > n_rows - row)
		return AIA_EDAMAGED;
	return bytes_get(snap, at, out, (size_t)(n * row_len));
}

int
aia_snapshot_verify(const struct aia_snapshot *snap)
{
	struct aia_siphash sum;
	uint8_t piece[4096];
	uint64_t at = AIA_SNAP_HEADER_LEN;
	size_t n;
	int r;

	aia_siphash_init(&sum, snap->key);
	while (at < snap->len) {
		n = snap->len - at < sizeof(piece) ?
		    (size_t)(snap->len - at) : sizeof(piece);
		r = bytes_get(snap, at, piece, n);
		if (r < 0)
			return r;
		aia_siphash_add(&sum, piece, n);
		at += n;
	}
	return aia_siphash_end(&sum) == snap->body_sum ? 0 : AIA_EDAMAGED;
}
