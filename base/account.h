/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.h - the uid and gid of our own accounts, read from the files
 * directly: no daemon of ours resolves a name through NSS.
 */
#ifndef AIA_BASE_ACCOUNT_H
#define AIA_BASE_ACCOUNT_H

#include <sys/types.h>

#include "common/err.h"

#define ACCOUNT_VAULT "aiauth"		/* vault and keeper */
#define ACCOUNT_LOGIN "aiauth-login"	/* workers */
#define ACCOUNT_NET "aiauth-net"	/* aiauth-netd */
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

#endif
