/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64.h - base64 (RFC 4648), strict.
 */
#ifndef AIA_BASE_BASE64_H
#define AIA_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

/* Room for the text of len bytes, terminated. */
#define BASE64_LEN(len) (((len) + 2) / 3 * 4)
#define BASE64_ROOM(len) (BASE64_LEN(len) + 1)

/*
 * One text stands for each sequence of bytes and no other: padding is there to
 * a multiple of four, bits that stand for nothing are zero, and white space is
 * refused.  Returns 0, AIA_EPROTO or -ENOBUFS.
 */
AIA_MUST_USE int base64_decode(struct aia_span text, uint8_t *room,
    size_t cap, size_t *ret_len);
/* The same for the alphabet of section 5, without padding, as JOSE has it
 * (RFC 7515 section 2). */
AIA_MUST_USE int base64url_decode(struct aia_span text, uint8_t *room,
    size_t cap, size_t *ret_len);
/* Terminated text: 0 or -ENOBUFS. */
AIA_MUST_USE int base64_encode(struct aia_span bytes, char *room, size_t cap);

#endif
