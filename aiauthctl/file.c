/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.c - files of the system: read whole, replaced whole.
 */
#include "config.h"

#include "aiauthctl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NAMES_MAX 4096	/* bytes: names of extended attributes */
#define VALUE_MAX 4096	/* bytes: of one */
#define PATH_MAX_LEN 512

static int
read_whole(int fd, struct file *f)
{
	ssize_t n;

	f->text = malloc(FILE_LEN_MAX + 1);
	if (f->text == NULL)
		return -ENOMEM;
	while ((n = read(fd, f->text + f->len,
	    FILE_LEN_MAX + 1 - f->len)) > 0) {
		f->len += (size_t)n;
		if (f->len > FILE_LEN_MAX)
			return -EFBIG;
	}
	if (n < 0)
		return -errno;
	f->text[f->len] = '\0';
	return memchr(f->text, '\0', f->len) == NULL ? 0 : AIA_EPROTO;
}

int
file_read(const char *path, struct file *ret)
{
	struct file f = { 0 };
	struct stat st;
	int fd, r = 0;

	/* NONBLOCK: a FIFO in the place of one would wait for a writer. */
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return errno == ELOOP ? AIA_EUNTRUSTED : -errno;
	if (fd >= 0) {
		f.there = true;
		if (fstat(fd, &st) < 0)
			r = -errno;
		else if (!S_ISREG(st.st_mode))
			r = AIA_EUNTRUSTED;
		else
			r = read_whole(fd, &f);
		(void)close(fd);
	}
	if (r < 0) {
		file_clear(&f);
		return r;
	}
	if (f.there) {
		f.mode = st.st_mode & 07777;
		f.uid = st.st_uid;
		f.gid = st.st_gid;
	}
	*ret = f;
	return 0;
}

int
file_tail(const char *path, char *room, size_t cap)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	size_t len = 0;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && st.st_size > (off_t)(cap - 1))
		(void)lseek(fd, -(off_t)(cap - 1), SEEK_END);
	while (len < cap - 1 && (n = read(fd, room + len, cap - 1 - len)) > 0)
		len += (size_t)n;
	(void)close(fd);
	for (size_t i = 0; i < len; i++)
		if (room[i] == '\0')
			room[i] = ' ';
	room[len] = '\0';
	return 0;
}

void
file_clear(struct file *f)
{
	if (f == NULL)
		return;
	free(f->text);
	*f = (struct file){ 0 };
}

bool
file_same(const struct file *a, const struct file *b)
{
	return a->there == b->there && (!a->there || (a->len == b->len &&
	    memcmp(a->text, b->text, a->len) == 0));
}

int
file_make(const char *text, size_t len, struct file *ret)
{
	struct file f = { .there = true, .len = len, .mode = 0644 };

	f.text = malloc(len + 1);
	if (f.text == NULL)
		return -ENOMEM;
	memcpy(f.text, text, len);
	f.text[len] = '\0';
	*ret = f;
	return 0;
}

/* Labels of SELinux, access lists: what the file had before, it keeps. */
static int
copy_xattrs(int from, int to)
{
	char names[NAMES_MAX], value[VALUE_MAX];
	ssize_t len, n;

	len = flistxattr(from, names, sizeof(names));
	if (len < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (const char *at = names; at < names + len; at += strlen(at) + 1) {
		n = fgetxattr(from, at, value, sizeof(value));
		if (n < 0)
			return -errno;
		/* A label that is there already may not be ours to set. */
		if (fsetxattr(to, at, value, (size_t)n, 0) < 0 &&
		    errno != ENOTSUP && errno != EPERM)
			return -errno;
	}
	return 0;
}

static int
fill(int dir, const char *name, int fd, const struct file *f)
{
	size_t at = 0;
	int old, r = 0;

	while (at < f->len) {
		ssize_t n = write(fd, f->text + at, f->len - at);

		if (n < 0)
			return -errno;
		at += (size_t)n;
	}
	if (fchown(fd, f->uid, f->gid) < 0 || fchmod(fd, f->mode) < 0)
		return -errno;
	old = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC);
	if (old >= 0) {
		r = copy_xattrs(old, fd);
		(void)close(old);
	} else if (errno != ENOENT) {
		r = errno == ELOOP ? AIA_EUNTRUSTED : -errno;
	}
	return r == 0 && fsync(fd) < 0 ? -errno : r;
}

static int
put(int dir, const char *name, const struct file *f)
{
	char temp[64];
	int fd, r;

	(void)snprintf(temp, sizeof(temp), ".aiauth-%ld.new", (long)getpid());
	/* Of a process that had our number and died at this point. */
	(void)unlinkat(dir, temp, 0);
	fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = fill(dir, name, fd, f);
	(void)close(fd);
	if (r == 0 && renameat(dir, temp, dir, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(dir, temp, 0);
	return r;
}

int
file_write(const char *path, const struct file *f)
{
	const char *name = strrchr(path, '/');
	char folder[PATH_MAX_LEN];
	int dir, r = 0;

	if (name == NULL || (size_t)(name - path) >= sizeof(folder) - 1)
		return -EINVAL;
	memcpy(folder, path, (size_t)(name - path));
	folder[name - path] = '\0';
	name++;
	dir = open(folder[0] == '\0' ? "/" : folder,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	if (f->there)
		r = put(dir, name, f);
	else if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0 && fsync(dir) < 0)
		r = -errno;
	(void)close(dir);
	return r;
}
