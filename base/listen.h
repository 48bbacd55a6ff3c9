/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listen.h - listening SOCK_SEQPACKET sockets: made by us, or handed over by
 * the service manager (sd_listen_fds(3)).
 */
#ifndef AIA_BASE_LISTEN_H
#define AIA_BASE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/err.h"

/*
 * Bind path, with this group and mode from its first moment on, and listen;
 * what stood there is removed if it is a socket.  Call as root before
 * dropping privileges: clients then see uid 0.
 *
 *   gid   (gid_t)-1: leave it as it comes
 *
 * The descriptor is non-blocking and close-on-exec.  Returns 0, -EEXIST
 * (something else stands there) or a negated errno.
 */
AIA_MUST_USE int listen_bind(const char *path, gid_t gid, mode_t mode,
    int *ret);

/*
 * A socket that the service manager passed to this process: the one of that
 * name ($LISTEN_FDNAMES), or with name NULL the only one.  Returns 0 and
 * *ret = -1 if there is none; -EINVAL if there are several without a name to
 * choose by, or it is no listening SOCK_SEQPACKET socket.  Passed ones have the
 * descriptors from 3 on; _n_ says how many.
 */
AIA_MUST_USE int listen_inherited(const char *name, int *ret);
unsigned listen_n_inherited(void);

/*
 * Does what stands there now look like what listen_bind() with the same
 * arguments would make?  Of no use is an inherited socket whose file is gone,
 * or that another version made with other rights.
 */
bool listen_stands(const char *path, gid_t gid, mode_t mode);

/* Who is at the other end: 0 or a negated errno. */
struct ucred;
AIA_MUST_USE int listen_peer(int fd, struct ucred *ret);

#endif
