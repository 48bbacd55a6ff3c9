/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snaptext.h - a snapshot from a description that a test can be read with.
 *
 * One statement a line, fields apart by ':', as in passwd(5):
 *
 *   range:FIRST:LAST
 *   local:GID                     a permitted local group
 *   generation:N
 *   enumerate
 *   user:NAME:UID:GID:GECOS:HOME:SHELL
 *   group:NAME:GID:MEMBER,MEMBER...
 *   grant:NAME:GID                the user gets this local group
 *
 * range, local, generation and enumerate come first; users come before what
 * names them.  Without a range, everything that aia_id_ok() takes is served.
 */
#ifndef AIA_TESTS_SNAPTEXT_H
#define AIA_TESTS_SNAPTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

/*
 * *ret is the caller's, by free().  Returns 0, what the writer returned, or
 * AIA_ECONF with the number of the line at fault in *ret_line.
 */
AIA_MUST_USE int snaptext_build(const char *text, uint8_t **ret,
    size_t *ret_len, unsigned *ret_line);

#endif
