/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_layered.c - which files of the same name in several folders count.
 */
#include "config.h"

#include "base/conf_layered.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf_types.h"

static const char *
name_of(const struct conf_file *f)
{
	return f->path + f->name_at;
}

/* n: how many came from other folders; one has no name twice. */
static bool
is_hidden(const struct conf_layered *l, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name_of(&l->v[i]), name) == 0)
			return true;
	return false;
}

/* The link itself counts: a device that lies there is a mistake. */
static bool
is_mask(const char *path)
{
	char to[sizeof("/dev/null")];
	ssize_t n = readlink(path, to, sizeof(to));

	return n == sizeof(to) - 1 && memcmp(to, "/dev/null", (size_t)n) == 0;
}

static int
add_name(struct conf_layered *l, const char *dir, const char *name)
{
	struct conf_file f = { .name_at = strlen(dir) + 1 };
	struct conf_file *v;
	int r = path_join(dir, name, f.path);

	if (r < 0)
		return r;
	f.is_mask = is_mask(f.path);
	v = reallocarray(l->v, l->n + 1, sizeof(*v));
	if (v == NULL)
		return -ENOMEM;
	v[l->n++] = f;
	l->v = v;
	return 0;
}

static int
add_all(struct conf_layered *l, DIR *d, const char *dir,
    bool (*wanted)(const char *name))
{
	const struct dirent *e;
	size_t n_before = l->n;
	int r = 0;

	while (r == 0) {
		errno = 0;
		e = readdir(d);
		if (e == NULL)
			return -errno;
		if (wanted(e->d_name) && !is_hidden(l, n_before, e->d_name))
			r = add_name(l, dir, e->d_name);
	}
	return r;
}

int
conf_layered_add(struct conf_layered *l, const char *dir,
    bool (*wanted)(const char *name), struct conf_error *err)
{
	DIR *d = opendir(dir);
	int r = d == NULL ? -errno : add_all(l, d, dir, wanted);

	if (d != NULL)
		(void)closedir(d);
	return r == 0 || (d == NULL && r == -ENOENT) ? 0 :
	    conf_fail(err, "%s: %s", dir, aia_strerror(r));
}

/* Not strcoll(), which goes by the locale. */
static int
by_name(const void *a, const void *b)
{
	return strcmp(name_of(a), name_of(b));
}

void
conf_layered_sort(struct conf_layered *l)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
}

void
conf_layered_clear(struct conf_layered *l)
{
	free(l->v);
	*l = (struct conf_layered){ 0 };
}
