/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * token.c - bearer tokens, read from their file at each use.
 */
#include "config.h"

#include "netd/token.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"

/* What a file is, to whoever reads it. */
struct kind {
	mode_t	forbidden;	/* rights that make it useless to us */
	int	(*parse)(const uint8_t *p, size_t len, struct secret *ret);
};

static int
file_open(const char *path, mode_t forbidden, int *ret)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (st.st_uid != 0 && st.st_uid != geteuid()) ||
	    (st.st_mode & forbidden) != 0) {
		(void)close(fd);
		return AIA_EUNTRUSTED;
	}
	*ret = fd;
	return 0;
}

static int
bytes_parse(const uint8_t *p, size_t len, struct secret *ret)
{
	if (len == 0)
		return -ENODATA;
	return secret_set(ret, p, len) < 0 ? -EFBIG : 0;
}

/* One line, which may end in a newline. */
static int
line_parse(const uint8_t *p, size_t len, struct secret *ret)
{
	if (len > 0 && p[len - 1] == '\n')
		len--;
	for (size_t i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] > '~')
			return AIA_EPROTO;
	return bytes_parse(p, len, ret);
}

static int
file_read(const char *file, const char *credentials_dir,
    const struct kind *kind, struct secret *ret)
{
	uint8_t text[SECRET_LEN_MAX + 2];	/* newline, and one to see more */
	char path[AIA_PATH_MAX];
	ssize_t n;
	int fd = -1, r = 0;

	if (file[0] != '/') {
		if (credentials_dir == NULL)
			return -ENOENT;
		r = path_join(credentials_dir, file, path);
		if (r < 0)
			return r;
		file = path;
	}
	r = file_open(file, kind->forbidden, &fd);
	if (r < 0)
		return r;
	/* So small a regular file comes in one piece. */
	n = read(fd, text, sizeof(text));
	r = n < 0 ? -errno : kind->parse(text, (size_t)n, ret);
	explicit_bzero(text, sizeof(text));
	(void)close(fd);
	return r;
}

int
token_read(const char *file, const char *credentials_dir, struct secret *ret)
{
	static const struct kind token = { S_IWGRP | S_IRWXO, line_parse };

	return file_read(file, credentials_dir, &token, ret);
}

int
token_file_read(const char *file, const char *credentials_dir,
    struct secret *ret)
{
	static const struct kind key = { S_IWGRP | S_IRWXO, bytes_parse };

	return file_read(file, credentials_dir, &key, ret);
}

int
token_public_read(const char *file, const char *credentials_dir,
    struct secret *ret)
{
	static const struct kind public = { S_IWGRP | S_IWOTH, bytes_parse };

	return file_read(file, credentials_dir, &public, ret);
}

const char *
token_strerror(int r)
{
	_Static_assert(SECRET_LEN_MAX == 16384, "as it says below");

	switch (r) {
	case -ENODATA:
		return "it is empty";
	case -EFBIG:
		return "it is longer than 16384 bytes";
	case AIA_EPROTO:
		return "it is not one line of visible ASCII";
	}
	return aia_strerror(r);
}
