/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit.c - writes the audit log.
 */
#include "config.h"

#include "aiauthd/vault/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthd/vault/audit_log.h"
#include "aiauthd/vault/audit_tail.h"
#include "base/json.h"
#include "base/log.h"

int
audit_new(const struct paths *paths, const struct audit_limits *limits,
    struct audit **ret)
{
	struct audit *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return -ENOMEM;
	a->paths = paths;
	a->limits = *limits;
	a->dir_fd = a->fd = -1;
	*ret = a;
	return 0;
}

void
audit_free(struct audit *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		(void)close(a->fd);
	if (a->dir_fd >= 0)
		(void)close(a->dir_fd);
	audit_room_free(a->room);
	free(a);
}

/* Whole, or not at all: half a line would end the chain at the next start. */
static int
line_write(struct audit *a, const char *line, size_t len)
{
	struct stat st;
	size_t done = 0;
	ssize_t n = 0;
	int r = 0;

	while (done < len) {
		n = write(a->fd, line + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			r = n < 0 ? -errno : -EIO;
			break;
		}
		done += (size_t)n;
	}
	if (r == 0) {
		a->size += len;
		return 0;
	}
	if (done > 0 && (fstat(a->fd, &st) < 0 ||
	    ftruncate(a->fd, st.st_size - (off_t)done) < 0))
		a->ready = false;	/* find the end anew */
	return r;
}

/* The line ends in *link; the caller says where that leaves the chain. */
static int
begin_write(struct audit *a, const struct desk *desk, const char *why,
    uint64_t first, struct audit_link *link)
{
	struct json_out *o;
	char *line = NULL;
	size_t len = 0;
	int r;

	r = audit_line_begin(&a->last, desk->now_s, &desk->boot, "segment",
	    &o);
	if (r < 0)
		return r;
	json_out_str(o, "why", why);
	json_out_i64(o, "first", (int64_t)first);
	r = audit_line_end(&desk->keys.audit, a->last.seq + 1, o, &line, &len,
	    link);
	if (r == 0)
		r = line_write(a, line, len);
	if (r == 0 && fdatasync(a->fd) < 0)
		r = -errno;
	free(line);
	return r;
}

/* How many of the oldest segments must go before the next is begun. */
static size_t
surplus(const struct audit *a, const struct audit_segments *list,
    int64_t now_s)
{
	uint64_t room = a->limits.bytes - a->limits.bytes / AUDIT_SEGMENTS;
	uint64_t total = 0;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		total += list->v[i].bytes;
	for (; n < list->n && (total > room ||
	    list->v[n].written_s < now_s - a->limits.age_s); n++)
		total -= list->v[n].bytes;
	return n;
}

/* Which record comes behind the last of a segment: each has a line there. */
static int
segment_end(const struct audit *a, uint64_t segment, uint64_t *ret)
{
	struct audit_scan *s = malloc(sizeof(*s));
	enum audit_item item = AUDIT_ITEM_LINE;
	struct aia_span line;
	uint64_t n = 0;
	int fd, r;

	if (s == NULL)
		return -ENOMEM;
	r = audit_segment_open(a->dir_fd, segment, AUDIT_READ_ONLY, &fd);
	if (r < 0)
		goto out;
	audit_scan_init(s, fd, 0);
	while ((r = audit_scan_next(s, &item, &line)) == 0 &&
	    item != AUDIT_ITEM_END)
		n++;
	(void)close(fd);
	if (r == 0)
		*ret = segment + n;
out:
	free(s);
	return r;
}

/* A file of that name is what a crash left, or somebody's: never a record. */
static int
segment_create(struct audit *a, uint64_t segment, int *ret_fd)
{
	int r = audit_segment_open(a->dir_fd, segment, AUDIT_CREATE, ret_fd);

	if (r != -EEXIST)
		return r;
	log_event(LOG_WARNING, "audit.file_removed",
	    LOG_I64("record", segment));
	r = audit_segment_remove(a->dir_fd, segment);
	if (r < 0)
		return r;
	return audit_segment_open(a->dir_fd, segment, AUDIT_CREATE, ret_fd);
}

/* Go on in the file fd from now on. */
static void
segment_use(struct audit *a, int fd, uint64_t segment, uint64_t size,
    int64_t began_s)
{
	if (a->fd >= 0)
		(void)close(a->fd);
	a->fd = fd;
	a->segment = segment;
	a->size = size;
	a->began_s = began_s;
}

/*
 * Begin the next segment, then drop what is too much: its first line says from
 * which record on the log is kept, and is durable before the files go.
 */
static int
segment_begin(struct audit *a, const struct desk *desk, const char *why)
{
	struct audit_segments list = { 0 };
	uint64_t segment = a->last.seq + 1, first = a->first, end = 0;
	struct audit_link link;
	size_t n;
	int fd, r;

	if (a->fd >= 0 && fdatasync(a->fd) < 0)
		return -errno;
	r = audit_folder_list(a->dir_fd, &list);
	if (r < 0)
		return r;
	n = surplus(a, &list, desk->now_s);
	if (n > 0)
		r = segment_end(a, list.v[n - 1].first, &end);
	if (r < 0)
		goto out;
	if (end > first)
		first = end < segment ? end : segment;
	r = segment_create(a, segment, &fd);
	if (r < 0)
		goto out;
	segment_use(a, fd, segment, 0, desk->now_s);
	r = begin_write(a, desk, why, first, &link);
	if (r == 0 && fsync(a->dir_fd) < 0)
		r = -errno;
	if (r < 0) {
		a->ready = false;
		goto out;
	}
	a->last = link;
	a->first = first;
	a->must_seal = true;
	log_event(LOG_INFO, "audit.begun", LOG_STR("why", why),
	    LOG_I64("record", segment), LOG_I64("first", first));
	for (size_t i = 0; r == 0 && i < n; i++)
		r = audit_segment_remove(a->dir_fd, list.v[i].first);
out:
	audit_segments_clear(&list);
	return r;
}

/* state.db vouches for nothing: a new log, or one that is not to be trusted. */
static int
without_head(struct audit *a, const struct desk *desk)
{
	const struct audit_head none = { .first = 1, .segment = 1 };
	struct audit_segments list = { 0 };
	int r;

	r = audit_folder_list(a->dir_fd, &list);
	if (r < 0)
		return r;
	if (list.n == 0) {
		r = audit_head_save(desk, &none);
		return r < 0 ? r : -EAGAIN;
	}
	a->last = (struct audit_link){ 0 };
	r = segment_end(a, list.v[list.n - 1].first, &a->last.seq);
	audit_segments_clear(&list);
	if (r < 0)
		return r;
	log_event(LOG_CRIT, "audit.lost", LOG_I64("record", a->last.seq));
	a->first = a->last.seq--;
	return segment_begin(a, desk, "lost");
}

/* What is behind the last whole record was never vouched for: it goes. */
static int
go_on(struct audit *a, const struct audit_tail *t)
{
	struct stat st;
	int fd, r;

	r = audit_segment_open(a->dir_fd, t->segment, AUDIT_GO_ON, &fd);
	if (r < 0)
		return r;
	segment_use(a, fd, t->segment, t->offset, t->began_s);
	if (fstat(fd, &st) < 0)
		return -errno;
	if ((uint64_t)st.st_size == t->offset)
		return 0;
	log_event(LOG_WARNING, "audit.tail_dropped",
	    LOG_I64("record", t->last.seq),
	    LOG_I64("bytes", (uint64_t)st.st_size - t->offset));
	return ftruncate(fd, (off_t)t->offset) < 0 ? -errno : 0;
}

static int
with_head(struct audit *a, const struct desk *desk,
    const struct audit_head *head)
{
	struct audit_tail t;
	int r;

	r = audit_tail_find(a->dir_fd, &desk->keys.audit, head, &t);
	if (r < 0)
		return r;
	if (t.cut)
		log_event(LOG_CRIT, "audit.cut",
		    LOG_I64("record", head->last.seq));
	a->last = t.last;
	a->first = t.first;
	a->sealed = head->last.seq;
	if (t.segment != 0)
		return go_on(a, &t);
	return segment_begin(a, desk, head->last.seq == 0 ? "new" : "cut");
}

int
audit_prepare(const struct desk *desk)
{
	struct audit *a = desk->audit;
	struct audit_head head;
	int r;

	if (a->ready)
		return 0;
	if (a->dir_fd < 0) {
		r = audit_folder_open(a->paths, &a->dir_fd);
		if (r < 0)
			return r;
	}
	r = audit_head_load(desk, &head);
	if (r == -ENOENT || r == AIA_EDAMAGED)
		r = without_head(a, desk);
	else if (r == 0)
		r = with_head(a, desk, &head);
	a->ready = r == 0;
	return r;
}

static int
line_make(const struct desk *desk, const struct audit_entry *e, char **ret,
    size_t *ret_len, struct audit_link *link)
{
	const struct audit_link *last = &desk->audit->last;
	struct json_out *o;
	int r;

	r = audit_line_begin(last, desk->now_s, &desk->boot, "decision", &o);
	if (r < 0)
		return r;
	audit_entry_json(e, o);
	return audit_line_end(&desk->keys.audit, last->seq + 1, o, ret,
	    ret_len, link);
}

/* What has no bound of its own is left out rather than the record. */
static int
line_fit(const struct desk *desk, const struct audit_entry *e, char **ret,
    size_t *ret_len, struct audit_link *link)
{
	struct audit_entry less = *e;
	int r;

	r = line_make(desk, e, ret, ret_len, link);
	if (r != -EMSGSIZE)
		return r;
	less.has &= ~(AIA_BIT(AUDIT_F_ATTRIBUTES) | AIA_BIT(AUDIT_F_ROLES));
	less.flags |= AUDIT_CUT;
	return line_make(desk, &less, ret, ret_len, link);
}

/* NULL: there is room for so many bytes more. */
static const char *
full(const struct audit *a, int64_t now_s, size_t len)
{
	if (a->size + len > a->limits.bytes / AUDIT_SEGMENTS)
		return "size";
	if (now_s - a->began_s > a->limits.age_s / AUDIT_SEGMENTS)
		return "age";
	return NULL;
}

static int
append(const struct desk *desk, const struct audit_entry *e, bool with_change)
{
	struct audit *a = desk->audit;
	struct audit_link link;
	char *line = NULL;
	const char *why;
	size_t len = 0;
	int r;

	r = audit_prepare(desk);
	if (r == 0)
		r = line_fit(desk, e, &line, &len, &link);
	if (r < 0)
		goto out;
	why = full(a, desk->now_s, len);
	if (why != NULL && a->last.seq != a->segment) {
		r = segment_begin(a, desk, why);
		free(line);
		line = NULL;
		if (r == 0)	/* it has another one before it now */
			r = line_fit(desk, e, &line, &len, &link);
	}
	if (r == 0)
		r = line_write(a, line, len);
	if (r < 0)
		goto out;
	a->last = link;
	a->must_seal |= with_change;
out:
	free(line);
	return r;
}

int
audit_append(const struct desk *desk, const struct audit_entry *e,
    bool with_change)
{
	int r = audit_limit_take(&desk->audit->limit, &desk->keys, e,
	    desk->boot.ms);

	if (r == -EBUSY) {
		log_event(LOG_WARNING, "audit.limited",
		    LOG_I64("peer_uid", e->peer_uid),
		    LOG_I64("caller_uid", e->caller_uid),
		    LOG_BYTES("source", e->origin.p, e->origin.len));
		return r;
	}
	if (r == 0)
		r = append(desk, e, with_change);
	if (r < 0)
		log_event(LOG_ERR, "audit.not_written", LOG_CODE(r));
	else
		tally_count(&desk->audit->tally, e);
	return r;
}

const struct tally *
audit_tally(const struct audit *a)
{
	return &a->tally;
}

int
audit_bytes(const struct audit *a, int64_t *ret)
{
	struct audit_segments list = { 0 };
	int64_t sum = 0;
	int r = a->ready ? audit_folder_list(a->dir_fd, &list) : 0;

	if (r < 0)
		return r;
	for (size_t i = 0; i < list.n; i++)
		sum += (int64_t)list.v[i].bytes;
	audit_segments_clear(&list);
	*ret = sum;
	return 0;
}

bool
audit_unsealed(const struct audit *a)
{
	return a->ready && a->sealed != a->last.seq;
}

bool
audit_must_seal(const struct audit *a)
{
	return a->must_seal && audit_unsealed(a);
}

int
audit_seal(const struct desk *desk)
{
	struct audit *a = desk->audit;
	const struct audit_head head = { .first = a->first,
	    .segment = a->segment, .last = a->last };

	if (fdatasync(a->fd) < 0)
		return -errno;
	a->sealing = a->last.seq;
	return audit_head_save(desk, &head);
}

void
audit_settle(struct audit *a, bool committed)
{
	if (committed && a->sealing != 0) {
		a->sealed = a->sealing;
		a->must_seal = false;
	}
	a->sealing = 0;
}
