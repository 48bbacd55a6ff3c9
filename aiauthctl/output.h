/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.h - an answer as tables for people, or as JSON for programs.
 */
#ifndef AIA_CTL_OUTPUT_H
#define AIA_CTL_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/json.h"
#include "common/messages.h"

#define OUTPUT_JSON_VERSION 1	/* aiauthctl(1) says when it changes */

struct output;			/* heap */

/* to: borrowed until output_free().  0 or -ENOMEM. */
AIA_MUST_USE int output_new(bool as_json, FILE *to, struct output **ret);
void output_free(struct output *o);

/*
 * Print one record, one JSON object.  Nothing of it but plain ASCII reaches a
 * table; memory does not grow with the number of records.  Returns 0, -ENOMEM
 * or AIA_EPROTO: not JSON, so nothing of it was printed.
 */
AIA_MUST_USE int output_record(struct output *o, struct aia_span json);
/* One of our own: begin it, add members, print and free it.  The errors of
 * json.h, and those of output_record(). */
AIA_MUST_USE int output_begin(const char *kind, struct json_out **ret);
AIA_MUST_USE int output_print(struct output *o, struct json_out *record);
/*
 * The last word: text may be empty; in a table's stead it goes to standard
 * error unless code is AIA_R_OK.  Returns 0, -ENOMEM or -EIO: not everything
 * could be written.
 */
AIA_MUST_USE int output_end(struct output *o, enum aia_result code,
    const char *text);

#endif
