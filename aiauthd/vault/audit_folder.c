/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_folder.c - the files of the audit log, and the lines in them.
 */
#include "config.h"

#include "aiauthd/vault/audit_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "audit"
#define NAME_DIGITS 20
#define NAME_TAIL ".jsonl"
#define SEGMENTS_MAX 65536	/* more were not made by us */

struct name { char s[NAME_DIGITS + sizeof(NAME_TAIL)]; };

static struct name
name_of(uint64_t first)
{
	struct name name;

	(void)snprintf(name.s, sizeof(name.s), "%020" PRIu64 NAME_TAIL, first);
	return name;
}

/* 0: not the name of a segment. */
static uint64_t
first_of(const char *s)
{
	uint64_t first = strtoull(s, NULL, 10);

	return strcmp(name_of(first).s, s) == 0 ? first : 0;
}

static int
folder_check(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return AIA_EUNTRUSTED;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return 0;
}

int
audit_folder_open(const struct paths *paths, int *ret_fd)
{
	char path[AIA_PATH_MAX];
	int fd, r;

	r = path_join(paths->state, FOLDER, path);
	if (r < 0)
		return r;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP ? AIA_EUNTRUSTED :
		    -errno;
	r = folder_check(fd);
	if (r < 0)
		(void)close(fd);
	else
		*ret_fd = fd;
	return r;
}

static int
list_add(struct audit_segments *list, int dir_fd, const char *name)
{
	struct audit_segment *more, seg = { .first = first_of(name) };
	struct stat st;

	if (seg.first == 0)
		return 0;
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return 0;
	if (list->n == SEGMENTS_MAX)
		return -E2BIG;
	seg.bytes = (uint64_t)st.st_size;
	seg.written_s = st.st_mtime;
	more = reallocarray(list->v, list->n + 1, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	list->v = more;
	list->v[list->n++] = seg;
	return 0;
}

static int
by_first(const void *a, const void *b)
{
	uint64_t x = ((const struct audit_segment *)a)->first;
	uint64_t y = ((const struct audit_segment *)b)->first;

	return x < y ? -1 : x > y;
}

int
audit_folder_list(int dir_fd, struct audit_segments *ret)
{
	struct audit_segments list = { 0 };
	struct dirent *entry;
	DIR *dir = NULL;
	int fd, r = 0;

	/* A position of its own, other than a dup() has. */
	fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (dir == NULL) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	while (r == 0 && (errno = 0, entry = readdir(dir)) != NULL)
		r = list_add(&list, dir_fd, entry->d_name);
	if (r == 0 && errno != 0)
		r = -errno;
	(void)closedir(dir);
	if (r < 0) {
		audit_segments_clear(&list);
		return r;
	}
	if (list.n > 0)
		qsort(list.v, list.n, sizeof(*list.v), by_first);
	*ret = list;
	return 0;
}

void
audit_segments_clear(struct audit_segments *list)
{
	free(list->v);
	*list = (struct audit_segments){ 0 };
}

int
audit_segment_open(int dir_fd, uint64_t first, enum audit_use use,
    int *ret_fd)
{
	static const int flags[] = {
		[AUDIT_READ_ONLY] = O_RDONLY,
		[AUDIT_GO_ON] = O_RDWR | O_APPEND,
		[AUDIT_CREATE] = O_RDWR | O_APPEND | O_CREAT | O_EXCL,
	};
	struct name name = name_of(first);
	struct stat st;
	int r = 0, fd;

	fd = openat(dir_fd, name.s, flags[use] | O_NOFOLLOW | O_NONBLOCK |
	    O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == ELOOP || errno == ENXIO ? AIA_EUNTRUSTED :
		    -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = AIA_EUNTRUSTED;
	if (r < 0)
		(void)close(fd);
	else
		*ret_fd = fd;
	return r;
}

int
audit_segment_remove(int dir_fd, uint64_t first)
{
	struct name name = name_of(first);

	return unlinkat(dir_fd, name.s, 0) < 0 && errno != ENOENT ?
	    -errno : 0;
}

void
audit_scan_init(struct audit_scan *s, int fd, uint64_t offset)
{
	s->fd = fd;
	s->offset = offset;
	s->at = s->len = 0;
}

/* More bytes behind those that are left.  1, 0 (there are none) or an error. */
static int
scan_fill(struct audit_scan *s)
{
	ssize_t n;

	memmove(s->buf, s->buf + s->at, s->len);
	s->at = 0;
	do {
		n = pread(s->fd, s->buf + s->len, sizeof(s->buf) - s->len,
		    (off_t)(s->offset + s->len));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->len += (size_t)n;
	return n > 0;
}

static void
scan_take(struct audit_scan *s, size_t n)
{
	s->offset += n;
	s->at += n;
	s->len -= n;
}

int
audit_scan_next(struct audit_scan *s, enum audit_item *ret_item,
    struct aia_span *ret_line)
{
	const uint8_t *begin, *end;
	int r = 1;

	for (;;) {
		begin = s->buf + s->at;
		end = s->len == 0 ? NULL : memchr(begin, '\n', s->len);
		if (end != NULL || r == 0 || s->len == sizeof(s->buf))
			break;
		r = scan_fill(s);
		if (r < 0)
			return r;
	}
	if (end != NULL) {
		*ret_item = AUDIT_ITEM_LINE;
		*ret_line = aia_span_of(begin, (size_t)(end - begin));
		scan_take(s, ret_line->len + 1);
		return 0;
	}
	*ret_item = s->len == 0 ? AUDIT_ITEM_END :
	    r == 0 ? AUDIT_ITEM_TORN : AUDIT_ITEM_LONG;
	*ret_line = aia_span_of(begin, s->len);
	scan_take(s, s->len);
	return 0;
}
