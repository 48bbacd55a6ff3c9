/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_publish.c - put a finished snapshot in its place.
 *
 * Processes all over the machine have the old one mapped, so it is never
 * written to and never cut.  Every byte of the new one is on its file system
 * before it gets the name: a full disk cannot become a SIGBUS in a reader.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/snapshot.h"

#define NEW_FILE AIA_SNAPSHOT_FILE ".new"
#define PREVIOUS_FILE AIA_SNAPSHOT_FILE ".previous"

static int
write_all(int fd, const uint8_t *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
new_write(int dir, const uint8_t *p, size_t len)
{
	int fd, r;

	/* Left by a writer that was killed. */
	if (unlinkat(dir, NEW_FILE, 0) < 0 && errno != ENOENT)
		return -errno;
	fd = openat(dir, NEW_FILE,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, p, len);
	/* Whatever the umask: everybody reads names. */
	if (r == 0 && (fchmod(fd, 0644) < 0 || fsync(fd) < 0))
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int
previous_keep(int dir)
{
	if (unlinkat(dir, PREVIOUS_FILE, 0) < 0 && errno != ENOENT)
		return -errno;
	if (linkat(dir, AIA_SNAPSHOT_FILE, dir, PREVIOUS_FILE, 0) < 0 &&
	    errno != ENOENT)
		return -errno;
	return 0;
}

int
snapfile_publish(const char *dir, const uint8_t *p, size_t len,
    bool keep_previous)
{
	int fd, r;

	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = new_write(fd, p, len);
	if (r == 0 && keep_previous)
		r = previous_keep(fd);
	if (r == 0 && renameat(fd, NEW_FILE, fd, AIA_SNAPSHOT_FILE) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(fd, NEW_FILE, 0);
	else if (fsync(fd) < 0)
		r = -errno;
	close(fd);
	return r;
}
