/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_texts.h - the texts of configuration and policy files, one after the
 * other in one piece of memory: what the sealed memfd of conf_gather() holds.
 */
#ifndef AIA_BASE_CONF_TEXTS_H
#define AIA_BASE_CONF_TEXTS_H

#include "common/bytes.h"

#define CONF_TEXTS_MAX 16777216	/* bytes; policies may be generated */

struct conf_text {
	const char	*path;		/* terminated */
	struct aia_span	 text;
};

/* Add one file; what does not fit makes the writer 'full'. */
void conf_texts_put(struct aia_wr *wr, const char *path, const void *text,
    size_t len);
/* A sealed memfd of these bytes: 0 or a negated errno. */
AIA_MUST_USE int conf_texts_seal(const void *p, size_t len, int *ret_fd);
/* Does its path end so? */
bool conf_text_ends(const struct conf_text *text, const char *end);
/*
 * All of a sealed memfd; the caller frees *ret.  Returns 0, AIA_EUNTRUSTED (not
 * sealed), -EFBIG, AIA_EDAMAGED or a negated errno.
 */
AIA_MUST_USE int conf_texts_read(int fd, uint8_t **ret, size_t *ret_len);
/* The next file, or false at the end; then aia_rd_end() tells damage. */
bool conf_texts_next(struct aia_rd *rd, struct conf_text *ret);

#endif
