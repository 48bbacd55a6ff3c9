/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * passwd.h - is this name a local account?  Reads the file itself: NSS would
 * ask the directory too, and may wait.
 */
#ifndef AIA_PAM_PASSWD_H
#define AIA_PAM_PASSWD_H

#include <sys/types.h>

#include "common/err.h"

#define PASSWD_FILE "/etc/passwd"

/*
 * The uid of the first line for this name, as libc's "files" finds it.  The
 * name may be any string.
 *
 * Returns 0, AIA_ENOUSER (no such line), AIA_EUNTRUSTED (the file is not a
 * regular one of root's that only root writes), AIA_EDAMAGED (the line has no
 * uid) or a negated errno.
 */
AIA_MUST_USE int passwd_find(const char *path, const char *name, uid_t *ret);
/* The same in what is read from fd, whatever that is. */
AIA_MUST_USE int passwd_scan(int fd, const char *name, uid_t *ret);

#endif
