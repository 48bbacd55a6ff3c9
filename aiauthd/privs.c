/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * privs.c - what the process may do, and what it inherited.
 */
#include "config.h"

#include "aiauthd/privs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/process.h"

static const char *const env_kept[] = {
	"CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET",
	"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
};

static int
env_clean(void)
{
	char *value[ARRAY_LEN(env_kept)] = { NULL };
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(env_kept); i++) {
		const char *v = getenv(env_kept[i]);

		value[i] = v == NULL ? NULL : strdup(v);
	}
	if (clearenv() != 0)
		r = -ENOMEM;
	for (size_t i = 0; i < ARRAY_LEN(env_kept); i++) {
		if (value[i] != NULL && setenv(env_kept[i], value[i], 1) < 0)
			r = -errno;
		free(value[i]);
	}
	return r;
}

/* 0..2 must never become a socket or a database. */
static int
stdio_clean(bool stdio)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return -errno;
	} while (fd < 2);
	for (int i = 0; i < (stdio ? 1 : 3); i++)
		if (dup2(fd, i) < 0)
			return -errno;
	if (fd > 2)
		(void)close(fd);
	return 0;
}

int
privs_clean_start(bool stdio, unsigned n_passed)
{
	int r;

	if (chdir("/") < 0)
		return -errno;
	/* First what was inherited: our own /dev/null may land above it. */
	if (close_range(3 + n_passed, UINT32_MAX, 0) < 0)
		return -errno;
	r = stdio_clean(stdio);
	if (r < 0)
		return r;
	r = env_clean();
	if (r < 0)
		return r;
	return process_harden();
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int
privs_close_but(int *keep, size_t n)
{
	unsigned from = 3;

	qsort(keep, n, sizeof(*keep), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned fd = (unsigned)keep[i];

		if (keep[i] < 3)
			continue;
		if (fd > from && close_range(from, fd - 1, 0) < 0)
			return -errno;
		from = fd + 1;
	}
	return close_range(from, UINT32_MAX, 0) < 0 ? -errno : 0;
}

int
privs_die_with(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (fcntl(fd, F_SETSIG, SIGKILL) < 0 ||
	    fcntl(fd, F_SETOWN, getpid()) < 0 ||
	    fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
		return -errno;
	/* It may have gone before we asked to be told. */
	return poll(&p, 1, 0) == 0 ? 0 : -ESRCH;
}

int
privs_act_as(uid_t uid)
{
	return setresuid((uid_t)-1, uid, (uid_t)-1) < 0 ? -errno : 0;
}

int
privs_signal(uid_t uid, pid_t pid, int sig)
{
	int back, r = privs_act_as(uid);

	if (r < 0)
		return r;
	if (kill(pid, sig) < 0)
		r = -errno;
	back = privs_act_as(0);
	return r < 0 ? r : back;
}
