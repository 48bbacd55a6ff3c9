/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listing.h - pages of SCIM resources, as records, once each.
 *
 * Paging without a stable order repeats rows and loses rows.  So every object
 * is counted once, a page that brings nothing new ends the walk, and a listing
 * is complete only if what came agrees with what the server said there is.
 */
#ifndef AIA_NETD_IDP_LISTING_H
#define AIA_NETD_IDP_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "netd/idp/feed.h"
#include "netd/idp/idp.h"
#include "netd/idp/scim_page.h"
#include "netd/idp/scim_record.h"

struct listing;

/*
 * The text of a page that a listing aims at, bytes: a group with its members is
 * as long as a hundred users, or as three, so the number of objects says little
 * about the memory they take.  The first page, of unknown length, is small.
 */
#define LISTING_PAGE_AIM (512 * 1024)
#define LISTING_FIRST_MAX 100	/* objects */
/* By cursor, pages in a row that bring nothing new: a server that filters what
 * it reads may have some. */
#define LISTING_EMPTY_MAX 20

/*
 * Where pages come from.  by_cursor is 0, or the server has cursors (RFC 9865)
 * and this is how many objects each page shall have: it must be the same number
 * for all of them.  -ESTALE of fetch: the server does not know the cursor of
 * the next page any more, and what it has not shown, nobody knows.
 */
struct listing_at {
	uint64_t	 start;		/* from 1, as startIndex does */
	const char	*cursor;	/* NULL: by start; "": the first page */
	uint32_t	 count;		/* objects to ask for; at most
					 * source->page_size, or by_cursor */
};
struct listing_pages {
	int	(*fetch)(void *arg, enum scim_kind kind,
		    const struct listing_at *at, struct scim_page **ret);
	void	*arg;
	uint32_t by_cursor;
};

/*
 * Borrows the job for its life.  mode: what LISTING_BEGIN said; in a delta too
 * a group comes with all its members.
 */
AIA_MUST_USE int listing_new(const struct idp_job *job,
    enum netcall_mode mode, struct listing **ret);
void listing_free(struct listing *l);

/*
 * All pages of one kind.  Returns 0 (whether complete or not), -EFBIG (more
 * than objects_max of the source), AIA_EPROTO (no totalResults, which by cursor
 * may be missing, or no usable nextCursor), -EBADMSG (an object that is not
 * JSON), or what fetch or the sink said.
 */
AIA_MUST_USE int listing_walk(struct listing *l, enum scim_kind kind,
    const struct listing_pages *pages);

/*
 * One document that is everything, of both kinds mixed.  The same object twice
 * is the keeper's to refuse: here it is no accident of paging.  Returns 0,
 * -EFBIG or what the sink said.
 */
AIA_MUST_USE int listing_whole(struct listing *l,
    struct scim_page *page);

/* Where its records go: begins, and ends, the listing; knows whether it is
 * complete. */
struct feed *listing_feed(struct listing *l);

#endif
