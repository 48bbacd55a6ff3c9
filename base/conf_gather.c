/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_gather.c - from configuration files to one sealed memfd.
 */
#include "config.h"

#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf_layered.h"
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

static bool
conf_name(const char *name)
{
	return ends(name, ".conf");
}

static bool
policy_name(const char *name)
{
	return ends(name, ".cedar") || ends(name, ".assert");
}

static bool
root_name(const char *name)
{
	return ends(name, ".pem");
}

static bool
main_name(const char *name)
{
	return strcmp(name, "aiauth.conf") == 0;
}

static bool
host_name(const char *name)
{
	return strcmp(name, "host.json") == 0;
}

static int
gather_found(struct aia_wr *wr, const struct conf_layered *found,
    struct conf_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < found->n; i++)
		if (!found->v[i].is_mask)
			r = gather_file(wr, found->v[i].path, err);
	return r;
}

/* One folder, in no layers. */
static int
gather_dir(struct aia_wr *wr, const char *dir, bool (*wanted)(const char *),
    struct conf_error *err)
{
	struct conf_layered found = { 0 };
	int r = trust_dir(dir, err);

	if (r == 0)
		r = conf_layered_add(&found, dir, wanted, err);
	if (r == 0)
		conf_layered_sort(&found);
	if (r == 0)
		r = gather_found(wr, &found, err);
	conf_layered_clear(&found);
	return r;
}

/* What each layer may hold, in the order in which it is read. */
static const struct part {
	const char	*folder;	/* below the layer's; NULL: in it */
	bool		(*wanted)(const char *name);
	bool		 is_required;
} parts[] = {
	{ NULL, main_name, true },
	{ "conf.d", conf_name, false },
	{ NULL, host_name, false },
	{ "policy.d", policy_name, false },
	{ "attestation.d", root_name, false },
};

/* What there is in one layer, besides what later ones have. */
static int
find_in_layer(const char *layer, const struct part *part,
    struct conf_layered *found, struct conf_error *err)
{
	char dir[AIA_PATH_MAX];
	int r;

	if (part->folder == NULL)
		return conf_layered_add(found, layer, part->wanted, err);
	r = path_join(layer, part->folder, dir);
	if (r < 0)
		return conf_fail(err, "%s: %s", layer, aia_strerror(r));
	r = trust_dir(dir, err);
	return r < 0 ? r : conf_layered_add(found, dir, part->wanted, err);
}

/* Only the one aiauth.conf that switches us on. */
static int
check_found(const char *conf, const struct conf_layered *found,
    struct conf_error *err)
{
	if (found->n == 0)
		return conf_fail(err, "%s/aiauth.conf: %s", conf,
		    aia_strerror(-ENOENT));
	return found->v[0].is_mask ? conf_fail(err, "%s: there must be one, "
	    "and this masks it", found->v[0].path) : 0;
}

static int
gather_part(const struct paths *paths, const struct part *part,
    struct aia_wr *wr, struct conf_error *err)
{
	/* The last layer first: its files stand before those they mask. */
	const char *const layers[] = { paths->conf, paths->run,
	    paths->vendor };
	struct conf_layered found = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(layers); i++)
		r = find_in_layer(layers[i], part, &found, err);
	if (r == 0 && part->is_required)
		r = check_found(paths->conf, &found, err);
	if (r == 0)
		conf_layered_sort(&found);
	if (r == 0)
		r = gather_found(wr, &found, err);
	conf_layered_clear(&found);
	return r;
}

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
	int r = trust_dir(paths->conf, err);

	if (r == 0)
		r = trust_dir(paths->run, err);
	if (r == 0)
		r = trust_dir(paths->vendor, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = gather_policy(wr, policies[i], err);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(parts); i++)
		if (policies == NULL || parts[i].wanted != policy_name)
			r = gather_part(paths, &parts[i], wr, err);
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
