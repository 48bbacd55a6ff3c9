/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bytes.c - bounded reading and writing of bytes.
 */
#include "config.h"

#include "common/bytes.h"

#include <errno.h>
#include <string.h>

struct aia_span
aia_span_of(const void *p, size_t len)
{
	return (struct aia_span){ .p = p, .len = len };
}

struct aia_span
aia_span_str(const char *s)
{
	return aia_span_of(s, s == NULL ? 0 : strlen(s));
}

bool
aia_span_eq(struct aia_span a, struct aia_span b)
{
	if (a.p == NULL || b.p == NULL)
		return a.p == b.p;
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static const uint8_t *
rd_take(struct aia_rd *rd, size_t n)
{
	const uint8_t *at = rd->p;

	if (rd->bad || n > rd->left) {	/* compare lengths; p + n may wrap */
		rd->bad = true;
		return NULL;
	}
	rd->p += n;
	rd->left -= n;
	return at;
}

static uint64_t
rd_uint(struct aia_rd *rd, size_t n)
{
	const uint8_t *b = rd_take(rd, n);
	uint64_t v = 0;

	for (size_t i = 0; b != NULL && i < n; i++)
		v = v << 8 | b[i];
	return v;
}

void
aia_rd_init(struct aia_rd *rd, const void *p, size_t len)
{
	*rd = (struct aia_rd){ .p = p, .left = len };
}

uint8_t
aia_rd_u8(struct aia_rd *rd)
{
	return (uint8_t)rd_uint(rd, 1);
}

uint16_t
aia_rd_u16(struct aia_rd *rd)
{
	return (uint16_t)rd_uint(rd, 2);
}

uint32_t
aia_rd_u32(struct aia_rd *rd)
{
	return (uint32_t)rd_uint(rd, 4);
}

uint64_t
aia_rd_u64(struct aia_rd *rd)
{
	return rd_uint(rd, 8);
}

struct aia_span
aia_rd_bytes(struct aia_rd *rd, size_t len)
{
	const uint8_t *at = rd_take(rd, len);

	return aia_span_of(at, at == NULL ? 0 : len);
}

int
aia_rd_end(const struct aia_rd *rd)
{
	return rd->bad || rd->left != 0 ? AIA_EPROTO : 0;
}

static uint8_t *
wr_take(struct aia_wr *wr, size_t n)
{
	uint8_t *at = wr->p + wr->len;

	if (wr->full || n > wr->cap - wr->len) {
		wr->full = true;
		return NULL;
	}
	wr->len += n;
	return at;
}

static void
wr_uint(struct aia_wr *wr, uint64_t v, size_t n)
{
	uint8_t *b = wr_take(wr, n);

	for (size_t i = n; b != NULL && i > 0; i--) {
		b[i - 1] = (uint8_t)v;
		v >>= 8;
	}
}

void
aia_wr_init(struct aia_wr *wr, void *room, size_t cap)
{
	*wr = (struct aia_wr){ .p = room, .cap = cap };
}

void
aia_wr_u8(struct aia_wr *wr, uint8_t v)
{
	wr_uint(wr, v, 1);
}

void
aia_wr_u16(struct aia_wr *wr, uint16_t v)
{
	wr_uint(wr, v, 2);
}

void
aia_wr_u32(struct aia_wr *wr, uint32_t v)
{
	wr_uint(wr, v, 4);
}

void
aia_wr_u64(struct aia_wr *wr, uint64_t v)
{
	wr_uint(wr, v, 8);
}

void
aia_wr_bytes(struct aia_wr *wr, const void *p, size_t len)
{
	uint8_t *at = wr_take(wr, len);

	if (at != NULL && len != 0)
		memcpy(at, p, len);
}

int
aia_wr_end(const struct aia_wr *wr, size_t *ret_len)
{
	if (wr->full)
		return -ENOBUFS;
	*ret_len = wr->len;
	return 0;
}
