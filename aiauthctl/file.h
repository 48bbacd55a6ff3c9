/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h - files of the system: read whole, replaced whole.
 */
#ifndef AIA_CTL_FILE_H
#define AIA_CTL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/err.h"

#define FILE_LEN_MAX 262144	/* bytes; PAM and sshd files have some 5000 */

struct file {			/* all zero: there is none */
	bool	 there;
	char	*text;		/* heap, terminated */
	size_t	 len;
	mode_t	 mode;		/* permission bits */
	uid_t	 uid;
	gid_t	 gid;
};

/*
 * A file that is not there is no error.  Returns 0, -EFBIG (over
 * FILE_LEN_MAX), AIA_EUNTRUSTED (a link, or not a regular file), AIA_EPROTO (it
 * holds a NUL) or a negated errno.
 */
AIA_MUST_USE int file_read(const char *path, struct file *ret);
void file_clear(struct file *f);
/* The end of a file that may be long, terminated, a space for each NUL; as much
 * as fits into cap bytes (over 0).  0 or a negated errno. */
AIA_MUST_USE int file_tail(const char *path, char *room, size_t cap);
/* The same text, or both not there; mode and owner are not looked at. */
bool file_same(const struct file *a, const struct file *b);

/*
 * Make path what f says, gone if f is not there: under another name beside it,
 * with mode and owner of f and the extended attributes of the file in its
 * place, synced, then renamed.  Whatever happens, path is the old file or the
 * new one, and never another's that it links to.  Errors as above.
 */
AIA_MUST_USE int file_write(const char *path, const struct file *f);
/* A copy of text, mode 0644 of root's. */
AIA_MUST_USE int file_make(const char *text, size_t len, struct file *ret);

#endif
