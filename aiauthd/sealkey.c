/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sealkey.c - the key that secrets in state.db are sealed with.
 */
#include "config.h"

#include "aiauthd/sealkey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthd/privs.h"

int
sealkey_path(const struct paths *paths, const char *file,
    char ret[AIA_PATH_MAX])
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	if (credentials != NULL && credentials[0] == '/' &&
	    path_join(credentials, "seal.key", ret) == 0 &&
	    access(ret, F_OK) == 0)
		return 0;
	if (file[0] != '/')
		return path_join(paths->conf, file, ret);
	if (strlen(file) >= AIA_PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, file, strlen(file) + 1);
	return 0;
}

static int
state_missing(const struct paths *paths, uid_t uid)
{
	char path[AIA_PATH_MAX];
	struct stat st;
	int back, r = path_join(paths->state, "state.db", path);

	if (r < 0)
		return r;
	r = privs_act_as(uid);
	if (r < 0)
		return r;
	/* Anything but a clear "not there" counts as there. */
	r = lstat(path, &st) < 0 && errno == ENOENT ? 0 : -ENOENT;
	back = privs_act_as(0);
	return back < 0 ? back : r;
}

static int
folder_sync(const char *path)
{
	char dir[AIA_PATH_MAX];
	size_t len = (size_t)(strrchr(path, '/') - path);
	int r, fd;

	memcpy(dir, path, len);
	memcpy(dir + len, "/", 2);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = fsync(fd) < 0 ? -errno : 0;
	(void)close(fd);
	return r;
}

/* The whole key on disk, or no file of that name. */
static int
key_write(const char *path, const char *scratch, const struct secret *key)
{
	int fd, r = 0;

	if (unlink(scratch) < 0 && errno != ENOENT)
		return -errno;
	fd = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (write(fd, key->p, key->len) != (ssize_t)key->len ||
	    fsync(fd) < 0)
		r = errno != 0 ? -errno : -EIO;
	(void)close(fd);
	if (r == 0 && renameat2(AT_FDCWD, scratch, AT_FDCWD, path,
	    RENAME_NOREPLACE) < 0)
		r = -errno;
	if (r < 0) {
		(void)unlink(scratch);
		return r;
	}
	return folder_sync(path);
}

int
sealkey_ensure(const struct paths *paths, const char *path, uid_t state_uid)
{
	struct secret key = { 0 };
	char scratch[AIA_PATH_MAX];
	struct stat st;
	int r;

	if (lstat(path, &st) == 0)
		return 0;
	if (errno != ENOENT)
		return -errno;
	r = state_missing(paths, state_uid);
	if (r < 0)
		return r;
	if ((size_t)snprintf(scratch, sizeof(scratch), "%s.new", path) >=
	    sizeof(scratch))
		return -ENAMETOOLONG;
	r = secret_random(&key, SEALKEY_LEN);
	if (r == 0)
		r = key_write(path, scratch, &key);
	secret_clear(&key);
	return r;
}

int
sealkey_read(const char *path, struct secret *ret)
{
	uint8_t buf[SEALKEY_LEN + 1];
	struct stat st;
	ssize_t n;
	int r, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		r = -errno;
		goto out;
	}
	r = AIA_EUNTRUSTED;
	if (!S_ISREG(st.st_mode) || st.st_uid != 0 || (st.st_mode & 077) != 0)
		goto out;
	n = read(fd, buf, sizeof(buf));
	if (n < 0)
		r = -errno;
	else
		r = n == SEALKEY_LEN ? secret_set(ret, buf, SEALKEY_LEN) :
		    AIA_EDAMAGED;
out:
	explicit_bzero(buf, sizeof(buf));
	(void)close(fd);
	return r;
}
