/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_tail.c - where the chain ends.
 */
#include "config.h"

#include "aiauthd/vault/audit_tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aiauthd/vault/audit_folder.h"
#include "base/json.h"

int
audit_begin_read(struct aia_span line, struct audit_begin *ret)
{
	struct audit_begin begin = { 0 };
	struct json *json = NULL;
	struct aia_span kind;
	int64_t first = 0;
	int r;

	r = json_parse(line.p, line.len, AUDIT_LINE_MAX, &json);
	if (r < 0)
		return r == -ENOMEM ? r : AIA_EPROTO;
	if (json_get_str(json, "kind", 16, &kind) < 0 ||
	    !aia_span_eq(kind, aia_span_str("segment")) ||
	    json_get_i64(json, "first", 1, INT64_MAX, &first) < 0 ||
	    json_get_i64(json, "time_s", INT64_MIN, INT64_MAX,
	    &begin.time_s) < 0)
		r = AIA_EPROTO;
	begin.first = (uint64_t)first;
	if (r == 0)
		*ret = begin;
	json_free(json);
	return r;
}

static bool
link_eq(const struct audit_link *a, const struct audit_link *b)
{
	return a->seq == b->seq &&
	    memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

struct walk {
	const struct crypto_key *key;
	struct audit_scan	*scan;
	struct audit_tail	*tail;
	uint64_t		 segment;
	bool			 on;	/* the end of the chain as known before
					 * was seen: what follows counts */
};

/* The first line of a segment tells what was kept when it was begun. */
static int
begin_take(struct walk *w, struct aia_span text)
{
	struct audit_begin begin;
	int r = audit_begin_read(text, &begin);

	if (r == AIA_EPROTO)
		return 0;
	if (r < 0)
		return r;
	w->tail->began_s = begin.time_s;
	if (begin.first > w->tail->first)
		w->tail->first = begin.first;
	return 0;
}

/* One genuine line.  *ret_more: the next may count. */
static int
line_take(struct walk *w, const struct audit_line *line, struct aia_span text,
    bool *ret_more)
{
	struct audit_tail *t = w->tail;
	bool next = line->link.seq == t->last.seq + 1 &&
	    memcmp(line->prev, t->last.hash, sizeof(line->prev)) == 0;

	*ret_more = !w->on || next;
	if (!*ret_more)
		return 0;
	if (w->on)
		t->last = line->link;
	else
		w->on = link_eq(&line->link, &t->last);
	if (w->on) {
		t->segment = w->segment;
		t->offset = w->scan->offset;
	}
	return line->link.seq == w->segment ? begin_take(w, text) : 0;
}

/*
 * Behind the end as it was known, the first thing that is no record of ours
 * ends the chain: a write that was cut off.  Before it, that is damage, which
 * is left to who verifies.
 */
static int
walk(struct walk *w)
{
	enum audit_item item;
	struct audit_line line;
	struct aia_span text;
	bool more = true;
	int r;

	while (more) {
		r = audit_scan_next(w->scan, &item, &text);
		if (r < 0 || item == AUDIT_ITEM_END)
			return r;
		r = item == AUDIT_ITEM_LINE ?
		    audit_line_read(w->key, text, &line) : AIA_EPROTO;
		if (r == AIA_EPROTO || r == AIA_EDAMAGED)
			more = !w->on;
		else if (r == 0)
			r = line_take(w, &line, text, &more);
		if (r < 0 && r != AIA_EPROTO && r != AIA_EDAMAGED)
			return r;
	}
	return 0;
}

/* A segment that is not there has no lines. */
static int
segment_walk(int dir_fd, uint64_t segment, struct walk *w)
{
	int fd, r;

	r = audit_segment_open(dir_fd, segment, AUDIT_READ_ONLY, &fd);
	if (r == -ENOENT || r == AIA_EUNTRUSTED)
		return 0;
	if (r < 0)
		return r;
	w->segment = segment;
	audit_scan_init(w->scan, fd, 0);
	r = walk(w);
	(void)close(fd);
	return r;
}

int
audit_tail_find(int dir_fd, const struct crypto_key *key,
    const struct audit_head *head, struct audit_tail *ret)
{
	struct audit_tail t = { .last = head->last, .first = head->first };
	struct walk w = { .key = key, .tail = &t, .on = head->last.seq == 0 };
	uint64_t before;
	int r = 0;

	w.scan = malloc(sizeof(*w.scan));
	if (w.scan == NULL)
		return -ENOMEM;
	if (!w.on)
		r = segment_walk(dir_fd, head->segment, &w);
	t.cut = !w.on;
	/* One begun since then is called after the record that follows. */
	w.on = true;
	do {
		before = t.last.seq;
		if (r == 0)
			r = segment_walk(dir_fd, before + 1, &w);
	} while (r == 0 && t.last.seq != before);
	free(w.scan);
	if (r == 0)
		*ret = t;
	return r;
}
