/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.h - uids and gids of local accounts, read from the files directly:
 * no daemon of ours resolves a name through NSS.
 */
#ifndef AIA_BASE_ACCOUNT_H
#define AIA_BASE_ACCOUNT_H

#include <sys/types.h>

#include "common/err.h"
#include "common/name.h"

#define ACCOUNT_VAULT "aiauth"		/* vault and keeper */
#define ACCOUNT_LOGIN "aiauth-login"	/* workers */
#define ACCOUNT_NET "aiauth-net"	/* aiauth-netd */
#define ACCOUNT_KEYS "aiauth-keys"	/* aiauth-ssh-keys */
#define ACCOUNT_KEYD "aiauth-keyd"	/* aiauth-keyd */
#define GROUP_CALL "aiauth-call"	/* may call netd.sock */

/*
 * path is a file as /etc/passwd or /etc/group.  The first line of that name
 * counts, as it does for libc.  Return 0, AIA_ENOUSER (no such line), AIA_EID
 * (a line without proper ids) or a negated errno.
 */
AIA_MUST_USE int account_user(const char *path, const char *name,
    uid_t *ret_uid, gid_t *ret_gid);
AIA_MUST_USE int account_group(const char *path, const char *name,
    gid_t *ret_gid);
/* The other way round; AIA_ENAME: a name we would never use. */
AIA_MUST_USE int account_name(const char *path, uid_t uid,
    struct aia_name *ret);
/* All whose name we might use and whose uid is one, as they stand there.  A
 * negative return of 'each' ends it and is returned. */
AIA_MUST_USE int account_users(const char *path,
    int (*each)(const struct aia_name *name, uid_t uid, void *arg),
    void *arg);

#endif
