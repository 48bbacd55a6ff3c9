/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * journal.c - lines with fields to systemd-journald.
 */
#include "config.h"

#include "base/journal.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int
journal_open(const char *path, int *ret)
{
	const struct timeval timeout = { .tv_sec = JOURNAL_TIMEOUT_MS / 1000,
	    .tv_usec = JOURNAL_TIMEOUT_MS % 1000 * 1000 };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int r, fd;

	if (strlen(path) >= sizeof(at.sun_path))
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout,
	    sizeof(timeout)) < 0 ||
	    connect(fd, (const struct sockaddr *)&at, sizeof(at)) < 0) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

/* "NAME", newline, length, value, newline: the form that holds any byte. */
void
journal_field(struct aia_wr *wr, const char *name, const void *value,
    size_t value_len)
{
	uint64_t len = htole64(value_len);

	aia_wr_bytes(wr, name, strlen(name));
	aia_wr_bytes(wr, "\n", 1);
	aia_wr_bytes(wr, &len, sizeof(len));
	aia_wr_bytes(wr, value, value_len);
	aia_wr_bytes(wr, "\n", 1);
}

int
journal_send(int fd, const void *entry, size_t len)
{
	ssize_t n;

	do
		n = send(fd, entry, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}
