/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listen.c - listening SOCK_SEQPACKET sockets.
 */
#include "config.h"

#include "base/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/id.h"

#define BACKLOG 128	/* callers wait instead of failing while we restart */
#define INHERITED_MAX 16	/* we never ask for more */
#define FD_FIRST 3	/* sd_listen_fds(3): SD_LISTEN_FDS_START */

/* Left behind by one that was killed; anything but a socket is not ours. */
static int
stale_remove(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return unlink(path) < 0 ? -errno : 0;
}

/*
 * The kernel gives the new file our effective gid and what umask leaves of
 * 0777: right from its first moment, and without CAP_CHOWN.
 */
static int
bind_as(int fd, const struct sockaddr_un *addr, gid_t gid, mode_t mode)
{
	gid_t own = getegid();
	mode_t mask;
	int r = 0;

	if (gid != (gid_t)-1 && setegid(gid) < 0)
		return -errno;
	mask = umask(~mode & 0777);
	if (bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) < 0)
		r = -errno;
	(void)umask(mask);
	if (setegid(own) < 0 && r == 0)
		r = -errno;
	if (r == 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	return r;
}

int
listen_bind(const char *path, gid_t gid, mode_t mode, int *ret)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, r;

	if (len >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, len);
	r = stale_remove(path);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	r = bind_as(fd, &addr, gid, mode);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

static bool
env_number(const char *name, uint32_t *ret)
{
	const char *s = getenv(name);

	return s != NULL && aia_id_parse(s, strlen(s), ret) == 0;
}

static bool
option_is(int fd, int option, int want)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 &&
	    value == want;
}

unsigned
listen_n_inherited(void)
{
	uint32_t pid = 0, n = 0;

	if (!env_number("LISTEN_PID", &pid) || pid != (uint32_t)getpid() ||
	    !env_number("LISTEN_FDS", &n) || n > INHERITED_MAX)
		return 0;
	return n;
}

/* The descriptor of that name; with one socket the name does not matter. */
static int
named_fd(const char *name, unsigned n)
{
	const char *names = getenv("LISTEN_FDNAMES");

	if (n == 1 && name == NULL)
		return FD_FIRST;
	for (unsigned i = 0; i < n && names != NULL && name != NULL; i++) {
		size_t len = strcspn(names, ":");

		if (len == strlen(name) && memcmp(names, name, len) == 0)
			return FD_FIRST + (int)i;
		names = names[len] == ':' ? names + len + 1 : NULL;
	}
	return -1;
}

int
listen_inherited(const char *name, int *ret)
{
	unsigned n = listen_n_inherited();
	int fd = named_fd(name, n);

	if (n > 0 && name == NULL && fd < 0)
		return -EINVAL;
	if (fd < 0) {
		*ret = -1;
		return 0;
	}
	if (!option_is(fd, SO_DOMAIN, AF_UNIX) ||
	    !option_is(fd, SO_TYPE, SOCK_SEQPACKET) ||
	    !option_is(fd, SO_ACCEPTCONN, 1))
		return -EINVAL;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	*ret = fd;
	return 0;
}

bool
listen_stands(const char *path, gid_t gid, mode_t mode)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    (st.st_mode & 07777) == mode &&
	    (gid == (gid_t)-1 || st.st_gid == gid);
}

int
listen_peer(int fd, struct ucred *ret)
{
	socklen_t len = sizeof(*ret);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ret, &len) < 0 ?
	    -errno : 0;
}
