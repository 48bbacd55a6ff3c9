/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wire.c - messages to packets and back, by one table for both ways.
 */
#include "config.h"

#include "common/wire.h"

#include <errno.h>
#include <string.h>

#define HEAD_LEN 2	/* version, type */

void
aia_list_add(struct aia_wr *list, const void *p, size_t len)
{
	if (len > UINT16_MAX) {
		list->full = true;
		return;
	}
	aia_wr_u16(list, (uint16_t)len);
	aia_wr_bytes(list, p, len);
}

bool
aia_list_next(struct aia_span *list, struct aia_span *ret)
{
	struct aia_rd rd;
	struct aia_span item;

	if (list->len == 0)
		return false;
	aia_rd_init(&rd, list->p, list->len);
	item = aia_rd_bytes(&rd, aia_rd_u16(&rd));
	if (rd.bad)
		return false;
	*list = aia_span_of(rd.p, rd.left);
	*ret = item;
	return true;
}

static bool
list_ok(struct aia_span list)
{
	struct aia_span item;

	while (aia_list_next(&list, &item))
		;
	return list.len == 0;
}

/* The rules for a value are the same in both directions. */
static bool
span_ok(const struct aia_field *f, struct aia_span s)
{
	if (s.p == NULL || s.len > f->max)
		return false;
	if (f->kind == AIA_TEXT)
		return memchr(s.p, '\0', s.len) == NULL;
	return f->kind != AIA_LIST || list_ok(s);
}

static void
put_span(struct aia_wr *wr, const void *p, size_t len)
{
	if (len > UINT16_MAX) {
		wr->full = true;
		return;
	}
	aia_wr_u16(wr, (uint16_t)len);
	aia_wr_bytes(wr, p, len);
}

static int
put_field(struct aia_wr *wr, const struct aia_field *f, const void *at)
{
	const struct aia_name *name;
	const struct aia_span *s;
	struct aia_name again;
	uint32_t u32;
	int64_t i64;

	aia_wr_u8(wr, f->id);
	aia_wr_u8(wr, f->kind);
	switch ((enum aia_kind)f->kind) {
	case AIA_U32:
		memcpy(&u32, at, sizeof(u32));
		if (u32 > f->max)
			return AIA_EPROTO;
		aia_wr_u16(wr, 4);
		aia_wr_u32(wr, u32);
		return 0;
	case AIA_I64:
		memcpy(&i64, at, sizeof(i64));
		aia_wr_u16(wr, 8);
		aia_wr_u64(wr, (uint64_t)i64);
		return 0;
	case AIA_NAME:
		name = at;
		if (aia_name_parse(name->s, strnlen(name->s,
		    sizeof(name->s)), &again) < 0)
			return AIA_EPROTO;
		put_span(wr, again.s, strlen(again.s));
		return 0;
	case AIA_TEXT:
	case AIA_BYTES:
	case AIA_LIST:
		s = at;
		if (!span_ok(f, *s))
			return AIA_EPROTO;
		put_span(wr, s->p, s->len);
		return 0;
	}
	return AIA_EPROTO;
}

int
aia_encode(const struct aia_message *m, uint8_t version, const void *in,
    struct aia_packet *ret)
{
	const uint8_t *base = in;
	struct aia_wr wr;
	uint32_t has;
	int r;

	memcpy(&has, base, sizeof(has));
	aia_wr_init(&wr, ret->buf, sizeof(ret->buf));
	aia_wr_u8(&wr, version);
	aia_wr_u8(&wr, m->type);
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct aia_field *f = &m->fields[i];

		if (!f->required && (has & AIA_BIT(f->id)) == 0)
			continue;
		r = put_field(&wr, f, base + f->offset);
		if (r < 0)
			return r;
	}
	r = aia_wr_end(&wr, &ret->len);
	if (r < 0)
		return r;
	ret->version = version;
	ret->type = m->type;
	return 0;
}

int
aia_packet_head(struct aia_packet *pkt)
{
	if (pkt->len < HEAD_LEN || pkt->len > sizeof(pkt->buf))
		return AIA_EPROTO;
	pkt->version = pkt->buf[0];
	pkt->type = pkt->buf[1];
	return 0;
}

static int
take_field(const struct aia_field *f, struct aia_span value, void *at)
{
	struct aia_rd rd;
	uint32_t u32;
	int64_t i64;

	aia_rd_init(&rd, value.p, value.len);
	switch ((enum aia_kind)f->kind) {
	case AIA_U32:
		u32 = aia_rd_u32(&rd);
		if (aia_rd_end(&rd) < 0 || u32 > f->max)
			return AIA_EPROTO;
		memcpy(at, &u32, sizeof(u32));
		return 0;
	case AIA_I64:
		i64 = (int64_t)aia_rd_u64(&rd);
		if (aia_rd_end(&rd) < 0)
			return AIA_EPROTO;
		memcpy(at, &i64, sizeof(i64));
		return 0;
	case AIA_NAME:
		return aia_name_parse((const char *)value.p, value.len, at) < 0
		    ? AIA_EPROTO : 0;
	case AIA_TEXT:
	case AIA_BYTES:
	case AIA_LIST:
		if (!span_ok(f, value))
			return AIA_EPROTO;
		memcpy(at, &value, sizeof(value));
		return 0;
	}
	return AIA_EPROTO;
}

static const struct aia_field *
field_of(const struct aia_message *m, uint8_t id, uint8_t kind)
{
	for (size_t i = 0; i < m->n_fields; i++)
		if (m->fields[i].id == id && m->fields[i].kind == kind)
			return &m->fields[i];
	return NULL;
}

static int
take_fields(const struct aia_message *m, struct aia_rd *rd, uint8_t *base,
    uint32_t *ret_has)
{
	uint8_t last = 0;
	int r;

	while (rd->left > 0) {
		uint8_t id = aia_rd_u8(rd);
		uint8_t kind = aia_rd_u8(rd);
		struct aia_span value = aia_rd_bytes(rd, aia_rd_u16(rd));
		const struct aia_field *f = field_of(m, id, kind);

		if (rd->bad || f == NULL || id <= last)
			return AIA_EPROTO;
		r = take_field(f, value, base + f->offset);
		if (r < 0)
			return r;
		*ret_has |= AIA_BIT(id);
		last = id;
	}
	return 0;
}

int
aia_decode(const struct aia_message *m, const struct aia_packet *pkt,
    void *out)
{
	struct aia_rd rd;
	uint32_t has = 0;
	int r;

	memset(out, 0, m->size);
	aia_rd_init(&rd, pkt->buf, pkt->len);
	(void)aia_rd_u8(&rd);	/* the caller chose by version and type */
	if (aia_rd_u8(&rd) != m->type)
		return AIA_EPROTO;
	r = take_fields(m, &rd, out, &has);
	if (r < 0)
		goto bad;
	r = AIA_EPROTO;
	for (size_t i = 0; i < m->n_fields; i++)
		if (m->fields[i].required &&
		    (has & AIA_BIT(m->fields[i].id)) == 0)
			goto bad;
	r = aia_rd_end(&rd);
	if (r < 0)
		goto bad;
	memcpy(out, &has, sizeof(has));
	return 0;
bad:
	memset(out, 0, m->size);
	return r;
}
