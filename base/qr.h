/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qr.h - QR codes as text for a terminal; the only door to libqrencode.
 */
#ifndef AIA_BASE_QR_H
#define AIA_BASE_QR_H

#include <stddef.h>

#include "common/err.h"

#define QR_TEXT_MAX 8192	/* bytes; what a PROMPT holds */

/*
 * Draw data (terminated ASCII) in Unicode half blocks, two rows of modules a
 * line, with a border, for light letters on a dark ground; apps read it
 * inverted too.  room holds terminated UTF-8 that ends in a newline; it shows
 * the secret: wipe it.
 *
 * Returns 0, -ENOBUFS (does not fit cap), -EMSGSIZE (more than a QR code can
 * hold) or -ENOMEM.
 */
AIA_MUST_USE int qr_text(const char *data, char *room, size_t cap);

/*
 * The same in the style that a terminal shows; QR_ASCII has two characters for
 * a module and is twice as large.  QR_NONE is an empty text.
 */
enum qr_style { QR_NONE, QR_UNICODE, QR_ASCII };
AIA_MUST_USE int qr_draw(const char *data, enum qr_style style, char *room,
    size_t cap);

#endif
