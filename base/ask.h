/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.h - one question to another daemon of ours: a connection of its own, any
 * number of packets back, of which the last ends it.
 */
#ifndef AIA_BASE_ASK_H
#define AIA_BASE_ASK_H

#include <stdint.h>
#include <sys/types.h>

#include "common/client.h"

struct ask {
	const char	*path;		/* of the socket */
	uid_t		 owner;		/* who must listen there */
	int		 cancel_fd;	/* readable or closed: nobody wants to
					 * know any more; -1: there is none */
	/* One packet: 1 if it was the last, 0, or an error that ends it.  May
	 * take its time: what comes meanwhile waits.  c is to answer it. */
	int		(*take)(void *arg, struct aia_client *c,
			    const struct aia_packet *pkt);
	void		*arg;
};

/*
 * Send m, hand over what comes back, and close, which cancels what is not done.
 * Returns 0, AIA_EOFFLINE (nobody there, closed, or cancelled), -ETIMEDOUT, the
 * errors of aia_client_open() and aia_client_recv(), or take()'s.
 */
AIA_MUST_USE int ask_run(const struct ask *a, const struct aia_message *m,
    const void *in, int64_t deadline_ms);

#endif
