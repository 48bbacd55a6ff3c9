/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_texts.c - the texts of configuration files in one piece of memory:
 * u32 length and path with its NUL, u32 length and text, again and again.
 */
#include "config.h"

#include "base/conf_texts.h"

#include <string.h>

void
conf_texts_put(struct aia_wr *wr, const char *path, const void *text,
    size_t len)
{
	size_t path_len = strlen(path) + 1;

	if (path_len > CONF_TEXTS_MAX || len > CONF_TEXTS_MAX) {
		wr->full = true;
		return;
	}
	aia_wr_u32(wr, (uint32_t)path_len);
	aia_wr_bytes(wr, path, path_len);
	aia_wr_u32(wr, (uint32_t)len);
	aia_wr_bytes(wr, text, len);
}

bool
conf_texts_next(struct aia_rd *rd, struct conf_text *ret)
{
	struct aia_span path, text;

	if (rd->left == 0)
		return false;
	path = aia_rd_bytes(rd, aia_rd_u32(rd));
	text = aia_rd_bytes(rd, aia_rd_u32(rd));
	if (path.len == 0 || path.p[path.len - 1] != '\0')
		rd->bad = true;
	if (rd->bad)
		return false;
	ret->path = (const char *)path.p;
	ret->text = text;
	return true;
}
