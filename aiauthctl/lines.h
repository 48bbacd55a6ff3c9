/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lines.h - what changed between two texts, shown and taken back.
 */
#ifndef AIA_CTL_LINES_H
#define AIA_CTL_LINES_H

#include <stddef.h>
#include <stdio.h>

#include "common/bytes.h"
#include "common/err.h"

#define LINES_MAX 8192		/* of one text */

/*
 * The change as 'diff -u' writes it, nothing if there is none.  old or new with
 * p == NULL: the file is not there.  Returns 0, -E2BIG (over LINES_MAX) or
 * -ENOMEM.
 */
AIA_MUST_USE int lines_diff(const char *path, struct aia_span old,
    struct aia_span new, FILE *out);

/*
 * Take what led from old to new out of now, which others may have changed
 * since: each changed place must still stand there once, with the line before
 * and after it, and in this order.  *ret (heap, terminated) is the caller's.
 * Returns 0, AIA_ECONFLICT (a place was changed) or as above.
 */
AIA_MUST_USE int lines_undo(struct aia_span old, struct aia_span new,
    struct aia_span now, char **ret, size_t *ret_len);

#endif
