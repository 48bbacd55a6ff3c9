/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * key.h - the security keys plugged in here: the one door to libfido2.
 *
 * One question at a time, in a process of its own.  However it ends is an
 * outcome; nothing that a key does is an error of ours.
 *
 * A key blocks itself after a few wrong PINs.  So that nobody can do that to
 * one that somebody else has left here, a PIN is asked for only after a touch
 * of that very key in this question, and one touch is good for one PIN.
 */
#ifndef AIA_KEYD_KEY_H
#define AIA_KEYD_KEY_H

#include "base/keycall.h"

struct key_ask {
	const char	*rp_id;
	struct aia_span	 hash;		/* KEYCALL_HASH_LEN bytes */
	struct aia_span	 ids;		/* LIST */
	bool		 uv;
	const char	*user;		/* key_create() only */
	int64_t		 deadline_ms;
	/* The key waits for the person. */
	void		(*told)(void *arg, enum keycall_step step);
	/* The key was touched and wants its PIN; retries: of those it takes,
	 * -1: not known.  false: there is none. */
	bool		(*pin)(void *arg, int retries,
			    char ret[KEYCALL_PIN_MAX + 1]);
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
