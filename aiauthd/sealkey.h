/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sealkey.h - the key that secrets in state.db are sealed with.
 *
 * $CREDENTIALS_DIRECTORY/seal.key where the service manager gives one, else a
 * file that only root can read.  Exactly SEALKEY_LEN bytes.
 */
#ifndef AIA_SEALKEY_H
#define AIA_SEALKEY_H

#include <sys/types.h>

#include "base/paths.h"
#include "base/secret.h"

#define SEALKEY_LEN 32	/* bytes; AES-256 */

/*
 * Where it is: 'file' is absolute or a name in paths->conf.  Returns 0 or
 * -ENAMETOOLONG.
 */
AIA_MUST_USE int sealkey_path(const struct paths *paths, const char *file,
    char ret[AIA_PATH_MAX]);
/*
 * Make one if there is none and no state.db either: a new key beside an old
 * state would make every enrolment unreadable.  state.db is looked for as the
 * uid that owns it.  Returns 0, -ENOENT (refused for that reason) or another
 * negated errno.
 */
AIA_MUST_USE int sealkey_ensure(const struct paths *paths, const char *path,
    uid_t state_uid);
/*
 * Returns 0, AIA_EUNTRUSTED (not root's, or others may read it), AIA_EDAMAGED
 * (another length) or a negated errno.
 */
AIA_MUST_USE int sealkey_read(const char *path, struct secret *ret);

#endif
