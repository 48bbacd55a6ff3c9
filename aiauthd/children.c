/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * children.c - all children: who runs, who is due, who must go.
 */
#include "config.h"

#include "aiauthd/children.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aiauthd/caps.h"
#include "aiauthd/child.h"
#include "aiauthd/privs.h"
#include "base/log.h"

struct child {
	const struct kind	*kind;
	pid_t			 pid;		/* 0: not running */
	int			 life_fd;	/* while it runs */
	bool			 wanted;
	unsigned		 deaths;	/* early ones in a row */
	int64_t			 started_ms;
	int64_t			 start_ms;	/* not before, if wanted */
	int64_t			 kill_ms;	/* asked to end; 0: not */
};

struct children {
	const struct daemon	*daemon;
	const int		*listen_fds;
	struct caps		*caps;		/* slot: index in v */
	char			 seal_key_path[AIA_PATH_MAX];
	bool			 stopping;
	size_t			 n;
	struct child		 v[CHILDREN_MAX];
};

int64_t
children_backoff_ms(unsigned deaths)
{
	int64_t ms = CHILDREN_BACKOFF_MIN_MS;

	if (deaths <= 1)
		return 0;
	while (--deaths > 1 && ms < CHILDREN_BACKOFF_MAX_MS)
		ms *= 2;
	return ms < CHILDREN_BACKOFF_MAX_MS ? ms : CHILDREN_BACKOFF_MAX_MS;
}

int
children_new(const struct daemon *d, const int listen_fds[KIND_N],
    struct children **ret)
{
	struct children *ch = calloc(1, sizeof(*ch));
	int r;

	if (ch == NULL)
		return -ENOMEM;
	r = caps_new(CHILDREN_MAX, &ch->caps);
	if (r < 0) {
		free(ch);
		return r;
	}
	ch->daemon = d;
	ch->listen_fds = listen_fds;
	*ret = ch;
	return 0;
}

void
children_free(struct children *ch)
{
	if (ch == NULL)
		return;
	caps_free(ch->caps);
	free(ch);
}

/* The slots of a kind, so that exactly n of them are wanted. */
static int
want(struct children *ch, const struct kind *kind, uint32_t n)
{
	uint32_t have = 0;

	for (size_t i = 0; i < ch->n; i++) {
		if (ch->v[i].kind != kind)
			continue;
		ch->v[i].wanted = have < n;
		have++;
	}
	for (; have < n; have++) {
		if (ch->n == ARRAY_LEN(ch->v))
			return -ENOSPC;
		ch->v[ch->n++] = (struct child){ .kind = kind, .wanted = true };
	}
	return 0;
}

int
children_set(struct children *ch, uint32_t workers, const char *seal_key_path)
{
	int r = 0;

	if (workers == 0 || workers > WORKERS_MAX)
		return -ERANGE;
	if (strlen(seal_key_path) >= sizeof(ch->seal_key_path))
		return -ENAMETOOLONG;
	memcpy(ch->seal_key_path, seal_key_path, strlen(seal_key_path) + 1);
	for (size_t i = 0; i < KIND_N && r == 0; i++)
		r = want(ch, &kinds[i], kinds[i].n > 0 ? kinds[i].n : workers);
	return r;
}

static void
died_log(const struct child *c, int status)
{
	bool crashed = WIFSIGNALED(status);

	log_event(LOG_ERR, "child.died", LOG_STR("kind", c->kind->name),
	    LOG_I64("pid", c->pid),
	    LOG_I64(crashed ? "signal" : "status",
	    crashed ? WTERMSIG(status) : WEXITSTATUS(status)));
}

static void
child_died(struct children *ch, size_t at, int status, int64_t now_ms)
{
	struct child *c = &ch->v[at];

	caps_died(ch->caps, (unsigned)at, c->pid);
	if (c->kill_ms != 0) {		/* we had asked for it */
		c->deaths = 0;
		c->start_ms = 0;
	} else {
		died_log(c, status);
		c->deaths = now_ms - c->started_ms < CHILDREN_STABLE_MS ?
		    c->deaths + 1 : 1;
		c->start_ms = now_ms + children_backoff_ms(c->deaths);
	}
	(void)close(c->life_fd);
	c->pid = 0;
	c->kill_ms = 0;
}

static void
reap(struct children *ch, int64_t now_ms)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < ch->n; i++)
			if (ch->v[i].pid == pid)
				child_died(ch, i, status, now_ms);
}

static void
child_signal(const struct children *ch, const struct child *c, int sig)
{
	int r = privs_signal(kind_uid(c->kind, ch->daemon), c->pid, sig);

	if (r < 0 && r != -ESRCH)
		log_event(LOG_ERR, "child.signal",
		    LOG_STR("kind", c->kind->name), LOG_I64("pid", c->pid),
		    LOG_CODE(r));
}

static void
child_ask(struct children *ch, struct child *c, int64_t wait_ms,
    int64_t now_ms)
{
	int64_t kill_ms = now_ms + wait_ms;

	if (c->pid == 0)
		return;
	if (c->kill_ms == 0 || kill_ms < c->kill_ms)
		c->kill_ms = kill_ms;
	child_signal(ch, c, SIGTERM);
}

static void
child_start(struct children *ch, size_t at, int64_t now_ms)
{
	struct child *c = &ch->v[at];
	const struct child_start start = {
		.kind = c->kind, .daemon = ch->daemon,
		.seal_key_path = ch->seal_key_path,
		.listen_fd = ch->listen_fds[c->kind - kinds],
		.caps = ch->caps, .slot = (unsigned)at,
	};
	int r = child_fork(&start, &c->pid, &c->life_fd);

	c->started_ms = now_ms;
	if (r == 0)
		return;
	log_event(LOG_ERR, "child.fork", LOG_STR("kind", c->kind->name),
	    LOG_CODE(r));
	c->start_ms = now_ms + children_backoff_ms(++c->deaths + 1);
}

void
children_tend(struct children *ch, int64_t now_ms)
{
	reap(ch, now_ms);
	for (size_t i = 0; i < ch->n; i++) {
		struct child *c = &ch->v[i];

		if (c->pid == 0 && c->wanted && !ch->stopping &&
		    c->start_ms <= now_ms) {
			child_start(ch, i, now_ms);
		} else if (c->pid != 0 && c->kill_ms != 0 &&
		    c->kill_ms <= now_ms) {
			child_signal(ch, c, SIGKILL);
			c->kill_ms = now_ms + CHILDREN_BACKOFF_MIN_MS;
		}
	}
}

void
children_replace(struct children *ch, int64_t now_ms)
{
	for (size_t i = 0; i < ch->n; i++)
		child_ask(ch, &ch->v[i], ch->v[i].kind->replace_ms, now_ms);
}

void
children_stop(struct children *ch, int64_t now_ms)
{
	ch->stopping = true;
	for (size_t i = 0; i < ch->n; i++)
		child_ask(ch, &ch->v[i], ch->v[i].kind->stop_ms, now_ms);
}

bool
children_gone(const struct children *ch)
{
	for (size_t i = 0; i < ch->n; i++)
		if (ch->v[i].pid != 0)
			return false;
	return true;
}

int64_t
children_due_ms(const struct children *ch)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < ch->n; i++) {
		const struct child *c = &ch->v[i];

		if (c->pid == 0 && c->wanted && !ch->stopping &&
		    c->start_ms < due)
			due = c->start_ms;
		if (c->pid != 0 && c->kill_ms != 0 && c->kill_ms < due)
			due = c->kill_ms;
	}
	return due;
}
