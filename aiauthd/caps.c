/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps.c - how many unproven dialogues wait at a prompt, over all workers.
 *
 * The mutex is robust: a worker that is killed while it holds it leaves at
 * worst one half-written slot, which the supervisor clears.
 */
#include "config.h"

#include "aiauthd/caps.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "common/messages.h"
#include "common/name.h"

struct slot {
	bool	used;
	char	source[AIA_RHOST_LEN_MAX + 1];	/* empty: local */
	char	user[AIA_NAME_LEN_MAX + 1];
};

struct caps {
	pthread_mutex_t	lock;
	size_t		size;		/* of the mapping */
	unsigned	n;
	struct slot	slots[];
};

static int
lock_init(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attr;
	int r = pthread_mutexattr_init(&attr);

	if (r != 0)
		return -r;
	r = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (r == 0)
		r = pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	if (r == 0)
		r = pthread_mutex_init(lock, &attr);
	(void)pthread_mutexattr_destroy(&attr);
	return -r;
}

int
caps_new(unsigned n_slots, struct caps **ret)
{
	size_t size = sizeof(struct caps) + n_slots * sizeof(struct slot);
	struct caps *caps = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (caps == MAP_FAILED)
		return -errno;
	r = lock_init(&caps->lock);
	if (r < 0) {
		(void)munmap(caps, size);
		return r;
	}
	caps->size = size;
	caps->n = n_slots;
	*ret = caps;
	return 0;
}

void
caps_free(struct caps *caps)
{
	if (caps != NULL)
		(void)munmap(caps, caps->size);
}

static bool
caps_lock(struct caps *caps)
{
	int r = pthread_mutex_lock(&caps->lock);

	if (r == EOWNERDEAD)
		r = pthread_mutex_consistent(&caps->lock);
	return r == 0;
}

/* Is there room for one more of this source and user? */
static bool
caps_room(const struct caps *caps, const struct caps_limits *limits,
    const char *source, const char *user)
{
	uint32_t same_source = 0, same_user = 0, total = 0;

	for (unsigned i = 0; i < caps->n; i++) {
		const struct slot *s = &caps->slots[i];

		if (!s->used)
			continue;
		same_user += strcmp(s->user, user) == 0;
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
	struct slot s = { .used = true };
	bool ok;

	if (source == NULL)
		source = "";
	if (slot >= caps->n || strlen(source) >= sizeof(s.source) ||
	    strlen(user) >= sizeof(s.user) || !caps_lock(caps))
		return false;
	memcpy(s.source, source, strlen(source));
	memcpy(s.user, user, strlen(user));
	caps->slots[slot].used = false;
	ok = caps_room(caps, limits, source, user);
	if (ok)
		caps->slots[slot] = s;
	(void)pthread_mutex_unlock(&caps->lock);
	return ok;
}

void
caps_leave(struct caps *caps, unsigned slot)
{
	if (slot >= caps->n || !caps_lock(caps))
		return;
	caps->slots[slot].used = false;
	(void)pthread_mutex_unlock(&caps->lock);
}
