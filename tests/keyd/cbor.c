/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cbor.c - as much of CBOR as CTAP needs.
 */
#include "config.h"

#include "tests/keyd/cbor.h"

#include <string.h>

void
cbor_head(struct aia_wr *wr, enum cbor_major major, uint32_t v)
{
	uint8_t top = (uint8_t)(major << 5);

	if (v < 24) {
		aia_wr_u8(wr, (uint8_t)(top | v));
	} else if (v < 256) {
		aia_wr_u8(wr, top | 24);
		aia_wr_u8(wr, (uint8_t)v);
	} else {
		aia_wr_u8(wr, top | 25);
		aia_wr_u16(wr, (uint16_t)v);
	}
}

void
cbor_int(struct aia_wr *wr, int v)
{
	if (v < 0)
		cbor_head(wr, CBOR_NEGATIVE, (uint32_t)(-1 - v));
	else
		cbor_head(wr, CBOR_UINT, (uint32_t)v);
}

void
cbor_bytes(struct aia_wr *wr, const void *p, size_t len)
{
	cbor_head(wr, CBOR_BYTES, (uint32_t)len);
	aia_wr_bytes(wr, p, len);
}

void
cbor_text(struct aia_wr *wr, const char *s)
{
	cbor_head(wr, CBOR_TEXT, (uint32_t)strlen(s));
	aia_wr_bytes(wr, s, strlen(s));
}

void
cbor_bool(struct aia_wr *wr, bool v)
{
	aia_wr_u8(wr, v ? 0xf5 : 0xf4);
}

static unsigned
get_head(struct aia_rd *rd, uint32_t *ret)
{
	uint8_t b = aia_rd_u8(rd);

	switch (b & 31) {
	case 24:	*ret = aia_rd_u8(rd); break;
	case 25:	*ret = aia_rd_u16(rd); break;
	case 26:	*ret = aia_rd_u32(rd); break;
	default:	*ret = b & 31; break;
	}
	if ((b & 31) > 26)
		rd->bad = true;
	return b >> 5;
}

int64_t
cbor_get_int(struct aia_rd *rd)
{
	uint32_t v = 0;
	unsigned major = get_head(rd, &v);

	if (major > CBOR_NEGATIVE)
		rd->bad = true;
	return major == CBOR_NEGATIVE ? -1 - (int64_t)v : (int64_t)v;
}

struct aia_span
cbor_get_string(struct aia_rd *rd, enum cbor_major major)
{
	uint32_t len = 0;

	if (get_head(rd, &len) != major)
		rd->bad = true;
	return aia_rd_bytes(rd, len);
}

uint32_t
cbor_get_array(struct aia_rd *rd)
{
	uint32_t n = 0;

	if (get_head(rd, &n) != CBOR_ARRAY)
		rd->bad = true;
	return rd->bad ? 0 : n;
}

void
cbor_skip(struct aia_rd *rd)
{
	uint32_t v = 0;
	unsigned major = get_head(rd, &v);

	if (major == CBOR_BYTES || major == CBOR_TEXT)
		(void)aia_rd_bytes(rd, v);
	for (uint32_t i = 0; !rd->bad && i < v && (major == CBOR_ARRAY ||
	    major == CBOR_MAP); i++) {
		cbor_skip(rd);
		if (major == CBOR_MAP)
			cbor_skip(rd);
	}
}

static uint32_t
map_begin(struct aia_span map, struct aia_rd *rd)
{
	uint32_t n = 0;

	aia_rd_init(rd, map.p, map.len);
	return get_head(rd, &n) == CBOR_MAP && !rd->bad ? n : 0;
}

bool
cbor_find_int(struct aia_span map, int key, struct aia_rd *ret)
{
	uint32_t n = map_begin(map, ret);

	for (uint32_t i = 0; i < n && !ret->bad; i++) {
		if (cbor_get_int(ret) == key)
			return !ret->bad;
		cbor_skip(ret);
	}
	return false;
}

bool
cbor_find_text(struct aia_span map, const char *key, struct aia_rd *ret)
{
	uint32_t n = map_begin(map, ret);

	for (uint32_t i = 0; i < n && !ret->bad; i++) {
		if (aia_span_eq(cbor_get_string(ret, CBOR_TEXT),
		    aia_span_str(key)))
			return !ret->bad;
		cbor_skip(ret);
	}
	return false;
}

struct aia_span
cbor_here(const struct aia_rd *rd)
{
	return aia_span_of(rd->p, rd->left);
}
