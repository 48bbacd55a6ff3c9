/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.c - one listing as it comes in, kept aside until it is complete.
 *
 * In the file: for each record a length of four bytes and the packet.
 */
#include "config.h"

#include "aiauthd/keeper/stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stage {
	FILE		*file;		/* stdio for its buffer only */
	struct aia_name	 source;
	enum { STAGE_NEW, STAGE_OPEN, STAGE_ENDED } state;
	bool		 full, merges, complete;
	uint64_t	 objects_left, members_left, bytes_left;
	uint8_t		 cursor[NETCALL_CURSOR_MAX];
	struct aia_span	 cursor_span;
	struct aia_packet pkt;		/* of stage_next() */
};

int
stage_new(int fd, const struct aia_name *source, uint32_t objects_max,
    struct stage **ret)
{
	struct stage *sg = calloc(1, sizeof(*sg));

	if (sg == NULL)
		goto bad;
	sg->file = fdopen(fd, "w+");
	if (sg->file == NULL)
		goto bad;
	sg->source = *source;
	sg->objects_left = objects_max;
	sg->members_left = (uint64_t)objects_max * STAGE_MEMBERS_PER_OBJECT;
	sg->bytes_left = STAGE_BYTES_MIN +
	    (uint64_t)objects_max * STAGE_BYTES_PER_OBJECT;
	*ret = sg;
	return 0;
bad:
	free(sg);
	(void)close(fd);
	return -ENOMEM;
}

void
stage_free(struct stage *sg)
{
	if (sg == NULL)
		return;
	(void)fclose(sg->file);
	free(sg);
}

bool
stage_is_full(const struct stage *sg)
{
	return sg->full;
}

bool
stage_merges(const struct stage *sg)
{
	return sg->merges;
}

bool
stage_has_ended(const struct stage *sg)
{
	return sg->state == STAGE_ENDED;
}

bool
stage_is_complete(const struct stage *sg)
{
	return sg->state == STAGE_ENDED && sg->complete;
}

struct aia_span
stage_cursor(const struct stage *sg)
{
	return sg->cursor_span;
}

static int
take(uint64_t *left, uint64_t n)
{
	if (n > *left)
		return -EFBIG;
	*left -= n;
	return 0;
}

static int
keep(struct stage *sg, const struct aia_packet *pkt)
{
	uint8_t head[4];
	struct aia_wr wr;
	int r;

	r = take(&sg->bytes_left, pkt->len + sizeof(head));
	if (r < 0)
		return r;
	aia_wr_init(&wr, head, sizeof(head));
	aia_wr_u32(&wr, (uint32_t)pkt->len);
	if (fwrite(head, sizeof(head), 1, sg->file) != 1 ||
	    fwrite(pkt->buf, pkt->len, 1, sg->file) != 1)
		return -EIO;
	return 0;
}

/* Every message has a table of its own; all are decoded into one of these. */
union message {
	struct netcall_listing_begin	begin;
	struct netcall_listing_end	end;
	struct stage_record		record;
};

static int
begin_take(struct stage *sg, const union message *m)
{
	if (!aia_name_eq(&m->begin.source, &sg->source) || m->begin.mode == 0)
		return AIA_EPROTO;
	sg->full = m->begin.mode == NETCALL_FULL;
	sg->merges = m->begin.merges != 0;
	sg->state = STAGE_OPEN;
	return 0;
}

static int
end_take(struct stage *sg, const union message *m)
{
	sg->complete = m->end.complete != 0;
	if (AIA_HAS(&m->end, NETCALL_END_F_CURSOR)) {
		memcpy(sg->cursor, m->end.cursor.p, m->end.cursor.len);
		sg->cursor_span = aia_span_of(sg->cursor, m->end.cursor.len);
	}
	sg->state = STAGE_ENDED;
	return 0;
}

/* USER, GROUP and GONE begin alike: the object id. */
static int
object_take(struct stage *sg, const union message *m)
{
	if (m->record.gone.object_id.len == 0)
		return AIA_EPROTO;
	return take(&sg->objects_left, 1);
}

static int
members_take(struct stage *sg, const union message *m)
{
	struct aia_span list = m->record.members.members, item;

	if (m->record.members.group.len == 0)
		return AIA_EPROTO;
	while (aia_list_next(&list, &item)) {
		if (item.len == 0 || item.len > OBJECT_ID_LEN_MAX ||
		    memchr(item.p, '\0', item.len) != NULL)
			return AIA_EPROTO;
		if (take(&sg->members_left, 1) < 0)
			return -EFBIG;
	}
	return 0;
}

static const struct row {
	int			 state;		/* when it may come */
	bool			 is_record;	/* kept for apply.c */
	const struct aia_message *m;
	size_t			 offset;	/* in the union */
	int			(*take)(struct stage *sg,
				    const union message *m);
} rows[] = {
	{ STAGE_NEW, false, &netcall_m_listing_begin,
	    offsetof(union message, begin), begin_take },
	{ STAGE_OPEN, true, &netcall_m_user,
	    offsetof(union message, record.user), object_take },
	{ STAGE_OPEN, true, &netcall_m_group,
	    offsetof(union message, record.group), object_take },
	{ STAGE_OPEN, true, &netcall_m_member_add,
	    offsetof(union message, record.members), members_take },
	{ STAGE_OPEN, true, &netcall_m_member_del,
	    offsetof(union message, record.members), members_take },
	{ STAGE_OPEN, true, &netcall_m_gone,
	    offsetof(union message, record.gone), object_take },
	{ STAGE_OPEN, false, &netcall_m_listing_end,
	    offsetof(union message, end), end_take },
};

static int
decode(const struct aia_packet *pkt, const struct row **ret_row,
    union message *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].m->type != pkt->type)
			continue;
		*ret_row = &rows[i];
		return aia_decode(rows[i].m, pkt,
		    (uint8_t *)ret + rows[i].offset);
	}
	return AIA_EPROTO;
}

int
stage_packet(struct stage *sg, const struct aia_packet *pkt)
{
	union message m = { 0 };
	const struct row *row;
	int r;

	r = decode(pkt, &row, &m);
	if (r < 0)
		return r;
	if ((int)sg->state != row->state)
		return AIA_EPROTO;
	r = row->take(sg, &m);
	if (r < 0)
		return r;
	return row->is_record ? keep(sg, pkt) : 0;
}

int
stage_rewind(struct stage *sg)
{
	if (fflush(sg->file) != 0)
		return -errno;
	if (fseek(sg->file, 0, SEEK_SET) != 0)
		return -errno;
	return 0;
}

/* It was checked on its way in, but a disk may have changed it. */
int
stage_next(struct stage *sg, struct stage_record *ret)
{
	union message m = { 0 };
	const struct row *row = NULL;
	uint8_t head[4];
	struct aia_rd rd;
	int r;

	if (fread(head, sizeof(head), 1, sg->file) != 1)
		return ferror(sg->file) ? -EIO : 0;
	aia_rd_init(&rd, head, sizeof(head));
	sg->pkt.len = aia_rd_u32(&rd);
	if (sg->pkt.len > sizeof(sg->pkt.buf) ||
	    fread(sg->pkt.buf, 1, sg->pkt.len, sg->file) != sg->pkt.len)
		return -EIO;
	r = aia_packet_head(&sg->pkt);
	if (r == 0)
		r = decode(&sg->pkt, &row, &m);
	if (r < 0)
		return r;
	if (!row->is_record)
		return AIA_EDAMAGED;
	*ret = m.record;
	ret->type = sg->pkt.type;
	return 1;
}
