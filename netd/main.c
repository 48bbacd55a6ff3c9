/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - aiauth-netd: the one process of aiauth that speaks to the network.
 */
#include "config.h"

#include "base/account.h"
#include "base/jobs_main.h"
#include "netd/job.h"

int
main(int argc, char *argv[])
{
	static const struct jobs_daemon netd = {
		.name = "aiauth-netd", .sock = "netd.sock",
		.group = GROUP_CALL, .account = ACCOUNT_NET,
		.callers = {
			/* One a source, and those that are just ending. */
			{ ACCOUNT_VAULT, { .may = NETD_FOR_KEEPER,
			    .most = 2 * CONF_SOURCES_MAX } },
			{ ACCOUNT_LOGIN, { .may = NETD_FOR_WORKER,
			    .most = 32 } },
		},
		.sandbox = SANDBOX_NET,
		.ops = &netd_jobs,
	};

	return jobs_main(&netd, argc, argv);
}
