/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - files whose change is a reason to do something now.
 *
 * Watches the folder, because editors and useradd(8) put a new file in place
 * of the old one.  A folder that is not there yet is looked for again.
 */
#ifndef AIA_KEEPER_WATCH_H
#define AIA_KEEPER_WATCH_H

#include <stdint.h>

#include "common/err.h"

#define WATCH_FILES_MAX 16

struct watch;

/* 0, -ENOMEM or what inotify_init1(2) says. */
AIA_MUST_USE int watch_new(struct watch **ret);
void watch_free(struct watch *w);

int watch_fd(const struct watch *w);	/* readable: call watch_read() */

/*
 * tag: 0..31, the bit that says this file changed; several files may share
 * one.  Returns 0, -ENAMETOOLONG, -EINVAL (not absolute) or -ENOSPC.
 */
AIA_MUST_USE int watch_add(struct watch *w, const char *path, unsigned tag);

/* Bits of the files that were written, moved here or removed since. */
uint32_t watch_read(struct watch *w);
/*
 * Look for folders that were not there: bits of the files in those that are
 * now.  0 to *ret_missing when none is left.
 */
uint32_t watch_retry(struct watch *w, unsigned *ret_missing);

#endif
