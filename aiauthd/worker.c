/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * worker.c - one of many equal children: accept, serve, accept again.
 *
 * One dialogue at a time, so the code that serves is plain and synchronous, and
 * a crash costs one login.
 */
#include "config.h"

#include "aiauthd/daemon.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "aiauthd/caps.h"
#include "aiauthd/policy/policy.h"
#include "base/lang.h"
#include "base/log.h"

/*
 * Of the few workers for users, one user gets no more: a screen lock, a tool
 * and one to spare.
 */
#define USER_DIALOGUES 3

static bool
may_come(struct worker *w, const struct ucred *peer)
{
	if (w->door != DOOR_USER || peer->uid == 0 ||
	    caps_come(w->caps, w->slot, peer->uid, USER_DIALOGUES))
		return true;
	log_event(LOG_WARNING, "dialogue.too_many",
	    LOG_I64("peer_uid", peer->uid), LOG_I64("peer_pid", peer->pid));
	return false;
}

/* All workers of a door wake for one connection; all but one find it gone. */
static void
worker_accept(struct worker *w, int listen_fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			log_event(LOG_ERR, "worker.accept", LOG_CODE(-errno));
		return;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		log_event(LOG_ERR, "worker.peer", LOG_CODE(-errno));
	else if (may_come(w, &peer))
		serve(w, fd, &peer);
	caps_go(w->caps, w->slot);
	(void)close(fd);
}

/* SIGTERM stays pending while a dialogue runs: it is finished first. */
static int
worker_loop(struct worker *w, int listen_fd, int signal_fd)
{
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = listen_fd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[0].revents != 0)
			return 0;
		if (fds[1].revents != 0)
			worker_accept(w, listen_fd);
	}
}

static int
worker_init(struct worker *w, const struct daemon *d)
{
	struct conf_error err = { "" };
	int r = conf_load(d->conf_fd, &w->conf, &err);

	if (r == 0)
		r = policy_load(d->conf_fd, &w->conf, &w->policy, &err);
	if (r < 0) {
		log_event(LOG_ERR, "conf.refused", LOG_STR("cause", err.text));
		return r;
	}
	r = path_join(d->paths.run, SOCK_VAULT, w->vault.path);
	if (r == 0)
		r = path_join(d->paths.run, SOCK_KEEPER, w->keeper.path);
	if (r == 0)
		r = path_join(d->paths.run, SOCK_KEYD, w->keyd);
	if (r == 0)
		r = path_join(d->paths.run, SOCK_NETD, w->netd);
	return r;
}

int
worker_main(const struct daemon *d, int listen_fd, enum door door,
    struct caps *caps, unsigned slot)
{
	struct worker *w = calloc(1, sizeof(*w));
	sigset_t term;
	int r, signal_fd = -1;

	if (w == NULL)
		return 1;
	w->daemon = d;
	w->door = door;
	w->caps = caps;
	w->slot = slot;
	r = worker_init(w, d);
	if (r < 0)
		goto out;
	lang_set(w->conf.language);
	(void)sigemptyset(&term);
	(void)sigaddset(&term, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &term, NULL);
	signal_fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	r = signal_fd < 0 ? -errno : worker_loop(w, listen_fd, signal_fd);
out:
	if (r < 0)
		log_event(LOG_ERR, "worker.failed", LOG_CODE(r));
	if (signal_fd >= 0)
		(void)close(signal_fd);
	directory_close(w->directory);
	policy_free(w->policy);
	free(w);
	return r < 0;
}
