/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync.h - when each source is listed, and how old what it said is.
 *
 * Each source has its own schedule, and one call at a time: one that is slow, or
 * down, is nobody else's concern.  Never blocks for longer than fetch.h does;
 * the caller's loop waits for what sync_poll() and sync_wait_ms() say.
 */
#ifndef AIA_KEEPER_SYNC_H
#define AIA_KEEPER_SYNC_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "aiauthd/keeper/update.h"
#include "base/conf.h"
#include "common/err.h"
#include "common/name.h"

#define SYNC_ALL CONF_SOURCES_MAX	/* instead of the number of a source */

struct sync;

/*
 * up is borrowed and has its sources in the store.  netd_path, netd_owner:
 * where aiauth-netd listens, as aia_client_open() takes them.
 */
AIA_MUST_USE int sync_new(struct update *up, const char *netd_path,
    uid_t netd_owner, struct sync **ret);
void sync_free(struct sync *sy);

/* The calls that are running; how many. */
size_t sync_poll(const struct sync *sy, struct pollfd fds[CONF_SOURCES_MAX]);
/* Milliseconds until sync_tick() has something to do; -1: never. */
int64_t sync_wait_ms(const struct sync *sy, int64_t now_ms);
/* Begin, give up, note how old things are. */
void sync_tick(struct sync *sy, int64_t now_ms);
/* Read what is there.  True: all of it, and there will be more. */
bool sync_read(struct sync *sy);
/* Runs that ended: when it differs, somebody may have waited for one. */
uint64_t sync_ended(const struct sync *sy);

/* The file of source i changed: list it soon, whatever the schedule says. */
void sync_touch(struct sync *sy, size_t i, int64_t now_ms);

/* Source i may have news, as somebody's login showed: a full listing soon, at
 * most once a minute, and not where the last one failed. */
void sync_hint(struct sync *sy, size_t i, int64_t now_ms);

/* The number of a source; SYNC_ALL if there is none of that name. */
size_t sync_source(const struct sync *sy, const struct aia_name *name);

/*
 * Ask for a full listing of one source, or of all, that begins after now.  The
 * ticket is what sync_done() is asked with.
 */
struct sync_ticket {
	uint64_t want[CONF_SOURCES_MAX];	/* runs; 0: not asked */
};
void sync_ask(struct sync *sy, size_t source, bool confirm, int64_t now_ms,
    struct sync_ticket *ret);

/* true when all have run; then how, worst first, and one line why. */
enum sync_verdict { SYNC_FINE, SYNC_HELD, SYNC_OFFLINE };
bool sync_done(const struct sync *sy, const struct sync_ticket *ticket,
    enum sync_verdict *ret, const char **ret_text);

#endif
