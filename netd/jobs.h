/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs.h - the parent: who may call, how many at once, and for how long.
 *
 * It reads one CALL from each caller and forks a child for it; libcurl and
 * what comes from the network are in the children only.  A child ends by its
 * own timers; one that does not is killed.
 */
#ifndef AIA_NETD_JOBS_H
#define AIA_NETD_JOBS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/conf.h"

#define JOBS_MAX 16		/* calls at once */
#define JOBS_PER_CALLER 8	/* of them, of one uid */
#define JOBS_CALL_MS 2000	/* from accept to CALL */
#define JOBS_CALLERS_MAX 4

struct jobs_conf {
	int		 listen_fd;	/* non-blocking; stays the caller's */
	uid_t		 callers[JOBS_CALLERS_MAX];	/* who may call */
	size_t		 n_callers;
	const char	*credentials_dir;	/* NULL: there is none */
};

struct jobs;

enum jobs_why { JOBS_STOP = 1, JOBS_RELOAD };

/* Blocks the signals it waits for: SIGCHLD, SIGHUP, SIGINT, SIGTERM. */
AIA_MUST_USE int jobs_new(const struct jobs_conf *conf, struct jobs **ret);
/* Ends every child and waits for it. */
void jobs_free(struct jobs *jobs);

/*
 * Serve until a signal says otherwise: SIGHUP is JOBS_RELOAD, the others are
 * JOBS_STOP.  conf is for the calls that begin meanwhile; those that run keep
 * what they began with.  Returns 0 or a negated errno.
 */
AIA_MUST_USE int jobs_run(struct jobs *jobs, const struct conf *conf,
    enum jobs_why *ret);

#endif
