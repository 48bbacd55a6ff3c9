/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.h - which numbers may ever be a uid or gid of a directory user or group.
 *
 * These limits are compiled in: no configuration and no file can widen them.
 * Refused are the system's and dynamic ids (0-999, 60001-65535), systemd's
 * container range (524288-1879048191) and what does not fit 31 bits.
 */
#ifndef AIA_COMMON_ID_H
#define AIA_COMMON_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

struct aia_id_range { uint32_t first, last; };	/* both inclusive */

bool aia_id_ok(uint32_t id);
/* Every id of the range may be one; false also for last < first. */
bool aia_id_range_ok(const struct aia_id_range *range);
bool aia_id_range_has(const struct aia_id_range *range, uint32_t id);

/*
 * Decimal digits only: no sign, no white space, no leading zero (but "0").
 * Returns 0 or AIA_EID; knows nothing of the limits above.
 */
AIA_MUST_USE int aia_id_parse(const char *in, size_t in_len, uint32_t *ret);

#endif
