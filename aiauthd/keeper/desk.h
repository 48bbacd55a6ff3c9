/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * desk.h - the questions that come over keeper.sock, and their answers.
 *
 * A few connections at a time; one that is slow to ask or to read loses its
 * place and holds up nobody.
 */
#ifndef AIA_KEEPER_DESK_H
#define AIA_KEEPER_DESK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <poll.h>

#include "aiauthd/keeper/status.h"
#include "aiauthd/keeper/sync.h"
#include "common/err.h"

#define DESK_MAX 32	/* connections; others wait in the backlog */

struct desk;

/* Who may ask: the workers' uid, and root. */
AIA_MUST_USE int desk_new(int listen_fd, uid_t worker, struct sync *sy,
    const struct status *status, struct desk **ret);
void desk_free(struct desk *dk);

/* What to wait for: at most DESK_MAX + 1 entries; how many. */
size_t desk_poll(struct desk *dk, struct pollfd *fds);
/* Milliseconds until somebody's time is up; -1: nobody is there. */
int64_t desk_wait_ms(const struct desk *dk, int64_t now_ms);
/* Accept, read, answer, give up: whatever can be done now. */
void desk_run(struct desk *dk, int64_t now_ms);

#endif
