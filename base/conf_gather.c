/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_gather.c - from configuration files to one sealed memfd.
 */
#include "config.h"

#include "base/conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf_texts.h"
#include "base/conf_types.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Read until end of file.  Returns 0 or a negated errno; -EFBIG: no end. */
static int
read_all(int fd, char *room, size_t cap, size_t *ret_len)
{
	size_t len = 0;

	for (;;) {
		ssize_t n = read(fd, room + len, cap - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
		if (len == cap)
			return -EFBIG;
	}
	*ret_len = len;
	return 0;
}

/* Whoever else could write here could rule this host. */
static int
gather_trust(int fd, const char *path, struct conf_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return conf_fail(err, "%s: %s", path, aia_strerror(-errno));
	if (!S_ISREG(st.st_mode))
		return conf_fail(err, "%s: not a regular file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return conf_fail(err, "%s: must belong to root", path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return conf_fail(err, "%s: may be written by others than its "
		    "owner", path);
	return 0;
}

static int
gather_file(struct aia_wr *wr, const char *path, struct conf_error *err)
{
	char *text = NULL;
	size_t len = 0;
	int r, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY);

	if (fd < 0)
		return conf_fail(err, "%s: %s", path, aia_strerror(-errno));
	r = gather_trust(fd, path, err);
	if (r < 0)
		goto out;
	text = malloc(CONF_TEXTS_MAX);
	r = text == NULL ? -ENOMEM :
	    read_all(fd, text, CONF_TEXTS_MAX, &len);
	if (r < 0) {
		r = conf_fail(err, "%s: %s", path, aia_strerror(r));
		goto out;
	}
	conf_texts_put(wr, path, text, len);
	if (wr->full)
		r = conf_fail(err, "%s: more than %d bytes of configuration",
		    path, CONF_TEXTS_MAX);
out:
	free(text);
	(void)close(fd);
	return r;
}

static int
conf_name(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return d->d_name[0] != '.' && len > 5 &&
	    strcmp(d->d_name + len - 5, ".conf") == 0;
}

/* Not alphasort(), which goes by the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
gather_dir(struct aia_wr *wr, const char *dir, struct conf_error *err)
{
	struct dirent **names = NULL;
	char path[AIA_PATH_MAX];
	int r = 0, n = scandir(dir, &names, conf_name, by_name);

	if (n < 0)
		return errno == ENOENT ? 0 :
		    conf_fail(err, "%s: %s", dir, aia_strerror(-errno));
	for (int i = 0; i < n && r == 0; i++) {
		r = path_join(dir, names[i]->d_name, path);
		if (r == 0)
			r = gather_file(wr, path, err);
		else
			r = conf_fail(err, "%s: %s", dir, aia_strerror(r));
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return r;
}

static int
gather_texts(const struct paths *paths, struct aia_wr *wr,
    struct conf_error *err)
{
	char path[AIA_PATH_MAX], dir[AIA_PATH_MAX];
	int r;

	if (path_join(paths->conf, "aiauth.conf", path) < 0 ||
	    path_join(paths->conf, "conf.d", dir) < 0)
		return conf_fail(err, "%s: %s", paths->conf,
		    aia_strerror(-ENAMETOOLONG));
	r = gather_file(wr, path, err);
	if (r < 0)
		return r;
	return gather_dir(wr, dir, err);
}

static int
seal(const void *p, size_t len, int *ret_fd)
{
	int r, fd = memfd_create("aiauth.conf", MFD_CLOEXEC |
	    MFD_ALLOW_SEALING);
	size_t done = 0;

	if (fd < 0)
		return -errno;
	while (done < len) {
		ssize_t n = write(fd, (const char *)p + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			goto fail;
		done += (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		goto fail;
	*ret_fd = fd;
	return 0;
fail:
	r = -errno;
	(void)close(fd);
	return r;
}

bool
conf_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & SEALS) == SEALS;
}

int
conf_gather(const struct paths *paths, int *ret_fd, struct conf_error *err)
{
	struct aia_wr wr;
	uint8_t *room = malloc(CONF_TEXTS_MAX);
	size_t len;
	int r;

	if (room == NULL)
		return conf_fail(err, "%s", aia_strerror(-ENOMEM));
	aia_wr_init(&wr, room, CONF_TEXTS_MAX);
	r = gather_texts(paths, &wr, err);
	if (r < 0)
		goto out;
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = seal(room, len, ret_fd);
	if (r < 0)
		r = conf_fail(err, "%s", aia_strerror(r));
out:
	free(room);
	return r;
}
