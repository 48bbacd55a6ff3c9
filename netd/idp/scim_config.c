/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_config.c - what a SCIM server says it can do.
 */
#include "config.h"

#include "netd/idp/scim_config.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

uint32_t
scim_config_by_cursor(struct aia_span body, uint32_t wanted)
{
	const struct json *paging = NULL;
	int64_t most = wanted;
	struct json *root = NULL;
	bool by_cursor = false;
	int r;

	if (json_parse(body.p, body.len, SCIM_CONFIG_MAX, &root) < 0)
		return 0;
	r = json_get_obj(root, "pagination", &paging);
	if (r == 0)
		r = json_get_bool(paging, "cursor", &by_cursor);
	if (r == 0) {
		r = json_get_i64(paging, "maxPageSize", 1, UINT32_MAX, &most);
		if (r == -ENOENT)
			r = 0;		/* it need not say */
	}
	json_free(root);
	if (r < 0 || !by_cursor)
		return 0;
	return most < wanted ? (uint32_t)most : wanted;
}
