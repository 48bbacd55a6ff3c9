/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run.c - run another program, and not for longer than it may take.
 */
#include "config.h"

#include "aiauthctl/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/client.h"

#define ENV_MAX 8

static int
actions_make(posix_spawn_file_actions_t *fa, int out, bool errors)
{
	int r;

	r = posix_spawn_file_actions_addopen(fa, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(fa, out, STDOUT_FILENO);
	if (r == 0 && !errors)
		r = posix_spawn_file_actions_addopen(fa, STDERR_FILENO,
		    "/dev/null", O_WRONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(fa, 3);
	return r;
}

/* A group of its own, so that all of it can be killed; no signal ignored. */
static int
attributes_make(posix_spawnattr_t *at)
{
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	r = posix_spawnattr_setflags(at, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (r == 0)
		r = posix_spawnattr_setsigmask(at, &none);
	return r == 0 ? posix_spawnattr_setsigdefault(at, &all) : r;
}

static int
start(const char *const *argv, const char *const *env, int out, bool errors,
    pid_t *ret)
{
	const char *envp[ENV_MAX + 3] = {
		"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
	};
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	size_t n = 2;
	int r;

	for (; env != NULL && *env != NULL && n < ENV_MAX + 2; env++)
		envp[n++] = *env;
	r = posix_spawn_file_actions_init(&fa);
	if (r != 0)
		return -r;
	r = posix_spawnattr_init(&at);
	if (r == 0) {
		r = actions_make(&fa, out, errors);
		if (r == 0)
			r = attributes_make(&at);
		/* The pointers are not written through: POSIX's own words. */
		if (r == 0)
			r = posix_spawn(ret, argv[0], &fa, &at,
			    (char *const *)(uintptr_t)argv,
			    (char *const *)(uintptr_t)envp);
		(void)posix_spawnattr_destroy(&at);
	}
	(void)posix_spawn_file_actions_destroy(&fa);
	return -r;
}

/* Until it closes its end: what does not fit is read and dropped. */
static int
drain(int fd, int64_t deadline_ms, char *room, size_t cap)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char spill[4096];
	size_t len = 0;

	for (;;) {
		int64_t left_ms = deadline_ms - aia_now_ms();
		bool keeps = room != NULL && len + 1 < cap;
		ssize_t n;

		if (left_ms <= 0)
			return -ETIMEDOUT;
		if (poll(&pfd, 1, (int)left_ms) < 0 && errno != EINTR)
			return -errno;
		if (pfd.revents == 0)
			continue;
		n = keeps ? read(fd, room + len, cap - 1 - len) :
		    read(fd, spill, sizeof(spill));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		if (keeps) {
			len += (size_t)n;
			room[len] = '\0';
		}
	}
}

static int
finish(pid_t pid, int64_t deadline_ms)
{
	const struct timespec nap = { .tv_nsec = 5000000 };
	int status = 0;
	pid_t got;

	while ((got = waitpid(pid, &status, WNOHANG)) == 0 &&
	    aia_now_ms() < deadline_ms)
		(void)nanosleep(&nap, NULL);
	if (got == pid)
		return WIFEXITED(status) ? WEXITSTATUS(status) :
		    128 + WTERMSIG(status);
	return -ETIMEDOUT;
}

int
run_program(const char *const *argv, const char *const *env,
    unsigned deadline_s, bool errors, char *room, size_t cap)
{
	int64_t deadline_ms = aia_now_ms() + (int64_t)deadline_s * 1000;
	int fds[2] = { -1, -1 }, r;
	pid_t pid = -1;

	if (room != NULL)
		room[0] = '\0';
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	r = start(argv, env, fds[1], errors, &pid);
	(void)close(fds[1]);
	if (r == 0) {
		r = drain(fds[0], deadline_ms, room, cap);
		if (r == 0)
			r = finish(pid, deadline_ms);
		if (r < 0) {
			(void)kill(-pid, SIGKILL);
			while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
				;
		}
	}
	(void)close(fds[0]);
	return r;
}

const char *
run_find(const char *const *paths)
{
	for (; *paths != NULL; paths++)
		if (access(*paths, X_OK) == 0)
			return *paths;
	return NULL;
}
