/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_folder.h - the files of the audit log, and the lines in them.
 *
 * A segment is a file whose name is the number of its first record.  Whatever
 * else lies in the folder is not looked at.
 */
#ifndef AIA_VAULT_AUDIT_FOLDER_H
#define AIA_VAULT_AUDIT_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "aiauthd/vault/audit_line.h"
#include "base/paths.h"

/*
 * paths->state/audit, made if missing, and locked: two writers would tear the
 * chain.  Returns 0, AIA_EUNTRUSTED (not a folder, or not ours alone), -EBUSY
 * (another vault has it) or a negated errno.
 */
AIA_MUST_USE int audit_folder_open(const struct paths *paths, int *ret_fd);

struct audit_segment {
	uint64_t	first;		/* number of its first record */
	uint64_t	bytes;
	int64_t		written_s;	/* Unix time of the last write */
};
struct audit_segments {
	struct audit_segment *v;	/* heap, oldest first */
	size_t		      n;
};
AIA_MUST_USE int audit_folder_list(int dir_fd, struct audit_segments *ret);
void audit_segments_clear(struct audit_segments *list);

/* How a segment is opened. */
enum audit_use { AUDIT_READ_ONLY = 1, AUDIT_GO_ON, AUDIT_CREATE };
/* 0, -ENOENT, -EEXIST, AIA_EUNTRUSTED (not a regular file) ... */
AIA_MUST_USE int audit_segment_open(int dir_fd, uint64_t first,
    enum audit_use use, int *ret_fd);
AIA_MUST_USE int audit_segment_remove(int dir_fd, uint64_t first);

/* The lines of one, whatever it holds. */
enum audit_item {
	AUDIT_ITEM_END = 0,
	AUDIT_ITEM_LINE,
	AUDIT_ITEM_LONG,	/* bytes that are too many for a line */
	AUDIT_ITEM_TORN,	/* the last bytes, without a newline */
};
struct audit_scan {
	int		fd;		/* borrowed */
	uint64_t	offset;		/* of the next item */
	size_t		at, len;	/* what of buf is still to come */
	uint8_t		buf[AUDIT_LINE_MAX + 1];
};
void audit_scan_init(struct audit_scan *s, int fd, uint64_t offset);
/* The line is valid until the next call.  0 or a negated errno. */
AIA_MUST_USE int audit_scan_next(struct audit_scan *s,
    enum audit_item *ret_item, struct aia_span *ret_line);

#endif
