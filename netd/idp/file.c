/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.c - a JSON file in the shape of a SCIM ListResponse, users and groups
 * mixed: the directory of a host without an identity provider.
 *
 * The whole file is one listing.  The cursor is what stat(2) says about the
 * file and the configuration about reading it, so that asking again costs
 * nothing while nobody changed either.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "netd/idp/listing.h"
#include "netd/idp/scim_cursor.h"

struct cursor { char s[160]; };

static void
cursor_make(const struct idp_job *job, const struct stat *st,
    struct cursor *ret)
{
	(void)snprintf(ret->s, sizeof(ret->s),
	    "%" PRIx64 ".%jx.%jx.%jx.%jx.%lx.%jx.%lx", idp_job_hash(job),
	    (uintmax_t)st->st_dev, (uintmax_t)st->st_ino,
	    (uintmax_t)st->st_size, (uintmax_t)st->st_mtim.tv_sec,
	    (unsigned long)st->st_mtim.tv_nsec,
	    (uintmax_t)st->st_ctim.tv_sec,
	    (unsigned long)st->st_ctim.tv_nsec);
}

static int
read_all(int fd, uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len) {
		ssize_t n = read(fd, p + at, len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EAGAIN;		/* shorter than it was */
		at += (size_t)n;
	}
	return 0;
}

/* The text, if it was the same file from the first byte to the last. */
static int
text_read(int fd, const struct stat *st, const struct idp_job *job,
    const struct cursor *before, uint8_t **ret)
{
	size_t len = (size_t)st->st_size;
	uint8_t *text = malloc(len + 1);
	struct cursor after = { 0 };
	struct stat now;
	int r;

	if (text == NULL)
		return -ENOMEM;
	r = read_all(fd, text, len);
	if (r < 0)
		goto out;
	if (fstat(fd, &now) < 0) {
		r = -errno;
		goto out;
	}
	cursor_make(job, &now, &after);
	if (!aia_span_eq(aia_span_str(before->s), aia_span_str(after.s))) {
		r = -EAGAIN;
		goto out;
	}
	*ret = text;
	text = NULL;		/* the caller's now */
out:
	free(text);
	return r;
}

static int
file_open(const char *path, struct stat *st, int *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, st) < 0)
		r = -errno;
	else if (!S_ISREG(st->st_mode))
		r = -EINVAL;
	else if (st->st_size > SCIM_PAGE_MAX)
		r = -EFBIG;
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	*ret = fd;
	return 0;
}

static void
end_file(const struct idp_job *job, int r, struct idp_end *end)
{
	const char *path = job->source->path;

	if (r == AIA_EPROTO || r == -EBADMSG)
		idp_end_set(end, NETCALL_BROKEN, "%s: no SCIM list", path);
	else if (r == -EFBIG)
		idp_end_set(end, NETCALL_BROKEN, "%s: more than %d bytes, or "
		    "than %" PRIu32 " objects (objects_max)", path,
		    SCIM_PAGE_MAX, job->source->objects_max);
	else if (r == -EAGAIN)
		idp_end_set(end, NETCALL_BROKEN, "%s: changed while being read",
		    path);
	else
		idp_end_set(end, NETCALL_CONFIG, "%s: %s", path,
		    aia_strerror(r));
}

static int
put_unchanged(const struct idp_job *job, const struct cursor *cursor,
    struct idp_end *end)
{
	const struct netcall_listing_begin begin = { 0 };
	struct feed *feed = NULL;
	int r;

	r = feed_new(job, NETCALL_DELTA, &feed);
	if (r < 0)
		return r;
	r = feed_begin(feed, &begin);
	if (r == 0)
		r = feed_end(feed, aia_span_str(cursor->s), end);
	feed_free(feed);
	return r;
}

static int
put_page(const struct idp_job *job, struct scim_page *page,
    const struct cursor *cursor, struct idp_end *end)
{
	const struct netcall_listing_begin begin = { 0 };
	struct listing *l = NULL;
	int r;

	r = listing_new(job, NETCALL_FULL, &l);
	if (r < 0)
		return r;
	r = feed_begin(listing_feed(l), &begin);
	if (r == 0)
		r = listing_whole(l, page);
	if (r == -EFBIG || r == -EBADMSG)
		end_file(job, r, end);
	if (r == 0)
		r = feed_end(listing_feed(l), aia_span_str(cursor->s), end);
	listing_free(l);
	return r;
}

static int
file_sync(const struct idp_job *job, struct idp_end *end)
{
	struct scim_page *page = NULL;
	struct cursor cursor = { 0 };
	uint8_t *text = NULL;
	struct stat st;
	int fd = -1, r;

	r = file_open(job->source->path, &st, &fd);
	if (r < 0) {
		end_file(job, r, end);
		return 0;
	}
	cursor_make(job, &st, &cursor);
	if (job->mode == NETCALL_DELTA &&
	    aia_span_eq(job->cursor, aia_span_str(cursor.s))) {
		r = put_unchanged(job, &cursor, end);
		goto out;
	}
	r = text_read(fd, &st, job, &cursor, &text);
	if (r == 0)
		r = scim_page_parse(text, (size_t)st.st_size, &page);
	if (r < 0)
		end_file(job, r, end);
	else
		r = put_page(job, page, &cursor, end);
out:
	scim_page_free(page);
	free(text);
	(void)close(fd);
	return end->result.outcome != 0 ? 0 : r;
}

/* Somebody who stands in there twice is nobody we would know. */
static int
standing_find(const struct idp_job *job, struct scim_page *page,
    struct scim_record *rec, struct idp_end *end)
{
	enum netcall_standing standing = NETCALL_NOBODY;
	struct scim_resource resource;
	unsigned n = 0;
	int r, bad = 0;

	while ((r = scim_page_next(page, &resource)) > 0) {
		scim_record_read(&resource, scim_record_kind(resource.json),
		    job, rec);
		if (!aia_span_eq(scim_record_id(rec), job->object_id))
			continue;
		n++;
		if (rec->kind != SCIM_USER || record_standing(&rec->r,
		    job->object_id, &standing) < 0)
			bad = AIA_EPROTO;
	}
	if (r < 0)
		return r;
	if (bad < 0 || n > 1)
		idp_end_set(end, NETCALL_BROKEN, "%s: a user who cannot be "
		    "read, or is there twice", job->source->path);
	else
		idp_end_standing(end, standing);
	return 0;
}

static int
file_check(const struct idp_job *job, struct idp_end *end)
{
	struct scim_record *rec = calloc(1, sizeof(*rec));
	struct scim_page *page = NULL;
	struct cursor cursor = { 0 };
	uint8_t *text = NULL;
	struct stat st;
	int fd = -1, r;

	if (rec == NULL)
		return -ENOMEM;
	r = file_open(job->source->path, &st, &fd);
	if (r == 0) {
		cursor_make(job, &st, &cursor);
		r = text_read(fd, &st, job, &cursor, &text);
	}
	if (r == 0)
		r = scim_page_parse(text, (size_t)st.st_size, &page);
	if (r == 0)
		r = standing_find(job, page, rec, end);
	if (r < 0)
		end_file(job, r, end);
	scim_page_free(page);
	free(text);
	free(rec);
	if (fd >= 0)
		(void)close(fd);
	return 0;
}

const struct idp_ops idp_file = {
	.name = "file", .has_deltas = true,
	.check = file_check,
	.sync = file_sync,
};
