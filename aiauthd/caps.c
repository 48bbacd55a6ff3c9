/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps.c - how many workers strangers and single users keep, over all of them.
 *
 * Not a pthread mutex: a robust one keeps list pointers in the shared memory,
 * and the supervisor, which must clean up after the dead, would follow what a
 * hostile worker wrote there.  The lock is the pid of its holder.
 */
#include "config.h"

#include "aiauthd/caps.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common/messages.h"
#include "common/name.h"

#define LOCK_TRIES 10000	/* 1 s; the work inside takes microseconds */
#define LOCK_PAUSE_NS 100000

struct slot {
	atomic_bool	held;		/* by a connection of uid's */
	uid_t		uid;
	atomic_bool	used;		/* waits at a prompt: */
	char		source[AIA_RHOST_LEN_MAX + 1];	/* empty: local */
	char		user[AIA_NAME_LEN_MAX + 1];
	atomic_bool	flows;		/* runs a login in the browser: */
	char		flow_source[AIA_RHOST_LEN_MAX + 1];
	char		flow_user[AIA_NAME_LEN_MAX + 1];
};

struct shared {
	atomic_int	holder;		/* of the lock: pid; 0: free */
	struct slot	slots[];
};

struct caps {			/* each process has its own copy of this */
	struct shared	*shared;
	size_t		 size;
	unsigned	 n;
};

int
caps_new(unsigned n_slots, struct caps **ret)
{
	struct caps *caps = calloc(1, sizeof(*caps));
	int r;

	if (caps == NULL)
		return -ENOMEM;
	caps->n = n_slots;
	caps->size = sizeof(struct shared) + n_slots * sizeof(struct slot);
	caps->shared = mmap(NULL, caps->size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (caps->shared == MAP_FAILED) {
		r = -errno;
		free(caps);
		return r;
	}
	*ret = caps;
	return 0;
}

void
caps_free(struct caps *caps)
{
	if (caps == NULL)
		return;
	(void)munmap(caps->shared, caps->size);
	free(caps);
}

static bool
caps_lock(struct caps *caps)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };

	for (int i = 0; i < LOCK_TRIES; i++) {
		int nobody = 0;

		if (atomic_compare_exchange_strong(&caps->shared->holder,
		    &nobody, (int)getpid()))
			return true;
		(void)nanosleep(&pause, NULL);
	}
	return false;
}

static void
caps_unlock(struct caps *caps)
{
	atomic_store(&caps->shared->holder, 0);
}

bool
caps_come(struct caps *caps, unsigned slot, uid_t uid, uint32_t max)
{
	struct slot *own = &caps->shared->slots[slot];
	uint32_t same = 0;

	if (!caps_lock(caps))
		return false;
	own->held = false;
	for (unsigned i = 0; i < caps->n; i++) {
		const struct slot *s = &caps->shared->slots[i];

		same += s->held && s->uid == uid;
	}
	if (same < max) {
		own->uid = uid;
		own->held = true;
	}
	caps_unlock(caps);
	return same < max;
}

void
caps_go(struct caps *caps, unsigned slot)
{
	caps->shared->slots[slot].used = false;
	caps->shared->slots[slot].flows = false;
	caps->shared->slots[slot].held = false;
}

/*
 * Is there room for one more of this source and user?  What strangers far away
 * do in a user's name takes nothing from his sudo.
 */
static bool
caps_room(const struct caps *caps, const struct caps_limits *limits,
    const char *source, const char *user)
{
	uint32_t same_source = 0, same_user = 0, total = 0;

	for (unsigned i = 0; i < caps->n; i++) {
		const struct slot *s = &caps->shared->slots[i];

		if (!s->used)
			continue;
		same_user += strcmp(s->user, user) == 0 &&
		    (s->source[0] == '\0') == (source[0] == '\0');
		same_source += strcmp(s->source, source) == 0;
		total += s->source[0] != '\0';
	}
	if (same_user >= limits->per_user)
		return false;
	return source[0] == '\0' ||
	    (same_source < limits->per_source && total < limits->total);
}

bool
caps_enter(struct caps *caps, unsigned slot, const struct caps_limits *limits,
    const char *source, const char *user)
{
	struct slot *s = &caps->shared->slots[slot];
	bool ok;

	if (source == NULL)
		source = "";
	if (strlen(source) >= sizeof(s->source) ||
	    strlen(user) >= sizeof(s->user) || !caps_lock(caps))
		return false;
	s->used = false;
	ok = caps_room(caps, limits, source, user);
	if (ok) {
		memcpy(s->source, source, strlen(source) + 1);
		memcpy(s->user, user, strlen(user) + 1);
		s->used = true;
	}
	caps_unlock(caps);
	return ok;
}

void
caps_leave(struct caps *caps, unsigned slot)
{
	caps->shared->slots[slot].used = false;
}

bool
caps_flow_begin(struct caps *caps, unsigned slot, const char *source,
    const char *user)
{
	struct slot *own = &caps->shared->slots[slot];
	bool open = false;

	if (strlen(source) >= sizeof(own->flow_source) ||
	    strlen(user) >= sizeof(own->flow_user) || !caps_lock(caps))
		return false;
	own->flows = false;
	for (unsigned i = 0; i < caps->n; i++) {
		const struct slot *s = &caps->shared->slots[i];

		open |= s->flows && strcmp(s->flow_source, source) == 0 &&
		    strcmp(s->flow_user, user) == 0;
	}
	if (!open) {
		memcpy(own->flow_source, source, strlen(source) + 1);
		memcpy(own->flow_user, user, strlen(user) + 1);
		own->flows = true;
	}
	caps_unlock(caps);
	return !open;
}

void
caps_flow_end(struct caps *caps, unsigned slot)
{
	caps->shared->slots[slot].flows = false;
}

void
caps_died(struct caps *caps, unsigned slot, pid_t pid)
{
	int dead = (int)pid;

	caps_go(caps, slot);
	(void)atomic_compare_exchange_strong(&caps->shared->holder, &dead,
	    0);
}
