/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * when.h - a moment as people write it.
 */
#ifndef AIA_BASE_WHEN_H
#define AIA_BASE_WHEN_H

#include <stdint.h>

#include "common/err.h"

/*
 *	2026-11-23	2026-11-23T14:05	2026-11-23T14:05:30	local time;
 *							a space is as good as T
 *	90s 30m 12h 7d	so long before now_s
 *	@1763900000	Unix time
 *
 * Returns 0 and Unix time, or -EINVAL.
 */
AIA_MUST_USE int when_parse(const char *s, int64_t now_s, int64_t *ret);

#endif
