/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.h - the calls that netd answers: netcall.h.
 */
#ifndef AIA_NETD_JOB_H
#define AIA_NETD_JOB_H

#include "base/jobs.h"

extern const struct jobs_ops netd_jobs;

#endif
