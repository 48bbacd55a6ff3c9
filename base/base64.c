/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64.c - base64 (RFC 4648), strict.
 */
#include "config.h"

#include "base/base64.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
static const char alphabet[] = LETTERS "0123456789+/";
static const char alphabet_url[] = LETTERS "0123456789-_";

static int
value_of(const char *letters, uint8_t c)
{
	const char *at = c == '\0' ? NULL : strchr(letters, c);

	return at == NULL ? -1 : (int)(at - letters);
}

/* Four letters, of which the last 'pad' stand for none: three bytes, less as
 * many. */
static int
quad(const char *letters, const uint8_t *p, unsigned pad, uint8_t out[3])
{
	uint32_t bits = 0;
	int v;

	for (unsigned i = 0; i < 4; i++) {
		v = i < 4 - pad ? value_of(letters, p[i]) : 0;
		if (v < 0)
			return AIA_EPROTO;
		bits = bits << 6 | (uint32_t)v;
	}
	out[0] = (uint8_t)(bits >> 16);
	out[1] = (uint8_t)(bits >> 8);
	out[2] = (uint8_t)bits;
	/* What padding cuts off must say nothing. */
	return (bits & ((1u << 8 * pad) - 1)) == 0 ? 0 : AIA_EPROTO;
}

static int
decode(const char *letters, struct aia_span text, unsigned pad, uint8_t *room,
    size_t cap, size_t *ret_len)
{
	size_t len = 0, n;
	uint8_t out[3];
	int r;

	for (size_t i = 0; i < text.len; i += 4) {
		bool is_last = text.len - i <= 4;

		r = quad(letters, text.p + i, is_last ? pad : 0, out);
		if (r < 0)
			return r;
		n = 3 - (is_last ? pad : 0);
		if (n > cap - len)
			return -ENOBUFS;
		memcpy(room + len, out, n);
		len += n;
	}
	*ret_len = len;
	return 0;
}

int
base64_decode(struct aia_span text, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	unsigned pad = 0;

	if (text.len % 4 != 0)
		return AIA_EPROTO;
	if (text.len > 0 && text.p[text.len - 1] == '=')
		pad = text.p[text.len - 2] == '=' ? 2 : 1;
	return decode(alphabet, text, pad, room, cap, ret_len);
}

int
base64url_decode(struct aia_span text, uint8_t *room, size_t cap,
    size_t *ret_len)
{
	static const unsigned pads[] = { 0, 3, 2, 1 };
	unsigned pad = pads[text.len % 4];

	return pad == 3 ? AIA_EPROTO :
	    decode(alphabet_url, text, pad, room, cap, ret_len);
}

int
base64_encode(struct aia_span bytes, char *room, size_t cap)
{
	size_t at = 0;

	if (cap < BASE64_ROOM(bytes.len))
		return -ENOBUFS;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? bytes.p[i + j] : 0u);
		for (size_t j = 0; j < 4; j++)
			room[at++] = j > n ? '=' :
			    alphabet[bits >> (18 - 6 * j) & 0x3f];
	}
	room[at] = '\0';
	return 0;
}
