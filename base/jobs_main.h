/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs_main.h - a daemon that does jobs, from its command line to its end.
 */
#ifndef AIA_BASE_JOBS_MAIN_H
#define AIA_BASE_JOBS_MAIN_H

#include <stdbool.h>

#include "base/jobs.h"
#include "base/sandbox.h"

struct jobs_daemon {
	const char	*name;		/* of the program */
	const char	*sock;		/* file in paths.run */
	const char	*group;		/* of the socket */
	const char	*account;	/* that it becomes */
	/* Accounts that may call, whose uids are looked up.  Root may what any
	 * of them may, as often as the first. */
	struct { const char *account; struct jobs_caller as; }
			 callers[JOBS_CALLERS_MAX - 1];
	enum sandbox	 sandbox;
	const struct jobs_ops *ops;
};

/*
 * Options -f, -p PREFIX, -t.  Started as root it binds its socket, unless the
 * service manager passed one, and becomes 'account'; with a socket passed it can
 * be started as 'account' at once.  As another user it serves that user and
 * root.  SIGHUP reads the configuration again.  Returns the exit
 * status.
 */
int jobs_main(const struct jobs_daemon *d, int argc, char *argv[]);

#endif
