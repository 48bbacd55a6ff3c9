/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fresh.h - how long ago a source was last known to be as we have it.
 *
 * Counted on the clock that nobody can set, and only upwards: the wall clock has
 * a word only where a boot lies between, and there only forwards.  So neither
 * 'date -s' nor a reboot makes what we know younger.
 */
#ifndef AIA_BASE_FRESH_H
#define AIA_BASE_FRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/boot.h"

/* How old it was at one moment. */
struct fresh {
	int64_t		age_ms;	/* below 0: it was never there */
	struct boot_time at;	/* id "": in an unknown boot */
	int64_t		at_s;	/* Unix time of the same moment */
};

/* Known just now.  Errors are boot_now()'s. */
AIA_MUST_USE int fresh_now(struct fresh *ret);
/* at another moment, at least age_ms; -1: never there. */
int64_t fresh_age_ms(const struct fresh *f, const struct fresh *now);
/* Moved on to another moment: the age grows, or stays. */
void fresh_forward(struct fresh *f, const struct fresh *now);

/* What the age means for a source whose data may be grace_s old. */
enum fresh_state { FRESH_NEVER = 0, FRESH_FINE, FRESH_EXPIRED };
enum fresh_state fresh_state(int64_t age_ms, uint32_t grace_s);
/* Seconds until it is FRESH_EXPIRED; 0: it is, or was never there. */
int64_t fresh_left_s(int64_t age_ms, uint32_t grace_s);

#endif
