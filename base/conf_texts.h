/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_texts.h - the texts of configuration files, one after the other in one
 * piece of memory: what the sealed memfd of conf_gather() holds.
 */
#ifndef AIA_BASE_CONF_TEXTS_H
#define AIA_BASE_CONF_TEXTS_H

#include "common/bytes.h"

#define CONF_TEXTS_MAX 1048576	/* bytes; beyond any configuration by hand */

struct conf_text {
	const char	*path;		/* terminated */
	struct aia_span	 text;
};

/* Add one file; what does not fit makes the writer 'full'. */
void conf_texts_put(struct aia_wr *wr, const char *path, const void *text,
    size_t len);
/* The next file, or false at the end; then aia_rd_end() tells damage. */
bool conf_texts_next(struct aia_rd *rd, struct conf_text *ret);

#endif
