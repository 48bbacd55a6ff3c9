/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_page.c - one SCIM ListResponse.
 */
#include "config.h"

#include "netd/idp/scim_page.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"

#define TOTAL_MAX 1000000000	/* beyond any directory; fits any sum of ours */

struct scim_page {
	struct json		*root;
	const struct json	*resources;	/* NULL: none came */
	int64_t			 total;
};

int
scim_page_parse(const void *text, size_t len, struct scim_page **ret)
{
	struct scim_page *page = calloc(1, sizeof(*page));
	int r;

	if (page == NULL)
		return -ENOMEM;
	r = json_parse(text, len, SCIM_PAGE_MAX, &page->root);
	if (r < 0)
		goto out;
	r = json_get_i64(page->root, "totalResults", 0, TOTAL_MAX,
	    &page->total);
	if (r == -ENOENT)
		page->total = SCIM_TOTAL_NONE;
	else if (r < 0)
		goto out;
	/* An empty page may leave it out. */
	r = json_get_arr(page->root, "Resources", &page->resources);
	if (r < 0 && r != -ENOENT)
		goto out;
	r = 0;
	*ret = page;
	page = NULL;		/* the caller's now */
out:
	scim_page_free(page);
	return r;
}

void
scim_page_free(struct scim_page *page)
{
	if (page == NULL)
		return;
	json_free(page->root);
	free(page);
}

int64_t
scim_page_total(const struct scim_page *page)
{
	return page->total;
}

size_t
scim_page_len(const struct scim_page *page)
{
	return json_arr_len(page->resources);
}

const struct json *
scim_page_at(const struct scim_page *page, size_t i)
{
	return json_arr_at(page->resources, i);
}
