/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.h - the security keys plugged in here: the one door to libfido2.
 *
 * One question at a time, in a process of its own.  However it ends is an
 * outcome; nothing that a key does is an error of ours.
 */
#ifndef AIA_KEYD_KEY_H
#define AIA_KEYD_KEY_H

#include "base/keycall.h"

struct key_ask {
	const char	*rp_id;
	struct aia_span	 hash;		/* KEYCALL_HASH_LEN bytes */
	struct aia_span	 ids;		/* LIST */
	bool		 uv;
	const char	*pin;		/* NULL: none was given */
	const char	*user;		/* key_create() only */
	int64_t		 deadline_ms;
	/* The key waits for the person. */
	void		(*told)(void *arg, enum keycall_step step);
	void		*arg;
};

/* A signature by one of the ids; a new credential beside all of them. */
void key_assert(const struct key_ask *ask, struct keycall_answer *ret);
void key_create(const struct key_ask *ask, struct keycall_answer *ret);

/*
 * From another thread: whatever a key is doing for us, it shall stop.  It may be
 * between two things: say it again and again.
 */
void key_cancel(void);

#endif
