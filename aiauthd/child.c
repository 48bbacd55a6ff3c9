/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * child.c - from fork to the main of one child.
 *
 * The order matters: what root alone may read is read first, then everything
 * root-like goes, then the filter comes, and only then is anything from
 * outside looked at.
 */
#include "config.h"

#include "aiauthd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "aiauthd/privs.h"
#include "aiauthd/sealkey.h"
#include "base/log.h"
#include "base/process.h"

/* The supervisor's arrangements end here.  Those for the terminal and for
 * reloading are its own affair even when the whole group gets the signal. */
static int
signals_reset(void)
{
	static const int ignored[] = { SIGINT, SIGHUP, SIGPIPE, SIGTTOU };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t none;

	for (size_t i = 0; i < ARRAY_LEN(ignored); i++)
		if (sigaction(ignored[i], &ignore, NULL) < 0)
			return -errno;
	(void)sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

static int
child_prepare(const struct child_start *start, int life_fd,
    struct secret *ret_key)
{
	const struct kind *kind = start->kind;
	const struct daemon *d = start->daemon;
	int keep[] = { start->listen_fd, d->conf_fd, life_fd };
	int r = kind->holds_key ? sealkey_read(start->seal_key_path, ret_key) :
	    0;

	if (r < 0) {
		log_event(LOG_ERR, "seal_key.unreadable",
		    LOG_STR("path", start->seal_key_path), LOG_CODE(r));
		return r;
	}
	log_close();
	r = privs_close_but(keep, ARRAY_LEN(keep));
	log_init(kind->name, d->foreground);
	if (r < 0)
		return r;
	r = process_drop(kind_uid(kind, d), kind_gid(kind, d), &d->gid_call,
	    kind->calls ? 1 : 0);
	if (r < 0)
		return r;
	r = process_harden();
	if (r < 0)
		return r;
	if (clearenv() != 0)
		return -ENOMEM;
	(void)prctl(PR_SET_NAME, kind->name, 0, 0, 0);
	r = privs_die_with(life_fd);
	if (r < 0)
		return r;
	r = sandbox_enter(kind->sandbox);
	return r < 0 ? r : signals_reset();
}

__attribute__((noreturn))
static void
child_main(const struct child_start *start, int life_fd)
{
	struct secret key = { 0 };
	const struct child_env env = { .daemon = start->daemon,
	    .listen_fd = start->listen_fd, .caps = start->caps,
	    .slot = start->slot,
	    .seal_key = start->kind->holds_key ? &key : NULL };
	int r = child_prepare(start, life_fd, &key);

	if (r < 0) {
		log_event(LOG_ERR, "child.not_started",
		    LOG_STR("kind", start->kind->name), LOG_CODE(r));
		_exit(1);
	}
	r = start->kind->run(&env);
	secret_clear(&key);
	exit(r);		/* sanitizers report at exit */
}

int
child_fork(const struct child_start *start, pid_t *ret, int *ret_life_fd)
{
	int r, life[2];
	pid_t pid;

	if (pipe2(life, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		child_main(start, life[0]);
	r = pid < 0 ? -errno : 0;
	(void)close(life[0]);
	if (r < 0) {
		(void)close(life[1]);
		return r;
	}
	*ret = pid;
	*ret_life_fd = life[1];
	return 0;
}
