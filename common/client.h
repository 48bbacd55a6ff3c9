/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client.h - one connection to a daemon's socket, with deadlines.
 *
 * Safe in other people's processes: no signal, no descriptor below 3, none
 * that survives exec, no thread, no allocation beyond the two packets.
 */
#ifndef AIA_COMMON_CLIENT_H
#define AIA_COMMON_CLIENT_H

#include <poll.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/wire.h"

struct aia_client;

/* Milliseconds of CLOCK_MONOTONIC: what every deadline_ms is measured in. */
int64_t aia_now_ms(void);

/*
 * Connect to the socket at the absolute path.
 *
 *   owner        uid that must own every component of the path (root also
 *                may) and that SO_PEERCRED must show for the peer: 0 but in
 *                test runs.  Symbolic links and folders that others can write
 *                to (unless sticky) are refused
 *   deadline_ms  for connecting
 *
 * Returns 0, AIA_EUNTRUSTED (path or peer; nothing was sent), AIA_EOFFLINE
 * (nobody listens, or no room before the deadline) or a negated errno.  -EACCES
 * stands for a socket that is not for us.
 */
AIA_MUST_USE int aia_client_open(const char *path, uid_t owner,
    int64_t deadline_ms, struct aia_client **ret);
void aia_client_close(struct aia_client *c);

/*
 * Also for other sockets of a plugin.  socket_new: a Unix socket of that type,
 * not below descriptor 3 and closed by exec.  wait_for: until poll(2) has an
 * event, or perhaps before: the caller tries again.  -ETIMEDOUT once
 * deadline_ms has passed; else 0 or a negated errno.
 */
AIA_MUST_USE int aia_socket_new(int type, int *ret);
AIA_MUST_USE int aia_wait_for(int fd, short events, int64_t deadline_ms);

/* The descriptor, to wait on together with others.  Stays ours. */
int aia_client_fd(const struct aia_client *c);

/*
 * Send the message, or receive one packet, before deadline_ms.  The packet
 * received lives in the client until the next call.  When the daemon answers
 * VERSION to the first message sent, the message is encoded again in a number
 * both speak and sent on a new connection; the caller sees only the answer.
 *
 * Only messages of messages.h may come first.  What was sent and received is
 * wiped by close().
 *
 * Return 0, -ETIMEDOUT, AIA_EOFFLINE (closed by the peer), AIA_EVERSION,
 * AIA_EPROTO or a negated errno.  After an error only close() is of use.
 */
AIA_MUST_USE int aia_client_send(struct aia_client *c,
    const struct aia_message *m, const void *in, int64_t deadline_ms);
AIA_MUST_USE int aia_client_recv(struct aia_client *c, int64_t deadline_ms,
    const struct aia_packet **ret);

/*
 * The same for one connected SOCK_SEQPACKET descriptor, without negotiation:
 * what servers, and calls between daemons, use.  recv gives AIA_EOFFLINE at
 * end of file; descriptors sent along never arrive, and are AIA_EPROTO.
 */
AIA_MUST_USE int aia_packet_send(int fd, const struct aia_packet *pkt,
    int64_t deadline_ms);
AIA_MUST_USE int aia_packet_recv(int fd, struct aia_packet *pkt,
    int64_t deadline_ms);

#endif
