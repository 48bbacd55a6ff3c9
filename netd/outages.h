/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outages.h - which providers were silent a moment ago, in the memory of netd's
 * parent.
 *
 * A login that waits for a provider keeps a worker.  After a question that had
 * no answer for a while the next ones are answered here, for a time that a
 * person can wait; then one of them is asked, and the others when that one was
 * answered.  Listings are asked for all the same: a good one ends the silence.
 */
#ifndef AIA_NETD_OUTAGES_H
#define AIA_NETD_OUTAGES_H

#include <stdbool.h>
#include <stdint.h>

#define OUTAGE_SLOW_MS 3000	/* what fails sooner keeps nobody */
#define OUTAGE_MS 15000		/* nobody is asked; longer than a question */
#define OUTAGE_OLD_MS 60000	/* after that, unasked: it means nothing now */

/* id: of the source and how it is reached, as of a grant. */
enum outage_said {
	OUTAGE_NONE = 0,	/* nothing is known, or to be said */
	OUTAGE_PROBE,		/* one is asked, the others not meanwhile */
	OUTAGE_SILENT,
	OUTAGE_OVER,		/* it answered, or would keep nobody waiting */
	OUTAGE_AGAIN,		/* who was to find out gave up: the next one */
};
struct outage_note {
	uint64_t	id;
	int64_t		begun_ms;	/* the question; monotonic */
	enum outage_said said;
};

/* The parent: keep what a child sent, as jobs_ops.keep. */
bool outages_keep(int fd, int64_t now_ms);

/* The child, before it asks: OUTAGE_SILENT, do not; OUTAGE_PROBE, do, and let
 * the parent know at once; OUTAGE_NONE. */
enum outage_said outages_look(uint64_t id, int64_t now_ms);
/* The child, where there is something to say. */
void outages_send(int fd, const struct outage_note *note);

#endif
