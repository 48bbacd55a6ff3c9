/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_texts.c - the texts of configuration files in one piece of memory:
 * u32 length and path with its NUL, u32 length and text, again and again.
 */
#include "config.h"

#include "base/conf_texts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

void
conf_texts_put(struct aia_wr *wr, const char *path, const void *text,
    size_t len)
{
	size_t path_len = strlen(path) + 1;

	if (path_len > CONF_TEXTS_MAX || len > CONF_TEXTS_MAX) {
		wr->full = true;
		return;
	}
	aia_wr_u32(wr, (uint32_t)path_len);
	aia_wr_bytes(wr, path, path_len);
	aia_wr_u32(wr, (uint32_t)len);
	aia_wr_bytes(wr, text, len);
}

bool
conf_texts_next(struct aia_rd *rd, struct conf_text *ret)
{
	struct aia_span path, text;

	if (rd->left == 0)
		return false;
	path = aia_rd_bytes(rd, aia_rd_u32(rd));
	text = aia_rd_bytes(rd, aia_rd_u32(rd));
	if (path.len == 0 || path.p[path.len - 1] != '\0')
		rd->bad = true;
	if (rd->bad)
		return false;
	ret->path = (const char *)path.p;
	ret->text = text;
	return true;
}

bool
conf_text_ends(const struct conf_text *text, const char *end)
{
	size_t len = strlen(text->path), n = strlen(end);

	return len >= n && strcmp(text->path + len - n, end) == 0;
}

int
conf_texts_read(int fd, uint8_t **ret, size_t *ret_len)
{
	struct stat st;
	uint8_t *room;
	size_t len;

	if (!conf_is_sealed(fd))
		return AIA_EUNTRUSTED;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size > CONF_TEXTS_MAX)
		return -EFBIG;
	len = (size_t)st.st_size;
	room = malloc(len + 1);
	if (room == NULL)
		return -ENOMEM;
	/* Its offset is shared by all processes that were given it. */
	if (pread(fd, room, len, 0) != st.st_size) {
		free(room);
		return AIA_EDAMAGED;
	}
	*ret = room;
	*ret_len = len;
	return 0;
}

bool
conf_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & SEALS) == SEALS;
}

int
conf_texts_seal(const void *p, size_t len, int *ret_fd)
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
