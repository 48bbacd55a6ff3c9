/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak_page.c - one answer of Keycloak's Admin REST API.
 */
#include "config.h"

#include "netd/idp/keycloak_page.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

#define COUNT_MAX 1000000000	/* beyond any realm; fits any sum of ours */
#define COUNT_TEXT_MAX 4096	/* bytes */

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What is between the brackets is looked at when its turn comes. */
int
keycloak_page_init(struct aia_span text, struct keycloak_page *ret)
{
	while (text.len > 0 && is_blank(text.p[0])) {
		text.p++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.p[text.len - 1]))
		text.len--;
	if (text.len < 2 || text.p[0] != '[' || text.p[text.len - 1] != ']')
		return AIA_EPROTO;
	*ret = (struct keycloak_page){
	    .items = aia_span_of(text.p + 1, text.len - 2) };
	return 0;
}

void
keycloak_page_clear(struct keycloak_page *page)
{
	json_free(page->item);
	page->item = NULL;
}

int
keycloak_page_next(struct keycloak_page *page, const struct json **ret)
{
	struct aia_span text;
	int r;

	keycloak_page_clear(page);
	r = json_items_next(&page->items, &text);
	if (r == 0)
		return 0;
	if (r > 0)
		r = json_parse_any(text.p, text.len, KEYCLOAK_OBJECT_MAX,
		    &page->item);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	*ret = page->item;
	return 1;
}

int
keycloak_count_parse(struct aia_span text, uint64_t *ret)
{
	struct json *root = NULL;
	int64_t n = 0;
	int r;

	r = json_parse_any(text.p, text.len, COUNT_TEXT_MAX, &root);
	if (r < 0)
		return r == -ENOMEM ? r : AIA_EPROTO;
	if (json_as_i64(root, 0, COUNT_MAX, &n) < 0 &&
	    json_get_i64(root, "count", 0, COUNT_MAX, &n) < 0)
		r = AIA_EPROTO;
	else
		*ret = (uint64_t)n;
	json_free(root);
	return r;
}
