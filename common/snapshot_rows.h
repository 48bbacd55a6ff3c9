/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot_rows.h - the one way from a table of a snapshot into memory.
 *
 * For snapshot.c alone.
 */
#ifndef AIA_COMMON_SNAPSHOT_ROWS_H
#define AIA_COMMON_SNAPSHOT_ROWS_H

#include "common/snapshot.h"

/*
 * Copy n rows of a table, beginning with number row, to out, which has room
 * for them.  Returns 0, AIA_EDAMAGED (the table has no such rows, or the file
 * ends early) or a negated errno.
 */
AIA_MUST_USE int aia_snap_rows(const struct aia_snapshot *snap,
    enum aia_snap_table table, uint32_t row, uint32_t n, void *out);

#endif
