/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listing.c - pages of SCIM resources, as records, once each.
 */
#include "config.h"

#include "netd/idp/listing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct listing {
	const struct idp_job	*job;
	enum netcall_mode	 mode;
	struct feed		*feed;
	struct scim_record	 rec;
};

static const char *const kind_text[] = {
	[SCIM_USER] = "users", [SCIM_GROUP] = "groups",
};

int
listing_new(const struct idp_job *job, enum netcall_mode mode,
    struct listing **ret)
{
	struct listing *l = calloc(1, sizeof(*l));
	int r;

	if (l == NULL)
		return -ENOMEM;
	r = feed_new(job, mode, &l->feed);
	if (r < 0) {
		free(l);
		return r;
	}
	l->job = job;
	l->mode = mode;
	*ret = l;
	return 0;
}

void
listing_free(struct listing *l)
{
	if (l == NULL)
		return;
	feed_free(l->feed);
	free(l);
}

struct feed *
listing_feed(struct listing *l)
{
	return l->feed;
}

/* As many MEMBER_ADDs as it takes; a group of any size fits. */
static int
members_put(struct listing *l)
{
	struct aia_span group = l->rec.r.group.object_id, member;
	size_t skipped = 0;
	int r;

	while ((r = scim_record_member(&l->rec, &skipped, &member)) > 0) {
		r = feed_member(l->feed, &netcall_m_member_add, group, member);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return r;
	if (skipped > 0)
		log_event(LOG_WARNING, "scim.members_skipped",
		    LOG_STR("source", l->job->source->name.s),
		    LOG_BYTES("group", group.p, group.len),
		    LOG_I64("count", skipped));
	return feed_flush(l->feed);
}

static int
record_put(struct listing *l)
{
	int r;

	/* Nothing to tell it apart by; of those that follow nobody knows
	 * whether one is it again. */
	if (scim_record_id(&l->rec).len == 0) {
		feed_partial(l->feed, "%s came without an id",
		    kind_text[l->rec.kind]);
		return feed_count(l->feed);
	}
	if (l->rec.kind == SCIM_USER)
		return feed_object(l->feed, &netcall_m_user, &l->rec.r.user);
	if (l->mode == NETCALL_DELTA) {
		l->rec.r.group.members_replaced = 1;
		l->rec.r.group.has |= AIA_BIT(NETCALL_GROUP_F_MEMBERS_REPLACED);
	}
	r = feed_object(l->feed, &netcall_m_group, &l->rec.r.group);
	return r < 0 ? r : members_put(l);
}

/* Returns 1 (a new one), 0 or an error. */
static int
resource_put(struct listing *l, enum scim_kind kind,
    const struct scim_resource *resource)
{
	struct aia_span id;
	int r;

	scim_record_read(resource, kind, l->job, &l->rec);
	id = scim_record_id(&l->rec);
	r = id.len == 0 ? 0 : feed_see(l->feed, (uint8_t)kind, id);
	if (r == -EEXIST) {
		feed_partial(l->feed, "%s came twice: the server's order is not "
		    "stable", kind_text[kind]);
		return 0;
	}
	if (r == 0)
		r = record_put(l);
	return r < 0 ? r : 1;
}

/* How many objects came, and how many of them were new; or an error. */
static int
page_put(struct listing *l, enum scim_kind kind, struct scim_page *page,
    uint64_t *ret_n, uint64_t *ret_new)
{
	struct scim_resource resource;
	uint64_t n = 0, n_new = 0;
	int r;

	while ((r = scim_page_next(page, &resource)) > 0) {
		r = resource_put(l, kind, &resource);
		if (r < 0)
			return r;
		n++;
		n_new += (uint64_t)r;
	}
	*ret_n = n;
	*ret_new = n_new;
	return r;
}

struct progress {
	struct listing_at at;		/* the next page */
	char		cursor[SCIM_NEXT_MAX + 1];	/* where at points */
	uint64_t	n_objects;	/* different ones */
	unsigned	n_empty;	/* pages, in a row */
	int64_t		total;		/* of the first page that has it */
};

/* As many of the kind that came as make a page of the length aimed at. */
static uint32_t
next_count(const struct listing *l, const struct scim_page *page, uint64_t n)
{
	uint64_t fit = n * LISTING_PAGE_AIM / (scim_page_text_len(page) + 1);

	if (fit == 0)
		return 1;
	return fit < l->job->source->page_size ? (uint32_t)fit :
	    l->job->source->page_size;
}

/* Where the next page begins: 1 if there may be one, 0 at the end. */
static int
step_index(const struct listing *l, const struct scim_page *page,
    struct progress *p, uint64_t n, uint64_t n_new)
{
	int64_t total = scim_page_total(page);

	/* By what came, never by itemsPerPage. */
	p->at.start += n;
	p->at.count = next_count(l, page, n);
	/* A server that ignores startIndex sends the same page for ever. */
	return n_new > 0 && (int64_t)p->at.start <= total;
}

static int
step_cursor(struct listing *l, enum scim_kind kind,
    const struct scim_page *page, struct progress *p, uint64_t n_new)
{
	struct aia_span next = { 0 };

	if (scim_page_cursor(page, &next) < 0)
		return AIA_EPROTO;
	if (next.len == 0)
		return 0;
	p->n_empty = n_new > 0 ? 0 : p->n_empty + 1;
	if (p->n_empty > LISTING_EMPTY_MAX ||
	    aia_span_eq(next, aia_span_str(p->cursor))) {
		feed_partial(l->feed, "the server's cursor for %s does not "
		    "come to an end", kind_text[kind]);
		return 0;
	}
	memcpy(p->cursor, next.p, next.len);
	p->cursor[next.len] = '\0';
	return 1;
}

static int
walk_page(struct listing *l, enum scim_kind kind,
    struct scim_page *page, struct progress *p)
{
	int64_t total = scim_page_total(page);
	uint64_t n = 0, n_new = 0;
	int r;

	if (total == SCIM_TOTAL_NONE && p->at.cursor == NULL)
		return AIA_EPROTO;
	/* By cursor any page may leave it out, also after one that has it. */
	if (p->total == SCIM_TOTAL_NONE)
		p->total = total;
	if (total != SCIM_TOTAL_NONE && total != p->total)
		feed_partial(l->feed, "the number of %s changed from %" PRId64
		    " to %" PRId64, kind_text[kind], p->total, total);
	r = page_put(l, kind, page, &n, &n_new);
	if (r < 0)
		return r;
	p->n_objects += n_new;
	return p->at.cursor == NULL ? step_index(l, page, p, n, n_new) :
	    step_cursor(l, kind, page, p, n_new);
}

static int
walk_pages(struct listing *l, enum scim_kind kind,
    const struct listing_pages *pages, struct progress *p)
{
	int r;

	do {
		struct scim_page *page = NULL;

		r = pages->fetch(pages->arg, kind, &p->at, &page);
		if (r < 0)
			return r;
		r = walk_page(l, kind, page, p);
		scim_page_free(page);
	} while (r > 0);
	return r;
}

int
listing_walk(struct listing *l, enum scim_kind kind,
    const struct listing_pages *pages)
{
	struct progress p = { .at = { .start = 1,
	    .count = LISTING_FIRST_MAX }, .total = SCIM_TOTAL_NONE };
	int r;

	if (p.at.count > l->job->source->page_size)
		p.at.count = l->job->source->page_size;
	if (pages->by_cursor > 0) {
		p.at.count = pages->by_cursor;
		p.at.cursor = p.cursor;
	}
	r = walk_pages(l, kind, pages, &p);
	if (r == -ESTALE) {
		feed_partial(l->feed, "after %" PRIu64 " %s the server did not "
		    "know its cursor any more", p.n_objects, kind_text[kind]);
		return 0;
	}
	if (r == 0 && p.total != SCIM_TOTAL_NONE &&
	    (int64_t)p.n_objects != p.total)
		feed_partial(l->feed, "%" PRIu64 " %s came, the server spoke of %"
		    PRId64, p.n_objects, kind_text[kind], p.total);
	return r;
}

int
listing_whole(struct listing *l, struct scim_page *page)
{
	int64_t total = scim_page_total(page);
	struct scim_resource resource;
	uint64_t n = 0;
	int r;

	while ((r = scim_page_next(page, &resource)) > 0) {
		scim_record_read(&resource, scim_record_kind(resource.json),
		    l->job, &l->rec);
		r = record_put(l);
		if (r < 0)
			return r;
		n++;
	}
	/* Somebody saved one page of many, or forgot to count. */
	if (r == 0 && total != SCIM_TOTAL_NONE && (uint64_t)total != n)
		feed_partial(l->feed, "%" PRIu64 " objects are there, "
		    "totalResults says %" PRId64, n, total);
	return r;
}
