/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refusal.h - why what lies in /etc/aiauth is not in force: written when a
 * reload is refused, shown by status.
 *
 * Memory that all processes of aiauthd share.  The checking child or the
 * supervisor writes, one at a time; the supervisor never reads it, because a
 * worker that was taken over could write there, too.
 */
#ifndef AIA_REFUSAL_H
#define AIA_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

#define REFUSAL_TEXT_MAX 511	/* bytes; the rest is cut */

struct refusal;

/* 0 or a negated errno. */
AIA_MUST_USE int refusal_new(struct refusal **ret);
void refusal_free(struct refusal *r);

void refusal_set(struct refusal *r, int64_t now_s, const char *text);
/* What lies there has been taken. */
void refusal_clear(struct refusal *r);
/* false: nothing is refused; then *ret_s is 0 and the text empty. */
bool refusal_get(const struct refusal *r, int64_t *ret_s,
    char ret_text[REFUSAL_TEXT_MAX + 1]);

#endif
