/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peer.h - a scripted daemon: a child process behind a socket in a new folder.
 */
#ifndef AIA_TESTS_PEER_H
#define AIA_TESTS_PEER_H

#include <sys/types.h>

#include "common/client.h"
#include "common/messages.h"

#define PEER_DEADLINE_MS 10000	/* a script that waits longer has failed */

/* What one accepted connection does; nth counts them from 0. */
typedef void peer_script(int fd, unsigned nth, void *arg);

struct peer {
	char	dir[64];
	char	path[96];	/* dir "/root.sock" */
	int	listen_fd;
	pid_t	pid;
};

/*
 * The socket is bound before this returns; a script of NULL binds and listens
 * but never accepts.  Fails the test on any error.
 */
void peer_start(struct peer *p, const char *name, peer_script *script,
    void *arg);
void peer_stop(struct peer *p);

/* For scripts; when the other side breaks off, the script ends there. */
void peer_hear(int fd, const struct aia_message *m, void *out);
void peer_say(int fd, uint8_t version, const struct aia_message *m,
    const void *in);

#endif
