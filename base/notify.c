/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notify.c - tell the service manager.
 */
#include "config.h"

#include "base/notify.h"

#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-daemon.h>
#endif
#include <stdio.h>

#include "common/client.h"

static void
notify(const char *state)
{
#ifdef HAVE_LIBSYSTEMD
	(void)sd_notify(0, state);
#else
	(void)state;
#endif
}

void
notify_ready(void)
{
	notify("READY=1");
}

/* With the time, as Type=notify-reload wants it. */
void
notify_reloading(void)
{
	char state[64];

	(void)snprintf(state, sizeof(state),
	    "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)aia_now_ms() * 1000);
	notify(state);
}

void
notify_stopping(void)
{
	notify("STOPPING=1");
}

bool
notify_keep(const char *name, int fd)
{
#ifdef HAVE_LIBSYSTEMD
	char state[128];
	int len = snprintf(state, sizeof(state), "FDSTORE=1\nFDNAME=%s", name);

	return len > 0 && (size_t)len < sizeof(state) &&
	    sd_pid_notify_with_fds(0, 0, state, &fd, 1) > 0;
#else
	(void)name;
	(void)fd;
	return false;
#endif
}
