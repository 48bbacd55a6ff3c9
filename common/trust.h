/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trust.h - open a file whose place in the file system vouches for it.
 */
#ifndef AIA_COMMON_TRUST_H
#define AIA_COMMON_TRUST_H

#include <sys/stat.h>
#include <sys/types.h>

#include "common/err.h"

/*
 * Open the regular file at the absolute path for reading, if
 *
 * - every folder above the file's own belongs to root and nobody else can
 *   write to it, or it has the sticky bit (and is not the one that holds the
 *   file's folder), so that nobody else can put another in the place of one;
 * - the file's folder is not writable by group or others;
 * - the file belongs to root or to its folder's owner and is not writable by
 *   group or others.
 *
 * No component may be a symbolic link.  Where the caller's user namespace does
 * not map root, the uid that stands for everybody unmapped stands for root.
 *
 *   owner  a uid believed like root: 0 but in test runs
 *
 * Returns 0 and a descriptor that the caller closes (*ret_st describes it),
 * AIA_EUNTRUSTED or a negated errno.
 */
AIA_MUST_USE int aia_trust_open(const char *path, uid_t owner, int *ret_fd,
    struct stat *ret_st);

#endif
