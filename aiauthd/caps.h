/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps.h - how many workers strangers and single users keep, over all of them.
 *
 * One slot for each worker in memory that all share.  Strangers at a prompt
 * can take prompts_max of the workers and no more; dialogues without a remote
 * source (sudo, console) count for their user only, apart from the remote ones
 * in that name.  At the door for users a connection counts from the first.
 *
 * Workers share the memory, so one that was taken over can write anything
 * there: the supervisor neither waits for it nor follows a pointer in it.
 */
#ifndef AIA_CAPS_H
#define AIA_CAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/err.h"

struct caps;

struct caps_limits { uint32_t per_source, per_user, total; };

/* Before the workers are forked. */
int  caps_new(unsigned n_slots, struct caps **ret);
void caps_free(struct caps *caps);

/* A connection of uid's begins.  False when uid has max of them: close it. */
bool caps_come(struct caps *caps, unsigned slot, uid_t uid, uint32_t max);
/* And ends; also what caps_leave() does. */
void caps_go(struct caps *caps, unsigned slot);

/*
 * source: address the dialogue comes from, NULL for a local one; user: whose
 * login.  False when a cap is reached: answer "unavailable" without asking.
 */
bool caps_enter(struct caps *caps, unsigned slot,
    const struct caps_limits *limits, const char *source, const char *user);
/* When a factor is proved, and when the dialogue ends. */
void caps_leave(struct caps *caps, unsigned slot);
/*
 * A login in the browser begins and ends.  False when this user has one open
 * from this source ("": here): of several codes nobody could tell which is his.
 */
bool caps_flow_begin(struct caps *caps, unsigned slot, const char *source,
    const char *user);
void caps_flow_end(struct caps *caps, unsigned slot);
/* For the supervisor: the worker in this slot is gone. */
void caps_died(struct caps *caps, unsigned slot, pid_t pid);

#endif
