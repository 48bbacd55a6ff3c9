/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.h - the calls that netd answers: netcall.h.
 */
#ifndef AIA_NETD_JOB_H
#define AIA_NETD_JOB_H

#include "base/jobs.h"

/* Which jobs a caller may ask for.  The workers speak to strangers: what one
 * of them may learn or set off here is about one login. */
#define NETD_FOR_KEEPER 0x01u
#define NETD_FOR_WORKER 0x02u

extern const struct jobs_ops netd_jobs;

#endif
