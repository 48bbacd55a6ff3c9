/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outages.c - which providers were silent a moment ago, in the memory of netd's
 * parent.
 */
#include "config.h"

#include "netd/outages.h"

#include <stddef.h>
#include <sys/socket.h>

#include "base/conf.h"

/* What a child says is about time; how long it counts is ours to say. */
static struct outage {
	uint64_t	id;
	int64_t		until_ms;	/* not asked before; 0: asked */
	int64_t		over_ms;	/* the last answer */
} outages[CONF_SOURCES_MAX];

static int64_t
last_ms(const struct outage *o)
{
	return o->until_ms > o->over_ms ? o->until_ms : o->over_ms;
}

/* Its own place, or of the one that was heard of longest ago. */
static struct outage *
place_of(uint64_t id)
{
	struct outage *first = &outages[0];

	for (size_t i = 0; i < ARRAY_LEN(outages); i++) {
		if (outages[i].id == id)
			return &outages[i];
		if (last_ms(&outages[i]) < last_ms(first))
			first = &outages[i];
	}
	*first = (struct outage){ .id = id };
	return first;
}

bool
outages_keep(int fd, int64_t now_ms)
{
	struct outage_note note;
	struct outage *o;

	if (recv(fd, &note, sizeof(note), MSG_DONTWAIT) !=
	    (ssize_t)sizeof(note))
		return false;
	o = place_of(note.id);
	switch (note.said) {
	case OUTAGE_NONE:
		return false;
	case OUTAGE_OVER:
		o->until_ms = 0;
		o->over_ms = now_ms;
		return true;
	case OUTAGE_SILENT:
		/* One of several that answer for it may hang. */
		if (note.begun_ms > o->over_ms)
			o->until_ms = now_ms + OUTAGE_MS;
		return true;
	case OUTAGE_PROBE:
		if (o->until_ms != 0)
			o->until_ms = now_ms + OUTAGE_MS;
		return true;
	case OUTAGE_AGAIN:
		if (o->until_ms != 0)
			o->until_ms = now_ms;
		return true;
	}
	return false;
}

enum outage_said
outages_look(uint64_t id, int64_t now_ms)
{
	for (size_t i = 0; i < ARRAY_LEN(outages); i++) {
		const struct outage *o = &outages[i];

		if (o->id != id || o->until_ms == 0)
			continue;
		if (o->until_ms > now_ms)
			return OUTAGE_SILENT;
		return now_ms - o->until_ms < OUTAGE_OLD_MS ? OUTAGE_PROBE :
		    OUTAGE_NONE;
	}
	return OUTAGE_NONE;
}

void
outages_send(int fd, const struct outage_note *note)
{
	(void)!send(fd, note, sizeof(*note), MSG_DONTWAIT | MSG_NOSIGNAL);
}
