/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * plug.c - software keys in place of those that the kernel knows.
 */
#include "config.h"

#include "tests/keyd/plug.h"

#include <fido.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char *plug_dir = "/run/softkeys";

int __wrap_fido_dev_info_manifest(fido_dev_info_t *list, size_t n,
    size_t *ret_n);
fido_dev_t *__wrap_fido_dev_new(void);
fido_dev_t *__real_fido_dev_new(void);

static void *
plug_open(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int *fd = malloc(sizeof(*fd));

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	*fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (connect(*fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	(void)close(*fd);
	free(fd);
	return NULL;
}

static void
plug_close(void *handle)
{
	(void)close(*(int *)handle);
	free(handle);
}

static int
plug_read(void *handle, unsigned char *p, size_t len, int ms)
{
	struct pollfd pfd = { .fd = *(int *)handle, .events = POLLIN };

	if (poll(&pfd, 1, ms) <= 0)
		return -1;
	return recv(pfd.fd, p, len, 0) == (ssize_t)len ? (int)len : -1;
}

static int
plug_write(void *handle, const unsigned char *p, size_t len)
{
	return send(*(int *)handle, p, len, MSG_NOSIGNAL) == (ssize_t)len ?
	    (int)len : -1;
}

static const fido_dev_io_t io = { plug_open, plug_close, plug_read,
	plug_write };

fido_dev_t *
__wrap_fido_dev_new(void)
{
	fido_dev_t *dev = __real_fido_dev_new();

	if (fido_dev_set_io_functions(dev, &io) != FIDO_OK)
		fido_dev_free(&dev);
	return dev;
}

int
__wrap_fido_dev_info_manifest(fido_dev_info_t *list, size_t n, size_t *ret_n)
{
	char pattern[128];
	glob_t found = { 0 };
	int r = FIDO_OK;

	(void)snprintf(pattern, sizeof(pattern), "%s/*.key", plug_dir);
	(void)glob(pattern, 0, NULL, &found);
	*ret_n = found.gl_pathc < n ? found.gl_pathc : n;
	for (size_t i = 0; r == FIDO_OK && i < *ret_n; i++)
		r = fido_dev_info_set(list, i, found.gl_pathv[i], "aiauth",
		    "softkey", &io, NULL);
	globfree(&found);
	return r;
}
