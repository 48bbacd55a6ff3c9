/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_page.c - one SCIM ListResponse.
 */
#include "config.h"

#include "netd/idp/scim_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define TOTAL_MAX 1000000000	/* beyond any directory; fits any sum of ours */

struct scim_page {
	struct json		*root;
	struct aia_span		 items;		/* those still to come */
	struct json		*resource;	/* the one given last */
	int64_t			 total;
	size_t			 text_len;
};

int
scim_page_parse(const void *text, size_t len, struct scim_page **ret)
{
	struct scim_page *page;
	const struct json *arr = NULL;
	int r;

	if (len > SCIM_PAGE_MAX)
		return -EMSGSIZE;
	page = calloc(1, sizeof(*page));
	if (page == NULL)
		return -ENOMEM;
	r = json_parse_but(text, len, SCIM_RESOURCE_MAX, "Resources",
	    &page->root, &page->items);
	if (r < 0)
		goto out;
	r = json_get_i64(page->root, "totalResults", 0, TOTAL_MAX,
	    &page->total);
	if (r == -ENOENT)
		page->total = SCIM_TOTAL_NONE;
	else if (r < 0)
		goto out;
	/* An empty page may leave it out. */
	r = json_get_arr(page->root, "Resources", &arr);
	if (r < 0 && r != -ENOENT)
		goto out;
	r = 0;
	page->text_len = len;
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
	json_free(page->resource);
	json_free(page->root);
	free(page);
}

int64_t
scim_page_total(const struct scim_page *page)
{
	return page->total;
}

int
scim_page_cursor(const struct scim_page *page, struct aia_span *ret)
{
	struct aia_span next = { 0 };
	int r = json_get_str(page->root, "nextCursor", SCIM_NEXT_MAX, &next);

	if (r < 0 && r != -ENOENT)
		return AIA_EPROTO;
	for (size_t i = 0; i < next.len; i++)
		if (next.p[i] <= ' ' || next.p[i] > '~')
			return AIA_EPROTO;
	*ret = next;
	return 0;
}

void
scim_error_parse(struct aia_span body, char ret[SCIM_ERROR_MAX])
{
	struct aia_span type = { 0 };
	struct json *root = NULL;

	ret[0] = '\0';
	if (json_parse(body.p, body.len, SCIM_RESOURCE_MAX, &root) < 0)
		return;
	if (json_get_str(root, "scimType", SCIM_ERROR_MAX - 1, &type) == 0) {
		memcpy(ret, type.p, type.len);
		ret[type.len] = '\0';
		if (strspn(ret, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != type.len)
			ret[0] = '\0';
	}
	json_free(root);
}

size_t
scim_page_text_len(const struct scim_page *page)
{
	return page->text_len;
}

int
scim_page_next(struct scim_page *page, struct scim_resource *ret)
{
	struct aia_span text, members;
	int r;

	json_free(page->resource);
	page->resource = NULL;
	r = json_items_next(&page->items, &text);
	if (r == 0)
		return 0;
	if (r > 0)
		r = json_parse_but(text.p, text.len, SCIM_RESOURCE_MAX,
		    "members", &page->resource, &members);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	*ret = (struct scim_resource){ page->resource, members };
	return 1;
}
