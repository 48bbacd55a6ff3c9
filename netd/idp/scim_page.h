/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_page.h - one SCIM ListResponse (RFC 7644 section 3.4.2).
 */
#ifndef AIA_NETD_IDP_SCIM_PAGE_H
#define AIA_NETD_IDP_SCIM_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"

/* A page is held whole, as text and as a tree of some ten times its size; a
 * group of 100,000 members, which no paging can cut, has about 10 MiB. */
#define SCIM_PAGE_MAX (16 * 1024 * 1024)	/* bytes */
#define SCIM_TOTAL_NONE (-1)

struct json;
struct scim_page;

/*
 * Parse the text of a page.  Returns 0, -EMSGSIZE, -ENOMEM or AIA_EPROTO: not
 * JSON as base/json.h takes it, not an object, Resources that is no array, a
 * totalResults that is no count.
 */
AIA_MUST_USE int scim_page_parse(const void *text, size_t len,
    struct scim_page **ret);
void scim_page_free(struct scim_page *page);

/* totalResults as the server says it, or SCIM_TOTAL_NONE. */
int64_t scim_page_total(const struct scim_page *page);
/* How many Resources came; itemsPerPage is not looked at (servers lie). */
size_t scim_page_len(const struct scim_page *page);
/* i < scim_page_len(); any JSON value.  Lives as long as the page. */
const struct json *scim_page_at(const struct scim_page *page, size_t i);

#endif
