/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * job.h - the questions that keyd answers: keycall.h.
 */
#ifndef AIA_KEYD_JOB_H
#define AIA_KEYD_JOB_H

#include "base/jobs.h"

extern const struct jobs_ops keyd_jobs;

#endif
