/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paths.h - where everything lies at run time.
 *
 * Fixed when configured; a prefix (option -p of the daemons and of aiauthctl)
 * moves all of them together, for tests and the demo.
 */
#ifndef AIA_BASE_PATHS_H
#define AIA_BASE_PATHS_H

#include "common/err.h"

#define AIA_PATH_MAX 256
#define RUN_LOCK "aiauthd.lock"	/* in run: held while aiauthd works */

struct paths {
	char run[AIA_PATH_MAX];		/* sockets; configuration until boot */
	char nss[AIA_PATH_MAX];		/* run/nss: the mapped snapshot */
	char cache[AIA_PATH_MAX];	/* the durable snapshot */
	char state[AIA_PATH_MAX];	/* state.db */
	char directory[AIA_PATH_MAX];	/* state/directory: directory.db */
	char conf[AIA_PATH_MAX];	/* aiauth.conf, conf.d ... and keys */
	char vendor[AIA_PATH_MAX];	/* the same, of packages; no keys */
	char passwd[AIA_PATH_MAX];	/* /etc/passwd: never moved */
	char group[AIA_PATH_MAX];	/* /etc/group: never moved */
};

/* prefix: NULL or an absolute path.  Returns 0 or -ENAMETOOLONG, -EINVAL. */
AIA_MUST_USE int paths_init(struct paths *ret, const char *prefix);
/* dir "/" file into room of AIA_PATH_MAX bytes: 0 or -ENAMETOOLONG. */
AIA_MUST_USE int path_join(const char *dir, const char *file,
    char ret[AIA_PATH_MAX]);

#endif
