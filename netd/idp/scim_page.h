/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_page.h - one SCIM ListResponse (RFC 7644 section 3.4.2).
 */
#ifndef AIA_NETD_IDP_SCIM_PAGE_H
#define AIA_NETD_IDP_SCIM_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

/*
 * A page is held whole as text, but only one resource of it as a tree, and of
 * that one member.  A group of 100,000 members, which no paging can cut, has
 * about 10 MiB of text.
 */
#define SCIM_PAGE_MAX (16 * 1024 * 1024)	/* bytes */
#define SCIM_RESOURCE_MAX (1024 * 1024)		/* without 'members' */
#define SCIM_TOTAL_NONE (-1)
#define SCIM_NEXT_MAX 1024	/* bytes */
#define SCIM_ERROR_MAX 33	/* bytes with the terminator */

struct json;
struct scim_page;

struct scim_resource {
	const struct json	*json;		/* any JSON value */
	struct aia_span		 members;	/* for json_items_next() */
};

/*
 * Parse a page, whose text is borrowed until it is freed.  Returns 0,
 * -EMSGSIZE, -ENOMEM or AIA_EPROTO: not JSON as base/json.h takes it, not an
 * object, Resources that is no array, a totalResults that is no count.
 */
AIA_MUST_USE int scim_page_parse(const void *text, size_t len,
    struct scim_page **ret);
void scim_page_free(struct scim_page *page);

/* totalResults as the server says it, or SCIM_TOTAL_NONE. */
int64_t scim_page_total(const struct scim_page *page);
/*
 * nextCursor (RFC 9865 section 2), as long as the page is there; empty: this is
 * the last page.  Returns 0 or AIA_EPROTO: not visible ASCII, or longer than
 * SCIM_NEXT_MAX; then nobody knows whether it is the last one.
 */
AIA_MUST_USE int scim_page_cursor(const struct scim_page *page,
    struct aia_span *ret);
size_t scim_page_text_len(const struct scim_page *page);	/* bytes */
/*
 * The next of the Resources, valid until the next call: 1; 0 at the end.
 * itemsPerPage is not looked at (servers lie).  Or -ENOMEM, or -EBADMSG: what
 * comes next is not JSON, or longer than SCIM_RESOURCE_MAX.
 */
AIA_MUST_USE int scim_page_next(struct scim_page *page,
    struct scim_resource *ret);


/* The scimType of an error (RFC 7644 section 3.12), "" where there is none of
 * the shape that they have. */
void scim_error_parse(struct aia_span body, char ret[SCIM_ERROR_MAX]);

#endif
