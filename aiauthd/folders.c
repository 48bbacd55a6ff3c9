/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * folders.c - the folders that the daemons use at run time.
 *
 * Packages make them by tmpfiles.d; this is for hosts without systemd and for
 * test runs under a prefix.
 */
#include "config.h"

#include "aiauthd/folders.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthd/privs.h"
#include "base/log.h"

struct folder {
	const char	*path;
	uid_t		 uid;
	gid_t		 gid;
	mode_t		 mode;
};

/* Parents of a folder: as root's umask would make them, 0755. */
static int
parents_make(const char *path)
{
	char part[AIA_PATH_MAX];

	for (const char *p = path; (p = strchr(p + 1, '/')) != NULL; ) {
		size_t len = (size_t)(p - path);

		memcpy(part, path, len);
		part[len] = '\0';
		if (mkdir(part, 0755) == 0) {
			if (chmod(part, 0755) < 0)	/* umask is 077 */
				return -errno;
		} else if (errno != EEXIST) {
			return -errno;
		}
	}
	return 0;
}

static int
folder_make(const struct folder *f)
{
	int r = parents_make(f->path);

	if (r < 0)
		return r;
	if (mkdir(f->path, 0700) < 0)
		return -errno;
	/* The mode last: until then nobody else gets in. */
	if ((f->uid != 0 || f->gid != 0) &&
	    chown(f->path, f->uid, f->gid) < 0)
		return -errno;
	return chmod(f->path, f->mode) < 0 ? -errno : 0;
}

/* As the one who owns those we may not look into without CAP_DAC_*. */
static int
folder_stat(const struct folder *f, uid_t uid, struct stat *ret)
{
	int back, r = privs_act_as(uid);

	if (r < 0)
		return r;
	if (lstat(f->path, ret) < 0)
		r = -errno;
	back = privs_act_as(0);
	return back < 0 ? back : r;
}

static int
folder_prepare(const struct folder *f, uid_t uid)
{
	char want[64];
	struct stat st;
	int r = folder_stat(f, uid, &st);

	if (r == -ENOENT)
		r = folder_make(f);
	else if (r == 0 && (!S_ISDIR(st.st_mode) || st.st_uid != f->uid ||
	    st.st_gid != f->gid || (st.st_mode & 07777) != f->mode))
		r = AIA_EUNTRUSTED;
	if (r == 0)
		return 0;
	(void)snprintf(want, sizeof(want), "%u:%u %04o", f->uid, f->gid,
	    f->mode);
	log_event(LOG_ERR, "folder.refused", LOG_STR("path", f->path),
	    LOG_STR("must_be", want), LOG_CODE(r));
	return r;
}

int
folders_prepare(const struct daemon *d)
{
	const struct folder folders[] = {
		{ d->paths.run, 0, 0, 0755 },
		{ d->paths.nss, d->uid_vault, d->gid_vault, 0755 },
		{ d->paths.cache, d->uid_vault, d->gid_vault, 0755 },
		{ d->paths.state, d->uid_vault, d->gid_login, 0710 },
		/* Set-group-ID: workers read what the keeper makes there. */
		{ d->paths.directory, d->uid_vault, d->gid_login, 02750 },
	};
	int r;

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		r = folder_prepare(&folders[i], d->uid_vault);
		if (r < 0)
			return r;
	}
	return 0;
}
