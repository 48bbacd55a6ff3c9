/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layer.c - a change of files of the system that can be taken back.
 */
#include "config.h"

#include "aiauthctl/layer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aiauthctl/lines.h"
#include "base/json.h"
#include "common/id.h"

#define JOURNAL "journal.json"
#define NUMBER_MAX 9999

int
layer_add(struct layer *ly, const char *path, struct file *old,
    struct file *new)
{
	struct layer_file *lf = &ly->files[ly->n_files];
	size_t len = strlen(path);

	if (ly->n_files == LAYER_FILES_MAX)
		return -E2BIG;
	if (len >= sizeof(lf->path))
		return -ENAMETOOLONG;
	memcpy(lf->path, path, len + 1);
	lf->old = *old;
	lf->new = *new;
	*old = *new = (struct file){ 0 };
	ly->n_files++;
	return 0;
}

void
layer_free(struct layer *ly)
{
	if (ly == NULL)
		return;
	for (size_t i = 0; i < ly->n_files; i++) {
		file_clear(&ly->files[i].old);
		file_clear(&ly->files[i].new);
	}
	free(ly);
}

bool
layer_is_due(const struct layer *ly, const struct boot_time *now)
{
	return ly->pending && (strcmp(ly->due.id, now->id) != 0 ||
	    now->ms >= ly->due.ms);
}

/* --- on disk */

/* DIR/NUMBER/FILE */
static int
inside(const char *dir, unsigned number, const char *file,
    char ret[AIA_PATH_MAX])
{
	int n = snprintf(ret, AIA_PATH_MAX, "%s/%04u%s%s", dir, number,
	    file[0] == '\0' ? "" : "/", file);

	return n < 0 || n >= AIA_PATH_MAX ? -ENAMETOOLONG : 0;
}

static int
inside_i(const char *dir, unsigned number, size_t i, const char *end,
    char ret[AIA_PATH_MAX])
{
	char file[32];

	(void)snprintf(file, sizeof(file), "%02zu.%s", i, end);
	return inside(dir, number, file, ret);
}

/* The highest number, 0: none; with a journal, if that is asked. */
static int
newest(const char *dir, bool whole, unsigned *ret)
{
	char path[AIA_PATH_MAX];
	unsigned best = 0;
	struct dirent *e;
	uint32_t n;
	DIR *d = opendir(dir);

	if (d == NULL && errno != ENOENT)
		return -errno;
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strlen(e->d_name) != 4 ||
		    strspn(e->d_name, "0123456789") != 4)
			continue;
		n = (uint32_t)strtoul(e->d_name, NULL, 10);
		if (n > best && (!whole ||
		    (inside(dir, n, JOURNAL, path) == 0 &&
		    access(path, F_OK) == 0)))
			best = n;
	}
	if (d != NULL)
		(void)closedir(d);
	*ret = best;
	return 0;
}

/* What only root may read; what was there by another's hand is refused. */
static int
folder_make(const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (lstat(path, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    (st.st_mode & 077) == 0 ? 0 : AIA_EUNTRUSTED;
}

static void
attributes_write(struct json_out *j, const char *key, const struct file *f)
{
	json_out_open_obj(j, key);
	json_out_bool(j, "there", f->there);
	json_out_i64(j, "mode", f->mode);
	json_out_i64(j, "uid", f->uid);
	json_out_i64(j, "gid", f->gid);
	json_out_close(j);
}

static int
journal_write(const char *dir, const struct layer *ly)
{
	struct file f = { .there = true, .mode = 0600, .uid = geteuid(),
	    .gid = getegid() };
	char path[AIA_PATH_MAX];
	struct json_out *j = NULL;
	int r;

	r = json_out_new(&j);
	if (r < 0)
		return r;
	json_out_i64(j, "version", 1);
	json_out_bool(j, "pending", ly->pending);
	json_out_str(j, "boot", ly->due.id);
	json_out_i64(j, "due_ms", ly->due.ms);
	json_out_i64(j, "applied_ms", ly->applied_ms);
	json_out_i64(j, "session_max", ly->session_max);
	json_out_open_arr(j, "files");
	for (size_t i = 0; i < ly->n_files; i++) {
		json_out_open_obj(j, NULL);
		json_out_str(j, "path", ly->files[i].path);
		attributes_write(j, "old", &ly->files[i].old);
		attributes_write(j, "new", &ly->files[i].new);
		json_out_close(j);
	}
	json_out_close(j);
	r = json_out_end(j, &f.text, &f.len);
	json_out_free(j);
	if (r == 0)
		r = inside(dir, ly->number, JOURNAL, path);
	if (r == 0)
		r = file_write(path, &f);
	file_clear(&f);
	return r;
}

/* Its text alone, for root's eyes: mode and owner are in the journal. */
static int
copy_write(const char *dir, unsigned number, size_t i, const char *end,
    const struct file *f)
{
	struct file copy = *f;
	char path[AIA_PATH_MAX];
	int r = inside_i(dir, number, i, end, path);

	copy.mode = 0600;
	copy.uid = geteuid();
	copy.gid = getegid();
	return r == 0 ? file_write(path, &copy) : r;
}

int
layer_save(const char *dir, struct layer *ly)
{
	char path[AIA_PATH_MAX];
	int r;

	r = folder_make(dir);
	if (r == 0)
		r = newest(dir, false, &ly->number);
	if (r == 0 && ++ly->number > NUMBER_MAX)
		r = -E2BIG;
	if (r == 0)
		r = inside(dir, ly->number, "", path);
	if (r == 0)
		r = folder_make(path);
	for (size_t i = 0; r == 0 && i < ly->n_files; i++) {
		r = copy_write(dir, ly->number, i, "old", &ly->files[i].old);
		if (r == 0)
			r = copy_write(dir, ly->number, i, "new",
			    &ly->files[i].new);
	}
	return r == 0 ? journal_write(dir, ly) : r;
}

static int
attributes_read(const struct json *obj, const char *key, struct file *f)
{
	const struct json *o = NULL;
	int64_t mode, uid, gid;
	int r;

	r = json_get_obj(obj, key, &o);
	if (r == 0)
		r = json_get_bool(o, "there", &f->there);
	if (r == 0)
		r = json_get_i64(o, "mode", 0, 07777, &mode);
	if (r == 0)
		r = json_get_i64(o, "uid", 0, UINT32_MAX, &uid);
	if (r == 0)
		r = json_get_i64(o, "gid", 0, UINT32_MAX, &gid);
	if (r < 0)
		return r;
	f->mode = (mode_t)mode;
	f->uid = (uid_t)uid;
	f->gid = (gid_t)gid;
	return 0;
}

static int
copy_read(const char *dir, unsigned number, size_t i, const char *end,
    const struct json *obj, struct file *ret)
{
	char path[AIA_PATH_MAX];
	struct file f = { 0 }, said = { 0 };
	int r;

	r = attributes_read(obj, end, &said);
	if (r == 0)
		r = inside_i(dir, number, i, end, path);
	if (r == 0)
		r = file_read(path, &f);
	if (r == 0 && f.there != said.there) {
		file_clear(&f);
		r = AIA_EDAMAGED;
	}
	if (r < 0)
		return r;
	f.mode = said.mode;
	f.uid = said.uid;
	f.gid = said.gid;
	*ret = f;
	return 0;
}

static int
file_entry_read(const char *dir, struct layer *ly, const struct json *obj)
{
	struct layer_file *lf = &ly->files[ly->n_files];
	struct aia_span s;
	int r;

	r = json_get_str(obj, "path", sizeof(lf->path) - 1, &s);
	if (r < 0 || s.len == 0 || s.p[0] != '/')
		return AIA_EDAMAGED;
	memcpy(lf->path, s.p, s.len);
	r = copy_read(dir, ly->number, ly->n_files, "old", obj, &lf->old);
	if (r == 0)
		r = copy_read(dir, ly->number, ly->n_files, "new", obj,
		    &lf->new);
	ly->n_files++;		/* also half of one is to be freed */
	return r;
}

static int
journal_read(const char *dir, const struct json *root, struct layer *ly)
{
	const struct json *files = NULL;
	struct aia_span s;
	int64_t version, session;
	int r;

	r = json_get_i64(root, "version", 1, 1, &version);
	if (r == 0)
		r = json_get_bool(root, "pending", &ly->pending);
	if (r == 0)
		r = json_get_str(root, "boot", BOOT_ID_LEN, &s);
	if (r == 0)
		memcpy(ly->due.id, s.p, s.len);
	if (r == 0)
		r = json_get_i64(root, "due_ms", 0, LAYER_NEVER_MS,
		    &ly->due.ms);
	if (r == 0)
		r = json_get_i64(root, "applied_ms", 0, LAYER_NEVER_MS,
		    &ly->applied_ms);
	if (r == 0)
		r = json_get_i64(root, "session_max", 0, UINT32_MAX, &session);
	if (r == 0)
		r = json_get_arr(root, "files", &files);
	if (r == 0 && json_arr_len(files) > LAYER_FILES_MAX)
		r = AIA_EDAMAGED;
	if (r < 0)
		return r;
	ly->session_max = (uint32_t)session;
	for (size_t i = 0; r == 0 && i < json_arr_len(files); i++)
		r = file_entry_read(dir, ly, json_arr_at(files, i));
	return r;
}

int
layer_load(const char *dir, struct layer **ret)
{
	struct layer *ly = NULL;
	struct json *root = NULL;
	struct file f = { 0 };
	char path[AIA_PATH_MAX];
	unsigned number = 0;
	int r;

	r = newest(dir, true, &number);
	if (r < 0)
		return r;
	if (number == 0)
		return AIA_ENOUSER;
	ly = calloc(1, sizeof(*ly));
	if (ly == NULL)
		return -ENOMEM;
	ly->number = number;
	r = inside(dir, number, JOURNAL, path);
	if (r == 0)
		r = file_read(path, &f);
	if (r == 0)
		r = json_parse(f.text, f.len, FILE_LEN_MAX, &root);
	if (r == 0)
		r = journal_read(dir, root, ly);
	json_free(root);
	file_clear(&f);
	if (r < 0) {
		layer_free(ly);
		return r == AIA_EPROTO || r == -ENOENT ? AIA_EDAMAGED : r;
	}
	*ret = ly;
	return 0;
}

int
layer_update(const char *dir, const struct layer *ly)
{
	return journal_write(dir, ly);
}

int
layer_keep(const char *dir, struct layer *ly)
{
	ly->pending = false;
	return journal_write(dir, ly);
}

int
layer_remove(const char *dir, const struct layer *ly)
{
	char path[AIA_PATH_MAX];
	int r;

	/* The journal first: without it the rest counts for nothing. */
	r = inside(dir, ly->number, JOURNAL, path);
	if (r == 0 && unlink(path) < 0 && errno != ENOENT)
		r = -errno;
	for (size_t i = 0; r == 0 && i < ly->n_files; i++) {
		r = inside_i(dir, ly->number, i, "old", path);
		if (r == 0 && unlink(path) < 0 && errno != ENOENT)
			r = -errno;
		if (r == 0)
			r = inside_i(dir, ly->number, i, "new", path);
		if (r == 0 && unlink(path) < 0 && errno != ENOENT)
			r = -errno;
	}
	if (r == 0)
		r = inside(dir, ly->number, "", path);
	return r == 0 && rmdir(path) < 0 ? -errno : r;
}

/* --- in place */

int
layer_check(const struct layer *ly, void (*conflict)(const char *path))
{
	struct file now = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ly->n_files; i++) {
		r = file_read(ly->files[i].path, &now);
		if (r == 0 && !file_same(&now, &ly->files[i].old))
			r = AIA_ECONFLICT;
		file_clear(&now);
		if (r == AIA_ECONFLICT)
			conflict(ly->files[i].path);
	}
	return r;
}

int
layer_apply(const struct layer *ly)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ly->n_files; i++)
		r = file_write(ly->files[i].path, &ly->files[i].new);
	return r;
}

static struct aia_span
span_of(const struct file *f)
{
	return aia_span_of(f->text, f->len);
}

/* What to write in the place of now; *ret_same: nothing. */
static int
before(const struct layer_file *lf, const struct file *now,
    struct file *ret, bool *ret_same)
{
	struct file f = *now;
	int r;

	*ret_same = file_same(now, &lf->old);
	if (*ret_same)
		return 0;
	if (file_same(now, &lf->new)) {
		if (!lf->old.there) {
			*ret = (struct file){ 0 };
			return 0;
		}
		r = file_make(lf->old.text, lf->old.len, &f);
		f.mode = lf->old.mode;
		f.uid = lf->old.uid;
		f.gid = lf->old.gid;
	} else if (!now->there || !lf->old.there || !lf->new.there) {
		r = AIA_ECONFLICT;
	} else {
		r = lines_undo(span_of(&lf->old), span_of(&lf->new),
		    span_of(now), &f.text, &f.len);
	}
	if (r == 0)
		*ret = f;
	return r;
}

static int
restore_one(const struct layer_file *lf, bool write)
{
	struct file now = { 0 }, was = { 0 };
	bool same = false;
	int r;

	r = file_read(lf->path, &now);
	if (r == 0)
		r = before(lf, &now, &was, &same);
	else if (r == AIA_EUNTRUSTED || r == AIA_EPROTO)
		r = AIA_ECONFLICT;	/* a link, or no text, by now */
	if (r == 0 && write && !same)
		r = file_write(lf->path, &was);
	file_clear(&now);
	file_clear(&was);
	return r;
}

int
layer_restore(const struct layer *ly, bool all_or_none,
    void (*conflict)(const char *path))
{
	int r = 0, worst = 0;

	for (size_t i = 0; i < ly->n_files; i++) {
		r = restore_one(&ly->files[i], false);
		if (r == AIA_ECONFLICT)
			conflict(ly->files[i].path);
		if (r < 0 && worst == 0)
			worst = r;
	}
	if (worst < 0 && all_or_none)
		return worst;
	/* In the other order: what was put in last goes first. */
	for (size_t i = ly->n_files; i-- > 0;) {
		r = restore_one(&ly->files[i], true);
		if (r < 0 && worst == 0)
			worst = r;
	}
	return worst;
}
