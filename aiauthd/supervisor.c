/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * supervisor.c - the parent of all: sockets, children, signals.
 */
#include "config.h"

#include "aiauthd/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "aiauthd/checker.h"
#include "aiauthd/children.h"
#include "aiauthd/folders.h"
#include "aiauthd/privs.h"
#include "aiauthd/refusal.h"
#include "aiauthd/sealkey.h"
#include "base/listen.h"
#include "base/log.h"
#include "base/process.h"
#include "base/notify.h"
#include "common/client.h"

struct supervisor {
	struct daemon	 daemon;
	int		 lock_fd, signal_fd;
	int		 listen_fds[KIND_N];
	bool		 bound[KIND_N];		/* by us: ours to remove */
	struct children	*children;
	bool		 stopping;
};

static int
failed(const char *what, const char *detail, int r)
{
	if (r < 0)
		log_event(LOG_ERR, "daemon.failed", LOG_STR("step", what),
		    LOG_STR("at", detail), LOG_CODE(r));
	return r;
}

/* Separate only if the kernel sees them as different and none is root. */
static int
accounts_find(struct daemon *d)
{
	const struct { const char *name; uid_t *uid; gid_t *gid; } rows[] = {
		{ ACCOUNT_VAULT, &d->uid_vault, &d->gid_vault },
		{ ACCOUNT_LOGIN, &d->uid_login, &d->gid_login },
		{ ACCOUNT_NET, &d->uid_net, &d->gid_net },
		{ ACCOUNT_KEYS, &d->uid_keys, &d->gid_keys },
	};
	int r;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		r = account_user(d->paths.passwd, rows[i].name, rows[i].uid,
		    rows[i].gid);
		if (r == 0 && (*rows[i].uid == 0 || *rows[i].gid == 0))
			r = AIA_EID;
		for (size_t j = 0; j < i && r == 0; j++)
			if (*rows[i].uid == *rows[j].uid)
				r = AIA_EID;
		if (r < 0)
			return failed("account", rows[i].name, r);
	}
	r = account_group(d->paths.group, GROUP_CALL, &d->gid_call);
	if (r == 0 && d->gid_call == 0)
		r = AIA_EID;
	return failed("group", GROUP_CALL, r);
}

/* Two of us would take each other's sockets and databases. */
static int
lock_take(struct supervisor *sv)
{
	char path[AIA_PATH_MAX];
	int r = path_join(sv->daemon.paths.run, RUN_LOCK, path);

	if (r < 0)
		return failed("lock", sv->daemon.paths.run, r);
	sv->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (sv->lock_fd < 0 || flock(sv->lock_fd, LOCK_EX | LOCK_NB) < 0)
		r = -errno;
	return failed("lock", path, r);
}

static gid_t
socket_group(const struct kind *kind, const struct daemon *d)
{
	if (kind->for_login)
		return d->gid_login;
	return kind->for_keys ? d->gid_keys : 0;
}

/*
 * The service manager keeps a copy while it starts us again, so that whoever
 * calls meanwhile waits instead of being refused; then the file must stay.
 */
static int
socket_open(struct supervisor *sv, size_t i)
{
	const struct kind *kind = &kinds[i];
	gid_t gid = socket_group(kind, &sv->daemon);
	char path[AIA_PATH_MAX];
	int fd = -1, r;

	r = path_join(sv->daemon.paths.run, kind->sock, path);
	if (r == 0)
		r = listen_inherited(kind->sock, &fd);
	if (r < 0)
		return r;
	if (fd >= 0 && !listen_stands(path, gid, kind->mode)) {
		(void)close(fd);
		fd = -1;
	}
	if (fd < 0) {
		r = listen_bind(path, gid, kind->mode, &fd);
		if (r < 0)
			return r;
		sv->bound[i] = !notify_keep(kind->sock, fd);
	}
	sv->listen_fds[i] = fd;
	return 0;
}

static int
sockets_open(struct supervisor *sv)
{
	int r;

	for (size_t i = 0; i < KIND_N; i++) {
		r = socket_open(sv, i);
		if (r < 0)
			return failed("socket", kinds[i].sock, r);
	}
	return 0;
}

/* What is left of a stopped daemon makes clients wait for a timeout. */
static void
sockets_remove(const struct supervisor *sv)
{
	char path[AIA_PATH_MAX];

	for (size_t i = 0; i < KIND_N; i++)
		if (sv->bound[i] && path_join(sv->daemon.paths.run,
		    kinds[i].sock, path) == 0)
			(void)unlink(path);
}

/* What the checking child said, as far as it concerns us. */
static int
settings_apply(struct supervisor *sv, const struct settings *settings,
    bool first)
{
	const struct daemon *d = &sv->daemon;
	char key[AIA_PATH_MAX];
	int r = sealkey_path(&d->paths, settings->seal_key_file, key);

	if (r < 0)
		return failed("seal key", d->paths.conf, r);
	if (first)
		r = sealkey_ensure(&d->paths, key, d->uid_vault);
	if (r == -ENOENT)
		return failed("there is a state.db but not its seal key", key,
		    r);
	if (r < 0)
		return failed("seal key", key, r);
	r = children_set(sv->children, settings->workers, key);
	return failed("settings", d->paths.conf, r);
}

/* Ask the checking child, and only if it is content take what it read. */
static int
settings_take(struct supervisor *sv, bool first)
{
	struct daemon *d = &sv->daemon;
	struct settings settings;
	int r, fd = -1;

	r = checker_run(d, first, &settings, &fd);
	if (r < 0) {
		if (r != AIA_ECONF)	/* else the child has said why */
			refusal_set(d->refusal, time(NULL), aia_strerror(r));
		return failed("configuration", d->paths.conf, r);
	}
	r = settings_apply(sv, &settings, first);
	if (r < 0) {
		refusal_set(d->refusal, time(NULL), aia_strerror(r));
		(void)close(fd);
		return r;
	}
	refusal_clear(d->refusal);
	if (d->conf_fd >= 0)
		(void)close(d->conf_fd);
	d->conf_fd = fd;
	return 0;
}

static int
signals_open(struct supervisor *sv)
{
	static const int caught[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(caught); i++)
		(void)sigaddset(&set, caught[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	sv->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return sv->signal_fd < 0 ? -errno : 0;
}

static int
supervisor_start(struct supervisor *sv)
{
	struct daemon *d = &sv->daemon;
	int r = accounts_find(d);

	if (r < 0)
		return r;
	r = folders_prepare(d);
	if (r < 0)
		return r;
	r = lock_take(sv);
	if (r < 0)
		return r;
	r = sockets_open(sv);
	if (r < 0)
		return r;
	r = children_new(d, sv->listen_fds, &sv->children);
	if (r == 0)
		r = refusal_new(&d->refusal);
	if (r == 0)
		r = signals_open(sv);
	if (r < 0)
		return failed("memory", "", r);
	r = settings_take(sv, true);
	if (r < 0)
		return r;
	return failed("capabilities", "", process_keep_caps(
	    1U << CAP_SETUID | 1U << CAP_SETGID));
}

static void
reload(struct supervisor *sv)
{
	if (sv->stopping)
		return;
	notify_reloading();
	if (settings_take(sv, false) == 0) {
		children_replace(sv->children, aia_now_ms());
		log_event(LOG_NOTICE, "reload.done");
	} else {
		log_event(LOG_ERR, "reload.refused",
		    LOG_STR("in_force", "the configuration before"));
	}
	notify_ready();
}

static void
stop(struct supervisor *sv)
{
	if (sv->stopping)
		return;
	sv->stopping = true;
	notify_stopping();
	children_stop(sv->children, aia_now_ms());
}

/* SIGCHLD needs nothing here: children_tend() comes after every wake-up. */
static void
signals_read(struct supervisor *sv)
{
	struct signalfd_siginfo si;

	while (read(sv->signal_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGHUP)
			reload(sv);
		else if (si.ssi_signo == SIGTERM || si.ssi_signo == SIGINT)
			stop(sv);
	}
}

static int
wait_ms(int64_t due_ms)
{
	int64_t left = due_ms - aia_now_ms();

	if (due_ms == INT64_MAX)
		return -1;
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

static int
supervisor_loop(struct supervisor *sv)
{
	struct pollfd p = { .fd = sv->signal_fd, .events = POLLIN };

	for (;;) {
		children_tend(sv->children, aia_now_ms());
		if (sv->stopping && children_gone(sv->children))
			return 0;
		if (poll(&p, 1, wait_ms(children_due_ms(sv->children))) < 0 &&
		    errno != EINTR)
			return -errno;
		signals_read(sv);
	}
}

int
supervisor_run(const struct paths *paths, bool foreground)
{
	struct supervisor *sv = calloc(1, sizeof(*sv));
	int r;

	if (sv == NULL)
		return -ENOMEM;
	sv->daemon = (struct daemon){ .paths = *paths, .conf_fd = -1,
	    .foreground = foreground };
	sv->lock_fd = sv->signal_fd = -1;
	for (size_t i = 0; i < KIND_N; i++)
		sv->listen_fds[i] = -1;
	r = supervisor_start(sv);
	if (r == 0) {
		children_tend(sv->children, aia_now_ms());
		(void)failed("look", "", checker_look(&sv->daemon));
		log_event(LOG_NOTICE, "start.done");
		notify_ready();
		r = failed("waiting", "", supervisor_loop(sv));
		log_event(LOG_NOTICE, "stop.done");
	}
	sockets_remove(sv);
	children_free(sv->children);
	refusal_free(sv->daemon.refusal);
	free(sv);		/* descriptors go with the process */
	return r;
}
