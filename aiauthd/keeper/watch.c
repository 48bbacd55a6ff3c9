/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - files whose change is a reason to do something now.
 */
#include "config.h"

#include "aiauthd/keeper/watch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/paths.h"

#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | \
	IN_MOVE_SELF | IN_ONLYDIR)

struct watch {
	int	fd;
	size_t	n;
	struct file {
		char	 dir[AIA_PATH_MAX];
		char	 name[AIA_PATH_MAX];
		unsigned tag;
		int	 wd;	/* -1: no such folder, yet */
	} files[WATCH_FILES_MAX];
};

int
watch_new(struct watch **ret)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -ENOMEM;
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd < 0) {
		int r = -errno;

		free(w);
		return r;
	}
	*ret = w;
	return 0;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	(void)close(w->fd);
	free(w);
}

int
watch_fd(const struct watch *w)
{
	return w->fd;
}

int
watch_add(struct watch *w, const char *path, unsigned tag)
{
	const char *slash = strrchr(path, '/');
	struct file *f = &w->files[w->n];
	size_t dir_len;

	if (w->n == WATCH_FILES_MAX)
		return -ENOSPC;
	if (path[0] != '/' || slash[1] == '\0')
		return -EINVAL;
	dir_len = slash == path ? 1 : (size_t)(slash - path);
	if (dir_len >= sizeof(f->dir) || strlen(slash + 1) >= sizeof(f->name))
		return -ENAMETOOLONG;
	*f = (struct file){ .tag = tag, .wd = -1 };
	memcpy(f->dir, path, dir_len);
	memcpy(f->name, slash + 1, strlen(slash + 1));
	f->wd = inotify_add_watch(w->fd, f->dir, EVENTS);
	w->n++;
	return 0;
}

/*
 * Lost events are events of every file.  A folder that went away takes its
 * watch with it.
 */
static uint32_t
event_take(struct watch *w, const struct inotify_event *ev)
{
	bool is_gone = (ev->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct file *f = &w->files[i];

		if ((ev->mask & IN_Q_OVERFLOW) != 0)
			bits |= (uint32_t)1 << f->tag;
		if (f->wd != ev->wd || f->wd < 0)
			continue;
		if (is_gone)
			f->wd = -1;
		if (ev->len > 0 && strcmp(ev->name, f->name) == 0)
			bits |= (uint32_t)1 << f->tag;
	}
	if ((ev->mask & IN_MOVE_SELF) != 0)
		(void)inotify_rm_watch(w->fd, ev->wd);
	return bits;
}

uint32_t
watch_read(struct watch *w)
{
	/* Room for many; the kernel never gives a part of one. */
	_Alignas(struct inotify_event) char room[4096];
	uint32_t bits = 0;
	ssize_t n;

	while ((n = read(w->fd, room, sizeof(room))) > 0) {
		for (char *p = room; p < room + n;) {
			const struct inotify_event *ev = (const void *)p;

			bits |= event_take(w, ev);
			p += sizeof(*ev) + ev->len;
		}
	}
	return bits;
}

uint32_t
watch_retry(struct watch *w, unsigned *ret_missing)
{
	unsigned missing = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct file *f = &w->files[i];

		if (f->wd >= 0)
			continue;
		f->wd = inotify_add_watch(w->fd, f->dir, EVENTS);
		if (f->wd >= 0)
			bits |= (uint32_t)1 << f->tag;
		else
			missing++;
	}
	*ret_missing = missing;
	return bits;
}
