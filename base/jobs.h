/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs.h - the parent of a daemon that does one job for each call: who may
 * call, how many at once, and for how long.
 *
 * It reads one packet from each caller and forks a child for it; libraries and
 * what they hear from outside are in the children only.  A child ends by its
 * own timers; one that does not is killed.
 */
#ifndef AIA_BASE_JOBS_H
#define AIA_BASE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/conf.h"
#include "common/wire.h"

#define JOBS_MAX 48		/* calls at once */
#define JOBS_CALL_MS 2000	/* from accept to the call */
#define JOBS_CALLERS_MAX 4
#define JOBS_RESULT_MS 1000	/* for the last word, after the deadline */

/* Who may call, for what, and how often. */
struct jobs_caller {
	uid_t		 uid;
	unsigned	 may;		/* for the daemon's own take() */
	size_t		 most;		/* of his calls at once */
};

/* One call, in the child that was forked for it. */
struct job {
	const struct conf *conf;
	const char	*credentials_dir;	/* NULL: there is none */
	int		 fd;		/* the caller */
	uint8_t		 version;	/* of the wire, as the caller speaks */
	int64_t		 deadline_ms;
	int		 keep_fd;	/* to the parent; -1: it keeps nothing */
};

/* What the jobs of a daemon are. */
struct jobs_ops {
	/* Is this a call, of one who may make it, and how long may it take?
	 * 0 and more than 0 ms, AIA_EPROTO or AIA_EDENIED. */
	int	(*take)(const struct aia_packet *pkt, unsigned may,
		    uint32_t *ret_ms);
	/* Do it and send the last word.  The child's exit status: 0 if the
	 * caller got one, whatever it says. */
	int	(*run)(const struct job *job, const struct aia_packet *pkt);
	/*
	 * In the parent: read one packet that a child sent to its keep_fd, for
	 * those that are forked later to find in memory.  fd does not block.
	 * false: nothing more will come.  NULL: nothing is kept.
	 */
	bool	(*keep)(int fd);
	/* Too many at once: say so, if that takes no waiting. */
	void	(*refuse)(int fd, uint8_t version);
};

struct jobs_conf {
	const struct jobs_ops *ops;
	int		 listen_fd;	/* non-blocking; stays the caller's */
	struct jobs_caller callers[JOBS_CALLERS_MAX];
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
