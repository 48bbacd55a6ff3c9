/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * qr.c - two rows of modules become one line of half blocks.
 */
#include "config.h"

#include "base/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <string.h>

#include "common/bytes.h"

#define BORDER 2	/* modules; apps need less than the standard's 4 */

/* Outside the code everything is light. */
static bool
is_light(const QRcode *qr, int x, int y)
{
	if (x < 0 || y < 0 || x >= qr->width || y >= qr->width)
		return true;
	return (qr->data[y * qr->width + x] & 1) == 0;
}

static const char *
block(bool upper, bool lower)
{
	if (upper)
		return lower ? "\u2588" : "\u2580";
	return lower ? "\u2584" : " ";
}

static void
draw_ascii(const QRcode *qr, struct aia_wr *wr)
{
	for (int y = -BORDER; y < qr->width + BORDER; y++) {
		for (int x = -BORDER; x < qr->width + BORDER; x++)
			aia_wr_bytes(wr, is_light(qr, x, y) ? "##" : "  ", 2);
		aia_wr_u8(wr, '\n');
	}
	aia_wr_u8(wr, '\0');
}

static void
draw(const QRcode *qr, struct aia_wr *wr)
{
	for (int y = -BORDER; y < qr->width + BORDER; y += 2) {
		for (int x = -BORDER; x < qr->width + BORDER; x++) {
			const char *s = block(is_light(qr, x, y),
			    is_light(qr, x, y + 1));

			aia_wr_bytes(wr, s, strlen(s));
		}
		aia_wr_u8(wr, '\n');
	}
	aia_wr_u8(wr, '\0');
}

int
qr_draw(const char *data, enum qr_style style, char *room, size_t cap)
{
	QRcode *qr;
	struct aia_wr wr;
	size_t len;

	if (style == QR_NONE) {
		if (cap == 0)
			return -ENOBUFS;
		room[0] = '\0';
		return 0;
	}
	qr = QRcode_encodeString8bit(data, 0, QR_ECLEVEL_L);
	if (qr == NULL)
		return errno == ENOMEM ? -ENOMEM : -EMSGSIZE;
	aia_wr_init(&wr, room, cap);
	(style == QR_ASCII ? draw_ascii : draw)(qr, &wr);
	/* The picture is the secret, too. */
	explicit_bzero(qr->data, (size_t)qr->width * (size_t)qr->width);
	QRcode_free(qr);
	return aia_wr_end(&wr, &len);
}

int
qr_text(const char *data, char *room, size_t cap)
{
	return qr_draw(data, QR_UNICODE, room, cap);
}
