/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * children.h - all children: who runs, who is due, who must go.
 *
 * Sockets stay open while children come and go, so a restart costs callers a
 * wait.  The first restart is immediate; who keeps dying waits longer
 * each time, at most CHILDREN_BACKOFF_MAX_MS.
 */
#ifndef AIA_CHILDREN_H
#define AIA_CHILDREN_H

#include "aiauthd/kinds.h"

#define CHILDREN_STABLE_MS 10000	/* lived so long: forgiven */
#define CHILDREN_BACKOFF_MIN_MS 100
#define CHILDREN_BACKOFF_MAX_MS 30000

struct children;

/* All borrowed, for as long as the children.  listen_fds: one of each kind. */
int  children_new(const struct daemon *d, const int listen_fds[KIND_N],
    struct children **ret);
void children_free(struct children *ch);

/* Before the first tend, and when it changes: how many workers root.sock has,
 * and where the key is. */
AIA_MUST_USE int children_set(struct children *ch, uint32_t workers,
    const char *seal_key_path);
/* Reap the dead, start those due, kill those that were asked and linger. */
void children_tend(struct children *ch, int64_t now_ms);
/* Ask each one now running to finish; tend() starts a new one in its place. */
void children_replace(struct children *ch, int64_t now_ms);
/* Ask all to finish and start none any more. */
void children_stop(struct children *ch, int64_t now_ms);
bool children_gone(const struct children *ch);
/* When tend() has something to do: monotonic ms; INT64_MAX: nothing. */
int64_t children_due_ms(const struct children *ch);

/* How long to wait after so many early deaths in a row. */
int64_t children_backoff_ms(unsigned deaths);

#endif
