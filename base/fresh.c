/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fresh.c - how long ago a source was last known to be as we have it.
 */
#include "config.h"

#include "base/fresh.h"

#include <string.h>
#include <time.h>

int
fresh_now(struct fresh *ret)
{
	struct fresh now = { .at_s = (int64_t)time(NULL) };
	int r = boot_now(&now.at);

	if (r == 0)
		*ret = now;
	return r;
}

/*
 * In one boot its clock counts.  In another, or where that clock went back (a
 * restored container, a namespace of its own), the wall clock is all there is:
 * forwards it counts, backwards it does not.
 */
static int64_t
passed_ms(const struct fresh *f, const struct fresh *now)
{
	int64_t s;

	if (strcmp(f->at.id, now->at.id) == 0 && now->at.ms >= f->at.ms)
		return now->at.ms - f->at.ms;
	if (__builtin_sub_overflow(now->at_s, f->at_s, &s) ||
	    s > INT64_MAX / 1000)
		return INT64_MAX;
	return s > 0 ? s * 1000 : 0;
}

int64_t
fresh_age_ms(const struct fresh *f, const struct fresh *now)
{
	int64_t ms;

	if (f->age_ms < 0)
		return -1;
	return __builtin_add_overflow(f->age_ms, passed_ms(f, now), &ms) ?
	    INT64_MAX : ms;
}

void
fresh_forward(struct fresh *f, const struct fresh *now)
{
	int64_t age_ms = fresh_age_ms(f, now);

	if (age_ms < 0)
		return;
	*f = *now;
	f->age_ms = age_ms;
}

enum fresh_state
fresh_state(int64_t age_ms, uint32_t grace_s)
{
	if (age_ms < 0)
		return FRESH_NEVER;
	return age_ms >= (int64_t)grace_s * 1000 ? FRESH_EXPIRED : FRESH_FINE;
}

int64_t
fresh_left_s(int64_t age_ms, uint32_t grace_s)
{
	if (fresh_state(age_ms, grace_s) != FRESH_FINE)
		return 0;
	return ((int64_t)grace_s * 1000 - age_ms + 999) / 1000;
}
