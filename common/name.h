/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * name.h - the one grammar for names of users and groups.
 *
 * A name is [a-z_][a-z0-9_.-]{0,31}.  So it can hold no separator of
 * /etc/passwd, no path, no white space and no control character, and cannot be
 * taken for an option or a number.
 */
#ifndef AIA_COMMON_NAME_H
#define AIA_COMMON_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

#define AIA_NAME_LEN_MAX 32	/* bytes; utmp(5) keeps no more of a name */

/* Only aia_name_parse() fills one.  An all-zero one holds no name. */
struct aia_name { char s[AIA_NAME_LEN_MAX + 1]; };

/*
 * in need not be terminated.  Returns 0 or AIA_ENAME.
 */
AIA_MUST_USE int aia_name_parse(const char *in, size_t in_len,
    struct aia_name *ret);
bool aia_name_eq(const struct aia_name *a, const struct aia_name *b);

#endif
