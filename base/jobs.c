/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jobs.c - the parent of jobs: who may call, how many at once, and for how long.
 */
#include "config.h"

#include "base/jobs.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/listen.h"
#include "base/log.h"
#include "common/client.h"

#define ALARM_MS 2000	/* the child's own end, after its RESULT was due */
#define KILL_MS 4000	/* ours */

struct slot {
	int	 fd;		/* the caller before its call has come; then
				 * what the child wants kept; -1: none */
	pid_t	 pid;		/* > 0: a child runs */
	const struct jobs_caller *caller;
	int64_t	 deadline_ms;	/* to close fd, or to kill pid */
};

/* Callers that have not said what they want may be as many again, so that one
 * too many can be told so when it has. */
#define SLOTS_MAX (2 * JOBS_MAX)

struct jobs {
	struct jobs_conf conf;
	const struct conf *in_force;	/* during jobs_run() */
	int		 signal_fd;
	struct slot	 slots[SLOTS_MAX];
	struct aia_packet pkt;		/* a call; used up at once */
};

enum { POLL_SIGNAL, POLL_LISTEN, POLL_SLOTS };	/* places in the array */

static const int awaited[] = { SIGCHLD, SIGHUP, SIGINT, SIGTERM };

static bool
slot_free(const struct slot *s)
{
	return s->fd < 0 && s->pid == 0;
}

static void
slot_clear(struct slot *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	*s = (struct slot){ .fd = -1 };
}

int
jobs_new(const struct jobs_conf *conf, struct jobs **ret)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));
	sigset_t set;

	if (jobs == NULL)
		return -ENOMEM;
	jobs->conf = *conf;
	for (size_t i = 0; i < SLOTS_MAX; i++)
		jobs->slots[i].fd = -1;
	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(awaited); i++)
		(void)sigaddset(&set, awaited[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    (jobs->signal_fd = signalfd(-1, &set, SFD_CLOEXEC |
	    SFD_NONBLOCK)) < 0) {
		free(jobs);
		return -errno;
	}
	*ret = jobs;
	return 0;
}

void
jobs_free(struct jobs *jobs)
{
	if (jobs == NULL)
		return;
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		struct slot *s = &jobs->slots[i];

		if (s->pid > 0) {
			(void)kill(s->pid, SIGKILL);
			(void)waitpid(s->pid, NULL, 0);
		}
		slot_clear(s);
	}
	(void)close(jobs->signal_fd);
	free(jobs);
}

static const struct jobs_caller *
caller_find(const struct jobs *jobs, uid_t uid)
{
	for (size_t i = 0; i < jobs->conf.n_callers; i++)
		if (jobs->conf.callers[i].uid == uid)
			return &jobs->conf.callers[i];
	return NULL;
}

/* A free slot for this caller, or NULL when it, or all together, have enough. */
static struct slot *
slot_find(struct jobs *jobs, const struct jobs_caller *caller)
{
	struct slot *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		struct slot *s = &jobs->slots[i];

		if (slot_free(s))
			found = s;
		else if (s->caller == caller)
			n++;
	}
	return n < 2 * caller->most ? found : NULL;
}

/* May one more child run for this caller? */
static bool
child_ok(const struct jobs *jobs, const struct jobs_caller *caller)
{
	size_t n = 0, n_own = 0;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		if (jobs->slots[i].pid == 0)
			continue;
		n++;
		n_own += jobs->slots[i].caller == caller;
	}
	return n < JOBS_MAX && n_own < caller->most;
}

static void
accept_one(struct jobs *jobs)
{
	const struct jobs_caller *caller = NULL;
	struct ucred peer = { 0 };
	struct slot *s;
	int fd = accept4(jobs->conf.listen_fd, NULL, NULL,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;		/* gone again, or poll() tells us anew */
	if (listen_peer(fd, &peer) == 0)
		caller = caller_find(jobs, peer.uid);
	if (caller == NULL) {
		log_event(LOG_WARNING, "call.refused",
		    LOG_I64("peer_uid", peer.uid));
		(void)close(fd);
		return;
	}
	s = slot_find(jobs, caller);
	if (s == NULL) {
		log_event(LOG_WARNING, "call.too_many",
		    LOG_I64("peer_uid", peer.uid));
		(void)close(fd);
		return;
	}
	*s = (struct slot){ .fd = fd, .caller = caller,
	    .deadline_ms = aia_now_ms() + JOBS_CALL_MS };
}

/* What the child must not have: the others' callers, our signals. */
static void
child_detach(struct jobs *jobs, const struct slot *own)
{
	sigset_t none;

	(void)close(jobs->conf.listen_fd);
	(void)close(jobs->signal_fd);
	for (size_t i = 0; i < SLOTS_MAX; i++)
		if (&jobs->slots[i] != own && jobs->slots[i].fd >= 0)
			(void)close(jobs->slots[i].fd);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void
child_main(struct jobs *jobs, const struct slot *own, int keep_fd,
    uint32_t timeout_ms, pid_t parent)
{
	const struct job job = { .conf = jobs->in_force,
	    .credentials_dir = jobs->conf.credentials_dir, .fd = own->fd,
	    .version = jobs->pkt.version, .keep_fd = keep_fd,
	    .deadline_ms = aia_now_ms() + timeout_ms };

	child_detach(jobs, own);
	/* A parent that ended before this line sends no signal any more. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ||
	    getppid() != parent)
		_exit(1);
	(void)alarm((timeout_ms + JOBS_RESULT_MS + ALARM_MS) / 1000);
	_exit(jobs->conf.ops->run(&job, &jobs->pkt));
}

static int
child_start(struct jobs *jobs, struct slot *s, uint32_t timeout_ms)
{
	pid_t parent = getpid(), pid;
	int r, pair[2] = { -1, -1 };

	if (!child_ok(jobs, s->caller)) {
		jobs->conf.ops->refuse(s->fd, jobs->pkt.version);
		return -EAGAIN;
	}
	if (jobs->conf.ops->keep != NULL && socketpair(AF_UNIX,
	    SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		if (pair[0] >= 0)
			(void)close(pair[0]);
		child_main(jobs, s, pair[1], timeout_ms, parent);
	}
	r = pid < 0 ? -errno : 0;
	if (pair[1] >= 0)
		(void)close(pair[1]);
	if (r < 0) {
		if (pair[0] >= 0)
			(void)close(pair[0]);
		return r;
	}
	(void)close(s->fd);
	s->fd = pair[0];
	s->pid = pid;
	s->deadline_ms = aia_now_ms() + timeout_ms + JOBS_RESULT_MS + KILL_MS;
	return 0;
}

/* The caller has said something: a call, or it is shown the door. */
static void
call_begin(struct jobs *jobs, struct slot *s)
{
	uint32_t timeout_ms = 0;
	int r = aia_packet_recv(s->fd, &jobs->pkt, 0);

	if (r == 0 && (jobs->pkt.version < AIA_WIRE_VERSION_MIN ||
	    jobs->pkt.version > AIA_WIRE_VERSION))
		r = AIA_EVERSION;
	if (r == 0)
		r = jobs->conf.ops->take(&jobs->pkt, s->caller->may,
		    &timeout_ms);
	if (r == 0 && timeout_ms == 0)
		r = AIA_EPROTO;
	if (r == 0)
		r = child_start(jobs, s, timeout_ms);
	explicit_bzero(&jobs->pkt, sizeof(jobs->pkt));	/* a PIN, perhaps */
	if (r < 0) {
		if (r != AIA_EOFFLINE)
			log_event(LOG_WARNING, "call.failed",
			    LOG_I64("peer_uid", s->caller->uid),
			    LOG_CODE(r));
		slot_clear(s);
	}
}

static void
child_said(struct jobs *jobs, struct slot *s)
{
	if (jobs->conf.ops->keep(s->fd))
		return;
	(void)close(s->fd);
	s->fd = -1;
}

/* What it said last may come to light only with its end: to the last packet. */
static void
child_ended(struct jobs *jobs, struct slot *s)
{
	while (s->fd >= 0)
		child_said(jobs, s);
	slot_clear(s);
}

static void
reap(struct jobs *jobs)
{
	int status = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFSIGNALED(status))
			log_event(LOG_ERR, "call.killed", LOG_I64("pid", pid),
			    LOG_I64("signal", WTERMSIG(status)));
		for (size_t i = 0; i < SLOTS_MAX; i++)
			if (jobs->slots[i].pid == pid)
				child_ended(jobs, &jobs->slots[i]);
	}
}

/* Close what is late, kill what is late; how long until the next one is. */
static int
deadlines(struct jobs *jobs)
{
	int64_t now = aia_now_ms(), next = INT_MAX;

	for (size_t i = 0; i < SLOTS_MAX; i++) {
		struct slot *s = &jobs->slots[i];

		if (slot_free(s))
			continue;
		if (s->deadline_ms > now) {
			if (s->deadline_ms - now < next)
				next = s->deadline_ms - now;
		} else if (s->pid > 0) {
			(void)kill(s->pid, SIGKILL);
			s->deadline_ms = INT64_MAX;	/* SIGCHLD ends it */
		} else {
			slot_clear(s);
		}
	}
	return (int)next;
}

/* true: *ret says why to stop serving. */
static bool
signals(struct jobs *jobs, enum jobs_why *ret)
{
	struct signalfd_siginfo info;
	bool stop = false;

	while (read(jobs->signal_fd, &info, sizeof(info)) ==
	    (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			reap(jobs);
		} else if (!stop || *ret == JOBS_RELOAD) {
			*ret = info.ssi_signo == SIGHUP ? JOBS_RELOAD :
			    JOBS_STOP;
			stop = true;
		}
	}
	return stop;
}

/* Signals came first: the slot may be empty by now. */
static void
slot_ready(struct jobs *jobs, struct slot *s, const struct pollfd *pfd)
{
	if (pfd->revents == 0 || s->fd < 0)
		return;
	if (s->pid > 0)
		child_said(jobs, s);
	else
		call_begin(jobs, s);
}

int
jobs_run(struct jobs *jobs, const struct conf *conf, enum jobs_why *ret)
{
	struct pollfd fds[POLL_SLOTS + SLOTS_MAX] = {
		[POLL_SIGNAL] = { jobs->signal_fd, POLLIN, 0 },
		[POLL_LISTEN] = { jobs->conf.listen_fd, POLLIN, 0 },
	};

	jobs->in_force = conf;
	for (;;) {
		int timeout_ms = deadlines(jobs);

		/* poll() skips the -1 of slots that wait for nothing. */
		for (size_t i = 0; i < SLOTS_MAX; i++)
			fds[POLL_SLOTS + i] = (struct pollfd){
			    jobs->slots[i].fd, POLLIN, 0 };
		if (poll(fds, ARRAY_LEN(fds), timeout_ms) < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		if (fds[POLL_SIGNAL].revents != 0 && signals(jobs, ret))
			return 0;
		for (size_t i = 0; i < SLOTS_MAX; i++)
			slot_ready(jobs, &jobs->slots[i], &fds[POLL_SLOTS + i]);
		if (fds[POLL_LISTEN].revents != 0)
			accept_one(jobs);
	}
}
