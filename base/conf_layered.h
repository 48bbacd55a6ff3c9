/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_layered.h - which files of the same name in several folders count.
 *
 * Folders are added in the order of their weight, the weightiest first.  A file
 * hides those of its name in all folders that are added after it; one that is a
 * symbolic link to /dev/null only hides them, and is to be read as nothing.
 */
#ifndef AIA_BASE_CONF_LAYERED_H
#define AIA_BASE_CONF_LAYERED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"

struct conf_file {
	char	 path[AIA_PATH_MAX];
	size_t	 name_at;		/* in path */
	bool	 is_mask;
};

struct conf_layered {			/* zeroed: none */
	struct conf_file	*v;
	size_t			 n;
};

/* What is wanted of one folder; none is no mistake.  0 or AIA_ECONF. */
AIA_MUST_USE int conf_layered_add(struct conf_layered *l, const char *dir,
    bool (*wanted)(const char *name), struct conf_error *err);
/* By the bytes of the names, in whichever folders they are. */
void conf_layered_sort(struct conf_layered *l);
void conf_layered_clear(struct conf_layered *l);

#endif
