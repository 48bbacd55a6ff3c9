/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.h - from fork to the main of one child.
 */
#ifndef AIA_CHILD_H
#define AIA_CHILD_H

#include "aiauthd/kinds.h"

struct child_start {
	const struct kind	*kind;
	const struct daemon	*daemon;
	const char		*seal_key_path;
	int			 listen_fd;
	struct caps		*caps;
	unsigned		 slot;
};

/*
 * Fork it.  It is killed when *ret_life_fd, the caller's, is closed: by the
 * caller or by its end.  Returns 0 or a negated errno.
 */
AIA_MUST_USE int child_fork(const struct child_start *start, pid_t *ret,
    int *ret_life_fd);

#endif
