/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * passwd.c - is this name a local account?
 *
 * The file is read byte by byte through a small state, so that no line is too
 * long for us: a line cut in two could make a name out of a comment field.
 */
#include "config.h"

#include "pam_aiauth/passwd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/id.h"

#define FILE_MAX (16 * 1024 * 1024)	/* bytes; some 200,000 accounts */
#define FIELD_NAME 0
#define FIELD_UID 2

struct scan {
	const char	*name;
	size_t		 field;		/* of the line we are in */
	size_t		 at;		/* byte of the field */
	bool		 same;		/* its name is ours, so far */
	char		 uid[11];	/* "4294967295" and one more */
	size_t		 uid_len;
};

static void
scan_line_begin(struct scan *sc)
{
	sc->field = FIELD_NAME;
	sc->at = 0;
	sc->same = true;
	sc->uid_len = 0;
}

static void
scan_byte(struct scan *sc, char c)
{
	/* libc skips blanks before a name. */
	if (sc->field == FIELD_NAME && sc->at == 0 && (c == ' ' || c == '\t'))
		return;
	if (c == ':') {
		if (sc->field == FIELD_NAME && sc->name[sc->at] != '\0')
			sc->same = false;
		sc->field++;
		sc->at = 0;
		return;
	}
	if (sc->field == FIELD_NAME && sc->same) {
		sc->same = c != '\0' && sc->name[sc->at] == c;
		sc->at += sc->same ? 1 : 0;
	}
	if (sc->field == FIELD_UID && sc->uid_len < sizeof(sc->uid))
		sc->uid[sc->uid_len++] = c;
}

/* At the end of a line: 0 if it was the one, AIA_ENOUSER if not. */
static int
scan_line_end(const struct scan *sc, uid_t *ret)
{
	uint32_t uid = 0;

	if (!sc->same || sc->field == FIELD_NAME)
		return AIA_ENOUSER;
	if (aia_id_parse(sc->uid, sc->uid_len, &uid) < 0)
		return AIA_EDAMAGED;
	*ret = uid;
	return 0;
}

int
passwd_scan(int fd, const char *name, uid_t *ret)
{
	struct scan sc = { .name = name };
	char buf[2048];
	size_t total = 0;
	ssize_t n;
	int r;

	scan_line_begin(&sc);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] != '\n') {
				scan_byte(&sc, buf[i]);
				continue;
			}
			r = scan_line_end(&sc, ret);
			if (r != AIA_ENOUSER)
				return r;
			scan_line_begin(&sc);
		}
		total += (size_t)n;
		if (total > FILE_MAX)
			return -EFBIG;
	}
	return n < 0 ? -errno : scan_line_end(&sc, ret);
}

int
passwd_find(const char *path, const char *name, uid_t *ret)
{
	struct stat st;
	int fd, r;

	/* libc takes lines that begin with a sign for NIS's, not accounts. */
	if (name[0] == '\0' || name[0] == '+' || name[0] == '-')
		return AIA_ENOUSER;
	/* O_NONBLOCK: a FIFO in its place must not stop us. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
	    O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode) || st.st_uid != 0 ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		r = AIA_EUNTRUSTED;
	else
		r = passwd_scan(fd, name, ret);
	(void)close(fd);
	return r;
}
