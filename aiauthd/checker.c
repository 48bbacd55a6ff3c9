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
#include <time.h>
#include <unistd.h>

#include "aiauthd/login/lockout.h"
#include "aiauthd/login/person.h"
#include "aiauthd/policy/check.h"
#include "aiauthd/privs.h"
#include "aiauthd/refusal.h"
#include "base/conf_types.h"
#include "base/log.h"
#include "base/process.h"
#include "common/client.h"

#define LOCKOUT_MS 7000		/* so that the supervisor is told in time */
#define HOW_TO_ACCEPT "[policy] lockout_accepted = %s takes these policies " \
	"all the same"

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

/* What a checking child has at hand; heap. */
struct check {
	const struct daemon	*daemon;
	struct worker		 worker;	/* to ask as one of them does */
	struct conf_error	 first;		/* of what was refused */
	int			 fd;
};

static void
refuse(const char *what, void *arg)
{
	struct check *ck = arg;

	log_event_all(LOG_ERR, "conf.refused", LOG_STR("cause", what));
	policy_keep_first(what, &ck->first);
}

/* What came out, and is taken all the same; r < 0: nothing did. */
static void
lockout_log(const struct worker *w, int r, enum lockout l, const char *who)
{
	const char *why = r < 0 ? aia_strerror(r) :
	    l == LOCKOUT_NOT_CONFIGURED ? "no administrators are configured" :
	    l == LOCKOUT_NOBODY_ENROLLED ?
	    "nobody has enrolled anything yet" : NULL;

	if (why != NULL)
		log_event(LOG_WARNING, "lockout.unchecked",
		    LOG_STR("cause", why));
	else if (l == LOCKOUT_ALL)
		log_event(LOG_WARNING, "lockout.in_force",
		    LOG_STR("administrators", who),
		    LOG_STR("fingerprint", policy_fingerprint(w->policy)));
}

static int
lockout_ask(struct check *ck, enum lockout *ret,
    char who[LOCKOUT_WHO_MAX + 1])
{
	struct worker *w = &ck->worker;
	int r;

	r = path_join(ck->daemon->paths.run, SOCK_VAULT, w->vault.path);
	if (r == 0)
		r = lockout_look(w, time(NULL), aia_now_ms() + LOCKOUT_MS, ret,
		    who);
	person_directory_drop(w);
	return r;
}

/* 0, or AIA_ECONF where nobody would be left and nobody accepts that. */
static int
lockout_check(struct check *ck)
{
	const struct worker *w = &ck->worker;
	const char *fingerprint = policy_fingerprint(w->policy);
	bool accepted = strcmp(w->conf.lockout_accepted, fingerprint) == 0;
	char who[LOCKOUT_WHO_MAX + 1];
	enum lockout l = LOCKOUT_NONE;
	struct conf_error err;
	int r;

	r = lockout_ask(ck, &l, who);
	if (accepted || (r == 0 && l != LOCKOUT_ALL)) {
		lockout_log(w, r, l, who);
		return 0;
	}
	if (r < 0)
		r = conf_fail(&err, "cannot tell whether an administrator "
		    "could still become root: %s; " HOW_TO_ACCEPT,
		    aia_strerror(r), fingerprint);
	else
		r = conf_fail(&err, "no administrator could still log in and "
		    "become root: %s; " HOW_TO_ACCEPT, who, fingerprint);
	refuse(err.text, ck);
	return r;
}

static int
check_load(struct check *ck)
{
	const struct policy_critic critic = { refuse, ck };
	struct conf_error err = { "" };
	size_t n_assertions;
	int r;

	r = conf_gather(&ck->daemon->paths, &ck->fd, &err);
	if (r == 0)
		r = conf_load(ck->fd, &ck->worker.conf, &err);
	if (r < 0)
		refuse(err.text, ck);
	else
		r = policy_check(ck->fd, &ck->worker.conf, &critic,
		    &ck->worker.policy, &n_assertions);
	return r;
}

static struct check *
check_new(const struct daemon *d)
{
	struct check *ck = calloc(1, sizeof(*ck));

	if (ck == NULL)
		return NULL;
	ck->daemon = ck->worker.daemon = d;
	ck->fd = -1;
	return ck;
}

static int
check(const struct daemon *d, bool is_first, int sock)
{
	struct check *ck = check_new(d);
	struct settings settings = { 0 };
	int r;

	if (ck == NULL)
		return -ENOMEM;
	r = check_load(ck);
	if (r == 0 && !is_first)
		r = lockout_check(ck);
	if (r < 0) {
		refusal_set(d->refusal, time(NULL), ck->first.text);
	} else {
		settings.workers = ck->worker.conf.workers;
		memcpy(settings.seal_key_file, ck->worker.conf.seal_key_file,
		    sizeof(settings.seal_key_file));
		r = answer_send(sock, &settings, ck->fd);
	}
	if (ck->fd >= 0)
		(void)close(ck->fd);
	policy_free(ck->worker.policy);
	free(ck);
	return r;
}

static int
look(const struct daemon *d)
{
	struct check *ck = check_new(d);
	char who[LOCKOUT_WHO_MAX + 1];
	struct conf_error err = { "" };
	enum lockout l = LOCKOUT_NONE;
	int r;

	if (ck == NULL)
		return -ENOMEM;
	r = conf_load(d->conf_fd, &ck->worker.conf, &err);
	if (r == 0)
		r = policy_load(d->conf_fd, &ck->worker.conf,
		    &ck->worker.policy, &err);
	if (r == 0)
		r = lockout_ask(ck, &l, who);
	lockout_log(&ck->worker, r, l, who);
	policy_free(ck->worker.policy);
	free(ck);
	return r;
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
			r = look(d);
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
