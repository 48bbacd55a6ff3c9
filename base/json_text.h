/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json_text.h - what json.c looks at in a text itself.  json_items_next(), of
 * json.h, is here as well.
 */
#ifndef AIA_BASE_JSON_TEXT_H
#define AIA_BASE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"
#include "common/err.h"

/*
 * Look at the text before the library does: refuse depth, find mad numbers.
 * With 'fix' (the same text, writable) they become {}.  Returns 0 or
 * AIA_EPROTO.
 */
AIA_MUST_USE int json_text_scan(const char *p, size_t len, char *fix,
    bool *ret_mad);

/* What stands in the array that is the object's member 'key'; -ENOENT: there is
 * none; AIA_EPROTO. */
AIA_MUST_USE int json_text_array(const char *p, size_t len, const char *key,
    struct aia_span *ret);

#endif
