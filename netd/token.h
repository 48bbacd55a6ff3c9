/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token.h - bearer tokens, read from their file at each use, so that a new
 * one works at once and none stays in memory between calls.
 */
#ifndef AIA_NETD_TOKEN_H
#define AIA_NETD_TOKEN_H

#include "base/secret.h"
#include "common/err.h"

/*
 * Read the token from file: an absolute path, or a name inside
 * credentials_dir (NULL: no such folder).  The file is regular and belongs to
 * root or to us, nobody but its owner may write it, others than its group may
 * not read it, and it holds one line of visible ASCII.
 *
 * Returns 0, AIA_EUNTRUSTED (its owner or mode), -ENODATA (empty), -EFBIG (longer
 * than SECRET_LEN_MAX), AIA_EPROTO (its content), -ENOENT (a name, and no folder),
 * -ENAMETOOLONG or a negated errno.
 */
AIA_MUST_USE int token_read(const char *file, const char *credentials_dir,
    struct secret *ret);

/* The same for a file of any content, a private key in PEM, say. */
AIA_MUST_USE int token_file_read(const char *file,
    const char *credentials_dir, struct secret *ret);
/* And for one that everybody may read, a certificate. */
AIA_MUST_USE int token_public_read(const char *file,
    const char *credentials_dir, struct secret *ret);

/* What is wrong with such a file, in words. */
const char *token_strerror(int r);

#endif
