/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checker.c - a child that reads the configuration so that root need not.
 */
#include "config.h"

#include "aiauthd/checker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aiauthd/candidate.h"
#include "aiauthd/privs.h"
#include "base/process.h"

union control {			/* one descriptor, aligned */
	struct cmsghdr	head;
	char		room[CMSG_SPACE(sizeof(int))];
};

static int
answer_send(int sock, const struct settings *settings, int fd)
{
	union control control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)settings, sizeof(*settings) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control.room) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) == (ssize_t)sizeof(*settings) ?
	    0 : -errno;
}

static int
check(const struct daemon *d, bool is_first, int sock)
{
	struct settings settings = { 0 };
	int r, fd = -1;

	r = candidate_check(d, is_first, &settings, &fd);
	return r < 0 ? r : answer_send(sock, &settings, fd);
}

/* It ends with the supervisor, whose end must leave nothing running. */
static int
child_become(const struct daemon *d)
{
	int r = process_drop(d->uid_login, d->gid_login, NULL, 0);

	if (r == 0)
		r = process_harden();
	if (r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		r = -errno;
	return r;
}

__attribute__((noreturn))
static void
checker_child(const struct daemon *d, bool is_first, int sock)
{
	int r = child_become(d);

	if (r == 0)
		r = check(d, is_first, sock);
	_exit(r < 0);
}

int
checker_look(const struct daemon *d)
{
	pid_t pid = fork();

	if (pid == 0) {
		int r = child_become(d);

		if (r == 0)
			r = candidate_look(d);
		_exit(r < 0);
	}
	return pid < 0 ? -errno : 0;
}

/* One message with one descriptor; anything else came from no checker. */
static int
answer_recv(int sock, struct settings *ret, int *ret_fd)
{
	union control control = { 0 };
	struct iovec iov = { ret, sizeof(*ret) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control.room) };
	ssize_t n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int fd = -1;

	if (n < 0)
		return -errno;
	if (c != NULL && c->cmsg_level == SOL_SOCKET &&
	    c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	if (fd < 0)
		return n == 0 ? AIA_ECONF : AIA_EPROTO;
	if (n != (ssize_t)sizeof(*ret) || !conf_is_sealed(fd) ||
	    memchr(ret->seal_key_file, '\0', AIA_PATH_MAX) == NULL) {
		(void)close(fd);
		return AIA_EPROTO;
	}
	*ret_fd = fd;
	return 0;
}

static int
answer_wait(int sock, struct settings *ret, int *ret_fd)
{
	struct pollfd p = { .fd = sock, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, CHECKER_TIMEOUT_MS);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : answer_recv(sock, ret, ret_fd);
}

int
checker_run(const struct daemon *d, bool is_first, struct settings *ret,
    int *ret_fd)
{
	struct settings settings = { 0 };
	pid_t pid;
	int r, sv[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		(void)close(sv[0]);
		checker_child(d, is_first, sv[1]);
	}
	r = pid < 0 ? -errno : 0;
	(void)close(sv[1]);
	if (r == 0)
		r = answer_wait(sv[0], &settings, ret_fd);
	(void)close(sv[0]);
	if (pid > 0) {
		/* It has answered or never will.  Still root, perhaps. */
		if (privs_signal(d->uid_login, pid, SIGKILL) < 0)
			(void)kill(pid, SIGKILL);
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (r == 0)
		*ret = settings;
	return r;
}
