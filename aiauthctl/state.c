/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.c - aiauthctl state rollback: put back the databases as they were
 * before a newer version changed their schema, for the version that is
 * installed now.
 *
 * They lie in folders of aiauth's: that user is what we are before we look, and
 * aiauthd's lock is held from before until the end.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthctl/ctl.h"
#include "aiauthctl/output.h"
#include "aiauthd/keeper/store.h"
#include "aiauthd/vault/state.h"
#include "base/account.h"
#include "base/db.h"
#include "base/process.h"

enum verdict { IS_READABLE, HAS_COPY, HAS_NONE, IS_MISSING };

struct base {
	const char	*file;
	size_t		 folder;	/* offset in struct paths */
	uint32_t	 application, version;

	char		 path[AIA_PATH_MAX], copy[AIA_PATH_MAX];
	enum verdict	 verdict;
	uint32_t	 has, copied;	/* versions */
	int64_t		 copied_s;
};

/* Two of us, or aiauthd, would work on the same files. */
static int
lock_take(const struct paths *paths)
{
	char path[AIA_PATH_MAX];
	int fd, r = path_join(paths->run, RUN_LOCK, path);

	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	return 0;		/* until we end */
}

static int
become_aiauth(const struct paths *paths)
{
	uid_t uid;
	gid_t gid;
	int r = account_user(paths->passwd, ACCOUNT_VAULT, &uid, &gid);

	return r < 0 ? r : process_drop(uid, gid, NULL, 0);
}

static int
version_read(const char *path, uint32_t application, uint32_t *ret)
{
	struct db *db = NULL;
	int r = db_open(path, DB_OWN, &db);

	if (r == 0)
		r = db_check(db);
	if (r == 0)
		r = db_version(db, application, ret);
	db_close(db);
	return r;
}

/* The newest copy that we can read. */
static int
copy_find(struct base *b)
{
	struct stat st;
	int r;

	b->verdict = HAS_NONE;
	for (uint32_t v = b->version; v > 0; v--) {
		r = db_copy_name(b->path, v, b->copy, sizeof(b->copy));
		if (r < 0)
			return r;
		if (lstat(b->copy, &st) < 0)
			continue;
		r = version_read(b->copy, b->application, &b->copied);
		if (r < 0)
			return r;
		if (b->copied != v)
			return AIA_EDAMAGED;
		b->copied_s = st.st_mtim.tv_sec;
		b->verdict = HAS_COPY;
		return 0;
	}
	return 0;
}

static int
look(const struct paths *paths, struct base *b)
{
	struct stat st;
	int r = path_join((const char *)paths + b->folder, b->file, b->path);

	if (r < 0)
		return r;
	b->verdict = IS_MISSING;
	if (lstat(b->path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	r = version_read(b->path, b->application, &b->has);
	if (r < 0)
		return r;
	if (b->has > b->version)
		return copy_find(b);
	b->verdict = IS_READABLE;
	return 0;
}

/* Exchanged in one step; what was there is kept as FILE.newer. */
static int
put_back(const struct base *b)
{
	char newer[AIA_PATH_MAX + sizeof(".newer")];

	(void)snprintf(newer, sizeof(newer), "%s.newer", b->path);
	if (renameat2(AT_FDCWD, b->copy, AT_FDCWD, b->path,
	    RENAME_EXCHANGE) < 0 || rename(b->copy, newer) < 0)
		return -errno;
	return 0;
}

static const char *
verdict_str(const struct base *b)
{
	switch (b->verdict) {
	case IS_READABLE:	return "readable";
	case HAS_COPY:		return "copy";
	case HAS_NONE:		return "no-copy";
	case IS_MISSING:	return "missing";
	}
	return "";
}

static int
print(struct output *o, const struct base *b)
{
	struct json_out *j;
	int r = output_begin("database", &j);

	if (r < 0)
		return r;
	json_out_str(j, "file", b->file);
	json_out_i64(j, "schema", b->has);
	json_out_i64(j, "schema_known", b->version);
	json_out_str(j, "finding", verdict_str(b));
	if (b->verdict == HAS_COPY) {
		json_out_i64(j, "copy_schema", b->copied);
		json_out_i64(j, "copy_s", b->copied_s);
	}
	return output_print(o, j);
}

static int
look_all(const struct ctl *ctl, struct base *bases, size_t n,
    struct output *o)
{
	int r = lock_take(&ctl->paths);

	if (r == -EWOULDBLOCK) {
		ctl_complain("aiauthd is running", "stop it first");
		return r;
	}
	if (r == 0)
		r = become_aiauth(&ctl->paths);
	for (size_t i = 0; r == 0 && i < n; i++) {
		r = look(&ctl->paths, &bases[i]);
		if (r < 0)
			ctl_complain(bases[i].file, aia_strerror(r));
		else
			r = print(o, &bases[i]);
	}
	return r;
}

static enum ctl_exit
finish(struct output *o, enum aia_result code, const char *text,
    enum ctl_exit status)
{
	int r = output_end(o, code, text);

	if (r == 0)
		return status;
	ctl_complain("output", aia_strerror(r));
	return CTL_ERROR;
}

/* All or none: one of another time would not fit the other. */
static enum ctl_exit
decide(const struct ctl *ctl, const struct base *bases, size_t n,
    struct output *o)
{
	size_t n_copies = 0;
	int r;

	for (size_t i = 0; i < n; i++) {
		if (bases[i].verdict == HAS_NONE)
			return finish(o, AIA_R_REFUSED, "there is no copy: "
			    "install the newer version again", CTL_REFUSED);
		n_copies += bases[i].verdict == HAS_COPY;
	}
	if (n_copies == 0)
		return finish(o, AIA_R_OK, "nothing to put back", CTL_OK);
	if (!ctl->confirm)
		return finish(o, AIA_R_HELD, "with --confirm the copies are "
		    "put back, and what happened since, revocations too, is "
		    "forgotten", CTL_HELD);
	for (size_t i = 0; i < n; i++) {
		if (bases[i].verdict != HAS_COPY)
			continue;
		r = put_back(&bases[i]);
		if (r < 0) {
			ctl_complain(bases[i].path, aia_strerror(r));
			return CTL_ERROR;
		}
	}
	return finish(o, AIA_R_OK, "put back", CTL_OK);
}

enum ctl_exit
state_rollback_run(const struct ctl *ctl)
{
	struct base bases[] = {
		{ .file = STATE_FILE, .folder = offsetof(struct paths, state),
		  .application = STATE_APPLICATION, .version = STATE_VERSION },
		{ .file = STORE_FILE,
		  .folder = offsetof(struct paths, directory),
		  .application = STORE_APPLICATION, .version = STORE_VERSION },
	};
	struct output *o = NULL;
	enum ctl_exit status = CTL_ERROR;

	if (output_new(ctl->json, stdout, &o) < 0) {
		ctl_complain("output", aia_strerror(-ENOMEM));
		return CTL_ERROR;
	}
	if (look_all(ctl, bases, ARRAY_LEN(bases), o) == 0)
		status = decide(ctl, bases, ARRAY_LEN(bases), o);
	output_free(o);
	return status;
}
