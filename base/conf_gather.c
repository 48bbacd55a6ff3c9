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
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf_texts.h"
#include "base/conf_types.h"

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
trust(const struct stat *st, const char *path, struct conf_error *err)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return conf_fail(err, "%s: must belong to root", path);
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return conf_fail(err, "%s: may be written by others than its "
		    "owner", path);
	return 0;
}

static int
gather_trust(int fd, const char *path, bool anybodys, struct conf_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return conf_fail(err, "%s: %s", path, aia_strerror(-errno));
	if (!S_ISREG(st.st_mode))
		return conf_fail(err, "%s: not a regular file", path);
	return anybodys ? 0 : trust(&st, path, err);
}

/* A file taken out of a folder changes as much as one that is written: it may
 * be the one that forbids.  What is not there says so where it is read. */
static int
trust_dir(const char *path, struct conf_error *err)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : trust(&st, path, err);
}

static int
gather_any(struct aia_wr *wr, const char *path, bool anybodys,
    struct conf_error *err)
{
	char *text = NULL;
	size_t len = 0;
	int r, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
	    (anybodys ? 0 : O_NOFOLLOW));

	if (fd < 0)
		return conf_fail(err, "%s: %s", path, aia_strerror(-errno));
	r = gather_trust(fd, path, anybodys, err);
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
gather_file(struct aia_wr *wr, const char *path, struct conf_error *err)
{
	return gather_any(wr, path, false, err);
}

static bool
ends(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return name[0] != '.' && len > n && strcmp(name + len - n, end) == 0;
}

static int
conf_name(const struct dirent *d)
{
	return ends(d->d_name, ".conf");
}

static int
policy_name(const struct dirent *d)
{
	return ends(d->d_name, ".cedar") || ends(d->d_name, ".assert");
}

static int
root_name(const struct dirent *d)
{
	return ends(d->d_name, ".pem");
}

/* Not alphasort(), which goes by the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
gather_dir(struct aia_wr *wr, const char *dir,
    int (*wanted)(const struct dirent *), struct conf_error *err)
{
	struct dirent **names = NULL;
	char path[AIA_PATH_MAX];
	int n, r = trust_dir(dir, err);

	if (r < 0)
		return r;
	n = scandir(dir, &names, wanted, by_name);
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

/* Files of the configuration folder, in the order in which they are read. */
static const struct part {
	const char	*name;
	bool		 is_required;
	int		(*wanted)(const struct dirent *);	/* a folder */
} parts[] = {
	{ "aiauth.conf", true, NULL },
	{ "conf.d", false, conf_name },
	{ "host.json", false, NULL },
	{ "policy.d", false, policy_name },
	{ "attestation.d", false, root_name },
};

/* Somebody named it, so there must be one, and one that is read. */
static int
gather_policy(struct aia_wr *wr, const char *path, struct conf_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return conf_fail(err, "%s: %s", path, aia_strerror(-errno));
	if (S_ISDIR(st.st_mode))
		return gather_dir(wr, path, policy_name, err);
	if (!ends(path, ".cedar"))
		return conf_fail(err, "%s: neither a folder nor a file "
		    "NAME.cedar", path);
	return gather_file(wr, path, err);
}

static int
gather_texts(const struct paths *paths, const char *const *policies, size_t n,
    struct aia_wr *wr, struct conf_error *err)
{
	char path[AIA_PATH_MAX];
	int r = trust_dir(paths->conf, err);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = gather_policy(wr, policies[i], err);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(parts); i++) {
		const struct part *part = &parts[i];

		if (policies != NULL && part->wanted == policy_name)
			continue;
		if (path_join(paths->conf, part->name, path) < 0)
			return conf_fail(err, "%s: %s", paths->conf,
			    aia_strerror(-ENAMETOOLONG));
		if (part->wanted != NULL)
			r = gather_dir(wr, path, part->wanted, err);
		else if (part->is_required || access(path, F_OK) == 0 ||
		    errno != ENOENT)
			r = gather_file(wr, path, err);
	}
	return r;
}

/* One that somebody only wants to have looked at. */
static int
gather_named(struct aia_wr *wr, const char *path, struct conf_error *err)
{
	static const char *const known[] = { ".cedar", ".assert", ".conf",
	    ".json" };
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (ends(name == NULL ? path : name + 1, known[i]))
			return gather_any(wr, path, true, err);
	return conf_fail(err, "%s: its name ends in none of .cedar, .assert, "
	    ".conf and .json", path);
}

struct wanted {			/* what is to be gathered */
	const struct paths	*paths;		/* NULL: the files alone */
	const char *const	*files;
	size_t			 n;
};

static int
gather_wanted(const struct wanted *what, struct aia_wr *wr,
    struct conf_error *err)
{
	int r = 0;

	if (what->paths != NULL)
		return gather_texts(what->paths, what->files, what->n, wr,
		    err);
	for (size_t i = 0; r == 0 && i < what->n; i++)
		r = gather_named(wr, what->files[i], err);
	return r;
}

static int
gather(const struct wanted *what, int *ret_fd, struct conf_error *err)
{
	struct aia_wr wr;
	uint8_t *room = malloc(CONF_TEXTS_MAX);
	size_t len;
	int r;

	if (room == NULL)
		return conf_fail(err, "%s", aia_strerror(-ENOMEM));
	aia_wr_init(&wr, room, CONF_TEXTS_MAX);
	r = gather_wanted(what, &wr, err);
	if (r < 0)
		goto out;
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = conf_texts_seal(room, len, ret_fd);
	if (r < 0)
		r = conf_fail(err, "%s", aia_strerror(r));
out:
	free(room);
	return r;
}

int
conf_gather_with(const struct paths *paths, const char *const *policies,
    size_t n, int *ret_fd, struct conf_error *err)
{
	const struct wanted what = { paths, policies, n };

	return gather(&what, ret_fd, err);
}

int
conf_gather_files(const char *const *files, size_t n, int *ret_fd,
    struct conf_error *err)
{
	const struct wanted what = { NULL, files, n };

	return gather(&what, ret_fd, err);
}

int
conf_gather(const struct paths *paths, int *ret_fd, struct conf_error *err)
{
	return conf_gather_with(paths, NULL, 0, ret_fd, err);
}
