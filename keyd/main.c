/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - aiauth-keyd: the security keys that are plugged in here.
 */
#include "config.h"

#include "base/account.h"
#include "base/jobs_main.h"
#include "keyd/job.h"

int
main(int argc, char *argv[])
{
	static const struct jobs_daemon keyd = {
		.name = "aiauth-keyd", .sock = "keyd.sock",
		.group = ACCOUNT_LOGIN, .account = ACCOUNT_KEYD,
		.callers = { { ACCOUNT_LOGIN, { .most = 8 } } },
		.sandbox = SANDBOX_KEYD,
		.ops = &keyd_jobs,
	};

	return jobs_main(&keyd, argc, argv);
}
