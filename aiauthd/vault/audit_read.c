/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_read.c - reads the audit log page by page, and looks whether it is as
 * it was written.
 *
 * The files are read anew each time: whoever may have touched them did so
 * behind our back.  Everything known between two pages is in the cursor.
 */
#include "config.h"

#include "aiauthd/vault/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/vault/audit_finding.h"
#include "aiauthd/vault/audit_log.h"
#include "aiauthd/vault/question.h"

#define CURSOR_FORMAT 1
/* Nobody waits long for a page, whatever stands in the files. */
#define PAGE_BYTES_MAX 262144

struct cursor {
	uint64_t	  segment, offset;	/* what to read next */
	struct audit_link last;			/* the record before it */
	bool		  broken;		/* its hash is not known */
};

struct audit_room {
	struct audit_scan scan;
	struct cursor	  at;
	uint64_t	  read;		/* bytes, for this page */
	struct aia_wr	  lines, findings;
	uint8_t		  lines_room[VAULT_LINES_MAX];
	uint8_t		  findings_room[VAULT_FINDINGS_MAX];
	uint8_t		  cursor[VAULT_CURSOR_MAX];
};

void
audit_room_free(struct audit_room *room)
{
	free(room);
}

static int
cursor_decode(struct aia_span in, struct cursor *ret)
{
	struct cursor c = { 0 };
	struct aia_span hash;
	struct aia_rd rd;

	aia_rd_init(&rd, in.p, in.len);
	if (aia_rd_u8(&rd) != CURSOR_FORMAT)
		return AIA_EPROTO;
	c.segment = aia_rd_u64(&rd);
	c.offset = aia_rd_u64(&rd);
	c.last.seq = aia_rd_u64(&rd);
	hash = aia_rd_bytes(&rd, sizeof(c.last.hash));
	c.broken = aia_rd_u8(&rd) != 0;
	if (aia_rd_end(&rd) < 0 || c.offset > INT64_MAX)
		return AIA_EPROTO;
	memcpy(c.last.hash, hash.p, hash.len);
	*ret = c;
	return 0;
}

static int
cursor_encode(const struct cursor *c, uint8_t room[VAULT_CURSOR_MAX],
    struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, VAULT_CURSOR_MAX);
	aia_wr_u8(&wr, CURSOR_FORMAT);
	aia_wr_u64(&wr, c->segment);
	aia_wr_u64(&wr, c->offset);
	aia_wr_u64(&wr, c->last.seq);
	aia_wr_bytes(&wr, c->last.hash, sizeof(c->last.hash));
	aia_wr_u8(&wr, c->broken ? 1 : 0);
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(room, len);
	return r;
}

static void
found(struct audit_room *room, enum audit_what what, uint64_t from,
    uint64_t to)
{
	const struct audit_finding f = { what, from, to };

	audit_finding_put(&room->findings, &f);
}

/* Something stands where the next record should. */
static void
bad_line(struct audit_room *room, enum audit_what what)
{
	struct cursor *c = &room->at;

	c->last.seq++;
	c->broken = true;
	found(room, what, c->last.seq, c->last.seq);
}

/* A record of ours: is it the one that comes next? */
static void
good_line(struct audit_room *room, const struct audit_line *line,
    struct aia_span text)
{
	struct cursor *c = &room->at;
	uint64_t seq = line->link.seq;

	aia_list_add(&room->lines, text.p, text.len);
	if (seq <= c->last.seq) {
		found(room, AUDIT_OUT_OF_PLACE, seq, seq);
		return;
	}
	if (seq > c->last.seq + 1)
		found(room, AUDIT_MISSING, c->last.seq + 1, seq - 1);
	else if (!c->broken && memcmp(line->prev, c->last.hash,
	    sizeof(line->prev)) != 0)
		found(room, AUDIT_NOT_FOLLOWING, seq, seq);
	c->last = line->link;
	c->broken = false;
}

/* One item of a segment.  *ret_full: it does not fit on this page. */
static int
item_take(struct audit_room *room, const struct crypto_key *key,
    enum audit_item item, struct aia_span text, bool *ret_full)
{
	struct audit_line line;
	int r;

	*ret_full = room->findings.cap - room->findings.len <
	    2 * (AUDIT_FINDING_LEN + 2) ||
	    room->lines.cap - room->lines.len < text.len + 2;
	if (*ret_full)
		return 0;
	r = item == AUDIT_ITEM_LINE ? audit_line_read(key, text, &line) :
	    AIA_EPROTO;
	if (r == 0)
		good_line(room, &line, text);
	else if (r == AIA_EDAMAGED)
		bad_line(room, AUDIT_CHANGED);
	else if (r == AIA_EPROTO)
		bad_line(room, AUDIT_NOT_A_RECORD);
	else
		return r;
	room->at.offset = room->scan.offset;
	room->read += text.len + 1;
	*ret_full = room->read >= PAGE_BYTES_MAX;
	return 0;
}

/* The rest of one segment; one that is not there has none. */
static int
segment_read(const struct desk *desk, struct audit_room *room, bool *ret_full)
{
	enum audit_item item = AUDIT_ITEM_LINE;
	struct aia_span text;
	int fd, r;

	r = audit_segment_open(desk->audit->dir_fd, room->at.segment,
	    AUDIT_READ_ONLY, &fd);
	if (r == -ENOENT || r == AIA_EUNTRUSTED)
		return 0;
	if (r < 0)
		return r;
	audit_scan_init(&room->scan, fd, room->at.offset);
	while (r == 0 && !*ret_full) {
		r = audit_scan_next(&room->scan, &item, &text);
		if (r < 0 || item == AUDIT_ITEM_END)
			break;
		r = item_take(room, &desk->keys.audit, item, text, ret_full);
	}
	(void)close(fd);
	return r;
}

/* The segment behind this one; 0: it was the last of the log. */
static int
segment_next(const struct audit *a, uint64_t segment, uint64_t *ret)
{
	struct audit_segments list = { 0 };
	int r = audit_folder_list(a->dir_fd, &list);

	*ret = 0;
	for (size_t i = list.n; i-- > 0 && list.v[i].first > segment; )
		if (list.v[i].first <= a->segment)
			*ret = list.v[i].first;
	audit_segments_clear(&list);
	return r;
}

/* Where to begin; also when what was being read is no longer kept. */
static int
page_begin(const struct audit *a, struct aia_span cursor,
    struct audit_room *room)
{
	struct cursor *c = &room->at;
	int r = 0;

	aia_wr_init(&room->lines, room->lines_room,
	    sizeof(room->lines_room));
	aia_wr_init(&room->findings, room->findings_room,
	    sizeof(room->findings_room));
	room->read = 0;
	*c = (struct cursor){ 0 };
	if (cursor.len > 0)
		r = cursor_decode(cursor, c);
	if (r == 0 && c->segment < a->first)
		*c = (struct cursor){ .segment = a->first, .broken = true,
		    .last = { .seq = a->first - 1 } };
	return r;
}

static int
page_read(const struct desk *desk, struct audit_room *room, bool *ret_end)
{
	struct cursor *c = &room->at;
	bool is_full = false;
	uint64_t next;
	int r;

	for (;;) {
		r = segment_read(desk, room, &is_full);
		if (r < 0 || is_full)
			return r;
		r = segment_next(desk->audit, c->segment, &next);
		if (r < 0 || next == 0)
			break;
		c->segment = next;
		c->offset = 0;
	}
	if (r == 0 && c->last.seq < desk->audit->last.seq)
		found(room, AUDIT_MISSING, c->last.seq + 1,
		    desk->audit->last.seq);
	*ret_end = r == 0;
	return r;
}

int
audit_read(const struct desk *desk, struct aia_span cursor,
    struct audit_page *ret)
{
	struct audit *a = desk->audit;
	struct audit_page page = { 0 };
	struct audit_room *room;
	bool end = false;
	int r;

	r = audit_prepare(desk);
	if (r < 0)
		return r;
	if (a->room == NULL)
		a->room = malloc(sizeof(*a->room));
	room = a->room;
	if (room == NULL)
		return -ENOMEM;
	r = page_begin(a, cursor, room);
	if (r == 0)
		r = page_read(desk, room, &end);
	if (r == 0 && !end)
		r = cursor_encode(&room->at, room->cursor, &page.cursor);
	if (r < 0)
		return r;
	page.lines = aia_span_of(room->lines_room, room->lines.len);
	page.findings = aia_span_of(room->findings_room, room->findings.len);
	*ret = page;
	return 0;
}
