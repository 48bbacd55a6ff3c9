/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_limit.c - how often one event may be logged.
 */
#include "config.h"

#include "base/log_limit.h"

#include <string.h>

#include "common/err.h"

static struct log_limit_row *
limit_row(struct log_limit *limit, const char *event, int64_t now_ms)
{
	struct log_limit_row *row = limit->rows;
	size_t i;

	for (i = 0; i < ARRAY_LEN(limit->rows); i++) {
		row = &limit->rows[i];
		if (row->event == NULL) {
			row->event = event;
			row->since_ms = now_ms;
			return row;
		}
		if (strcmp(row->event, event) == 0)
			return row;
	}
	return row;
}

bool
log_limit_pass(struct log_limit *limit, const char *event, int64_t now_ms,
    uint32_t *ret_left_out)
{
	struct log_limit_row *row = limit_row(limit, event, now_ms);

	if (now_ms - row->since_ms >= LOG_LIMIT_WINDOW_MS) {
		row->since_ms = now_ms;
		row->lines = 0;
	}
	if (row->lines >= LOG_LIMIT_LINES) {
		row->left_out++;
		return false;
	}
	row->lines++;
	*ret_left_out = row->left_out;
	row->left_out = 0;
	return true;
}
