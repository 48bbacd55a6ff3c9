/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layer.h - a change of files of the system that can be taken back.
 *
 * Each change is a layer, a folder of its own below one that only root may
 * read: journal.json, and of each file what it was and what it became.  All of
 * that is on disk before the first file is changed.  Layers are taken back from
 * the newest on.
 */
#ifndef AIA_CTL_LAYER_H
#define AIA_CTL_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "aiauthctl/file.h"
#include "base/boot.h"
#include "base/paths.h"

#define LAYER_FILES_MAX 32
#define LAYER_NONE UINT32_MAX		/* an audit session that is not set */
#define LAYER_NEVER_MS (INT64_MAX / 10)	/* JSON takes no more digits */

struct layer_file {
	char		path[AIA_PATH_MAX];
	struct file	old, new;
};

struct layer {
	unsigned	 number;	/* from 1 */
	bool		 pending;	/* taken back when its time is over */
	struct boot_time due;		/* by this boot's clock */
	int64_t		 applied_ms;	/* as due */
	uint32_t	 session_max;	/* newest audit session of that time;
					 * 0: none was to be seen */
	struct layer_file files[LAYER_FILES_MAX];
	size_t		 n_files;
};

/* One more file; old and new are the layer's after 0.  -E2BIG, -ENAMETOOLONG. */
AIA_MUST_USE int layer_add(struct layer *ly, const char *path,
    struct file *old, struct file *new);
void layer_free(struct layer *ly);

/* Write it down as the newest of dir, which is made if it is not there.
 * Returns 0, -ENOMEM, -EINVAL or a negated errno. */
AIA_MUST_USE int layer_save(const char *dir, struct layer *ly);
/* The newest one (heap): 0, AIA_ENOUSER (none), AIA_EDAMAGED, -ENOMEM or a
 * negated errno. */
AIA_MUST_USE int layer_load(const char *dir, struct layer **ret);
/* Write down what was changed but the files; it stays; it is taken back and
 * goes.  A negated errno, -ENOMEM. */
AIA_MUST_USE int layer_update(const char *dir, const struct layer *ly);
AIA_MUST_USE int layer_keep(const char *dir, struct layer *ly);
AIA_MUST_USE int layer_remove(const char *dir, const struct layer *ly);

/* Are the files still what the change was planned for?  AIA_ECONFLICT, and
 * conflict() was told which is not; or a negated errno. */
AIA_MUST_USE int layer_check(const struct layer *ly,
    void (*conflict)(const char *path));
/* Put what is new in place.  Stops at the first that fails. */
AIA_MUST_USE int layer_apply(const struct layer *ly);
/*
 * Put back what was before.  In a file that others have changed since, only our
 * part is taken back; where that cannot be, conflict() is told the path.  With
 * all_or_none nothing is then touched; otherwise the other files are put back.
 * Returns 0, AIA_ECONFLICT, -ENOMEM or a negated errno.
 */
AIA_MUST_USE int layer_restore(const struct layer *ly, bool all_or_none,
    void (*conflict)(const char *path));
/* Its time is over, or this is another boot. */
bool layer_is_due(const struct layer *ly, const struct boot_time *now);

#endif
