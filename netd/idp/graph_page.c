/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_page.c - one answer of Microsoft Graph to a delta query.
 */
#include "config.h"

#include "netd/idp/graph_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define MEMBER_MAX 65536	/* bytes of one member */
#define ERROR_MAX 65536		/* bytes of an answer that is an error */
#define TYPE_MAX 128
#define MEMBERS "members@delta"

struct graph_page {
	struct json		*root;
	struct aia_span		 items;		/* those still to come */
	struct json		*item;		/* the one given last */
	struct aia_span		 next, delta;
};

/* 0, also if it is not there. */
static int
link_read(const struct json *root, const char *key, struct aia_span *ret)
{
	int r = json_get_str(root, key, GRAPH_LINK_MAX, ret);

	if (r == -ENOENT)
		return 0;
	return r == 0 && ret->len == 0 ? AIA_EPROTO : r;
}

int
graph_page_parse(struct aia_span text, struct graph_page **ret)
{
	struct graph_page *page;
	const struct json *arr = NULL;
	int r;

	if (text.len > GRAPH_PAGE_MAX)
		return -EMSGSIZE;
	page = calloc(1, sizeof(*page));
	if (page == NULL)
		return -ENOMEM;
	r = json_parse_but(text.p, text.len, GRAPH_OBJECT_MAX, "value",
	    &page->root, &page->items);
	if (r < 0)
		goto out;
	if (json_get_arr(page->root, "value", &arr) < 0 ||
	    link_read(page->root, "@odata.nextLink", &page->next) < 0 ||
	    link_read(page->root, "@odata.deltaLink", &page->delta) < 0 ||
	    (page->next.len == 0 && page->delta.len == 0)) {
		r = AIA_EPROTO;
		goto out;
	}
	*ret = page;
	page = NULL;		/* the caller's now */
out:
	graph_page_free(page);
	return r;
}

void
graph_page_free(struct graph_page *page)
{
	if (page == NULL)
		return;
	json_free(page->item);
	json_free(page->root);
	free(page);
}

struct aia_span
graph_page_next_link(const struct graph_page *page)
{
	return page->next;
}

struct aia_span
graph_page_delta_link(const struct graph_page *page)
{
	return page->delta;
}

/* Whatever stands in it: "changed" can be restored, "deleted" cannot. */
static bool
removed_read(const struct json *obj)
{
	const struct json *v = NULL;

	return json_get(obj, "@removed", &v) == 0;
}

int
graph_page_next(struct graph_page *page, struct graph_object *ret)
{
	struct aia_span text, members;
	const struct json *v = NULL;
	int r;

	json_free(page->item);
	page->item = NULL;
	r = json_items_next(&page->items, &text);
	if (r == 0)
		return 0;
	if (r > 0)
		r = json_parse_but(text.p, text.len, GRAPH_OBJECT_MAX,
		    MEMBERS, &page->item, &members);
	/* What is no list must not be taken for one without members. */
	if (r == 0 && json_get(page->item, MEMBERS, &v) == 0)
		r = json_as_arr(v, &v);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	*ret = (struct graph_object){ page->item, members,
	    removed_read(page->item) };
	return 1;
}

/* A member that does not say what it is may be one of the two. */
static bool
is_ours(const struct json *item)
{
	struct aia_span type;
	int r = json_get_str(item, "@odata.type", TYPE_MAX, &type);

	if (r == -ENOENT)
		return true;
	return r == 0 &&
	    (aia_span_eq(type, aia_span_str("#microsoft.graph.user")) ||
	    aia_span_eq(type, aia_span_str("#microsoft.graph.group")));
}

/* 1, or 0: of no concern; without its id nobody knows who went. */
static int
member_read(const struct json *item, struct graph_member *ret)
{
	struct aia_span id;

	if (!is_ours(item))
		return 0;
	if (json_get_str(item, "id", OBJECT_ID_LEN_MAX, &id) < 0 ||
	    id.len == 0)
		return -EBADMSG;
	memcpy(ret->id, id.p, id.len);
	ret->id[id.len] = '\0';
	ret->is_removed = removed_read(item);
	return 1;
}

int
graph_member_next(struct aia_span *members, struct graph_member *ret)
{
	struct aia_span text;
	int r;

	while ((r = json_items_next(members, &text)) > 0) {
		struct json *item = NULL;

		r = json_parse_any(text.p, text.len, MEMBER_MAX, &item);
		if (r < 0)
			return r == -ENOMEM ? r : -EBADMSG;
		r = member_read(item, ret);
		json_free(item);
		if (r != 0)
			return r;
	}
	return r < 0 ? -EBADMSG : 0;
}

void
graph_code_read(struct aia_span text, char ret[GRAPH_CODE_MAX])
{
	const struct json *error = NULL;
	struct json *root = NULL;
	struct aia_span code;

	ret[0] = '\0';
	if (json_parse(text.p, text.len, ERROR_MAX, &root) < 0)
		return;
	if (json_get_obj(root, "error", &error) == 0 &&
	    json_get_str(error, "code", GRAPH_CODE_MAX - 1, &code) == 0) {
		memcpy(ret, code.p, code.len);
		ret[code.len] = '\0';
	}
	json_free(root);
}
