/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * like.h - patterns.
 */
#ifndef CEDAR_LIKE_H
#define CEDAR_LIKE_H

#include "cedar/mem.h"

/*
 * Does all of s match a pattern as the parser leaves it, with PATTERN_ANY for
 * any run of characters?  Takes no longer than reading both.
 */
bool like_matches(struct str s, struct str pattern);

#endif
