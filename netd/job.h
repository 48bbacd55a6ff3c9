/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.h - one call, in the child that was forked for it.
 */
#ifndef AIA_NETD_JOB_H
#define AIA_NETD_JOB_H

#include "base/conf.h"
#include "base/netcall.h"

#define JOB_RESULT_MS 1000	/* for RESULT, after the call's deadline */

struct job {
	const struct conf *conf;
	const char	*credentials_dir;	/* NULL: there is none */
	int		 fd;		/* the caller */
	uint8_t		 version;	/* of the wire, as the caller speaks */
	int64_t		 deadline_ms;
};

/*
 * Do what the call asks for and send RESULT.  Returns the child's exit status:
 * 0 if the caller got a RESULT, whatever it says.
 */
int job_run(const struct job *job, const struct netcall_call *call);

/* Send a RESULT of our own on fd: 0 or what aia_packet_send() says. */
AIA_MUST_USE int job_refuse(int fd, uint8_t version,
    enum netcall_outcome outcome, const char *text, int64_t deadline_ms);

#endif
