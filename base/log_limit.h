/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_limit.h - how often one event may be logged.
 *
 * A flood of one event neither fills the disk nor hides the others.  One table
 * for each process; time is an argument.
 */
#ifndef AIA_BASE_LOG_LIMIT_H
#define AIA_BASE_LOG_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LOG_LIMIT_LINES 10	/* of one event ... */
#define LOG_LIMIT_WINDOW_MS 60000	/* ... in this time */
#define LOG_LIMIT_EVENTS 64	/* more share the last row */

struct log_limit {
	struct log_limit_row {
		const char	*event;		/* borrowed; a literal */
		int64_t		 since_ms;	/* start of the window */
		uint32_t	 lines;
		uint32_t	 left_out;
	} rows[LOG_LIMIT_EVENTS];
};

/*
 * May this event be logged now (monotonic milliseconds)?  If so, *ret_left_out
 * is how many were left out since the last one that was.
 */
bool log_limit_pass(struct log_limit *limit, const char *event,
    int64_t now_ms, uint32_t *ret_left_out);

#endif
