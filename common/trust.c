/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trust.c - open a file whose place in the file system vouches for it.
 *
 * Each component is opened relative to the one checked before, so that what
 * was checked and what is used cannot be two different things.
 */
#include "config.h"

#include "common/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define WRITABLE (S_IWGRP | S_IWOTH)

struct walk {
	int	 fd;		/* the folder we stand in */
	uid_t	 root;		/* what root looks like from here */
	uid_t	 owner;		/* believed like root */
	struct stat st;		/* of fd */
};

/*
 * What uid the real root shows as: procfs belongs to it, and where it is not
 * mapped the overflow uid stands there.  Without a procfs nothing but 0 is
 * believed, for 65534 may then be somebody's.
 */
static uid_t
root_here(void)
{
	struct statfs fs;
	struct stat st;

	if (statfs("/proc", &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	if (stat("/proc", &st) < 0)
		return 0;
	return st.st_uid;
}

static bool
believed(const struct walk *w, uid_t uid)
{
	return uid == 0 || uid == w->root || uid == w->owner;
}

static int
step(struct walk *w, int at, const char *name)
{
	int fd;

	fd = openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP || errno == ENOTDIR ?
		    AIA_EUNTRUSTED : -errno;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	return fstat(fd, &w->st) < 0 ? -errno : 0;
}

/* The folder we stand in, through which the way goes on to another folder. */
static int
check_above(const struct walk *w, bool holds_folder)
{
	if (!believed(w, w->st.st_uid))
		return AIA_EUNTRUSTED;
	if ((w->st.st_mode & WRITABLE) == 0)
		return 0;
	/* In a sticky folder nobody replaces what is root's.  But the file's
	 * own folder may be anybody's, so there it would not help. */
	return (w->st.st_mode & S_ISVTX) != 0 && !holds_folder ?
	    0 : AIA_EUNTRUSTED;
}

/* Walk to the folder of the file; *ret_leaf is the file's name in it. */
static int
walk_to_folder(struct walk *w, const char *path, const char **ret_leaf)
{
	const char *at = path, *end;
	char name[NAME_MAX + 1];
	size_t len;
	int r;

	r = step(w, AT_FDCWD, "/");
	while (r == 0 && (end = strchr(at + 1, '/')) != NULL) {
		len = (size_t)(end - at) - 1;
		if (len == 0 || len > NAME_MAX)
			return AIA_EUNTRUSTED;
		r = check_above(w, strchr(end + 1, '/') == NULL);
		if (r < 0)
			return r;
		memcpy(name, at + 1, len);
		name[len] = '\0';
		r = step(w, w->fd, name);
		at = end;
	}
	*ret_leaf = at + 1;
	return r;
}

static int
open_leaf(const struct walk *w, const char *leaf, int *ret_fd,
    struct stat *ret_st)
{
	struct stat st;
	int fd;

	if ((w->st.st_mode & WRITABLE) != 0)
		return AIA_EUNTRUSTED;
	/* Not blocking: a FIFO must not hang whoever looks up a name. */
	fd = openat(w->fd, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP ? AIA_EUNTRUSTED : -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & WRITABLE) != 0 ||
	    (!believed(w, st.st_uid) && st.st_uid != w->st.st_uid)) {
		close(fd);
		return AIA_EUNTRUSTED;
	}
	*ret_fd = fd;
	*ret_st = st;
	return 0;
}

int
aia_trust_open(const char *path, uid_t owner, int *ret_fd,
    struct stat *ret_st)
{
	struct walk w = { .fd = -1, .root = root_here(), .owner = owner };
	const char *leaf = NULL;
	int r;

	if (path[0] != '/')
		return AIA_EUNTRUSTED;
	r = walk_to_folder(&w, path, &leaf);
	if (r == 0)
		r = open_leaf(&w, leaf, ret_fd, ret_st);
	if (w.fd >= 0)
		close(w.fd);
	return r;
}
