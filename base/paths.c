/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paths.c - where everything lies at run time.
 */
#include "config.h"

#include "base/paths.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
path_concat(const char *head, const char *between, const char *tail,
    char ret[AIA_PATH_MAX])
{
	char path[AIA_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s%s%s", head, between, tail);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(ret, path, (size_t)n + 1);
	return 0;
}

int
path_join(const char *dir, const char *file, char ret[AIA_PATH_MAX])
{
	return path_concat(dir, "/", file, ret);
}

int
paths_init(struct paths *ret, const char *prefix)
{
	struct paths p = { 0 };
	const struct { const char *fixed; char *to; } rows[] = {
		{ AIA_RUN_DIR, p.run },
		{ AIA_RUN_DIR "/nss", p.nss },
		{ AIA_CACHE_DIR, p.cache },
		{ AIA_STATE_DIR, p.state },
		{ AIA_STATE_DIR "/directory", p.directory },
		{ AIA_CONF_DIR, p.conf },
		{ AIA_VENDOR_DIR, p.vendor },
	};
	int r;

	if (prefix != NULL && prefix[0] != '/')
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		r = path_concat(prefix == NULL ? "" : prefix, "",
		    rows[i].fixed, rows[i].to);
		if (r < 0)
			return r;
	}
	memcpy(p.passwd, "/etc/passwd", sizeof("/etc/passwd"));
	memcpy(p.group, "/etc/group", sizeof("/etc/group"));
	*ret = p;
	return 0;
}
