/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.c - find one line in /etc/passwd or /etc/group.
 */
#include "config.h"

#include "base/account.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/id.h"

#define FIELDS 4	/* name:x:id:id, more may follow */

struct line {
	const char	*field[FIELDS];
	size_t		 len[FIELDS];
	size_t		 n;
};

static void
line_split(const char *s, struct line *ret)
{
	struct line l = { 0 };

	while (l.n < FIELDS) {
		size_t len = strcspn(s, ":\n");

		l.field[l.n] = s;
		l.len[l.n++] = len;
		if (s[len] != ':')
			break;
		s += len + 1;
	}
	*ret = l;
}

static int
line_id(const struct line *l, size_t at, uint32_t *ret)
{
	return at < l->n ? aia_id_parse(l->field[at], l->len[at], ret) :
	    AIA_EID;
}

/* The ids in the third and, if asked for, the fourth field of name's line. */
static int
find(const char *path, const char *name, uint32_t *ret_third,
    uint32_t *ret_fourth)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	struct line l;
	size_t cap = 0;
	int r = AIA_ENOUSER;

	if (f == NULL)
		return -errno;
	while (getline(&text, &cap, f) >= 0) {
		line_split(text, &l);
		if (l.len[0] != strlen(name) ||
		    memcmp(l.field[0], name, l.len[0]) != 0)
			continue;
		r = line_id(&l, 2, ret_third);
		if (r == 0 && ret_fourth != NULL)
			r = line_id(&l, 3, ret_fourth);
		break;
	}
	if (r == AIA_ENOUSER && ferror(f))
		r = -EIO;
	free(text);
	(void)fclose(f);
	return r;
}

int
account_user(const char *path, const char *name, uid_t *ret_uid,
    gid_t *ret_gid)
{
	uint32_t uid = 0, gid = 0;
	int r = find(path, name, &uid, &gid);

	if (r < 0)
		return r;
	*ret_uid = uid;
	*ret_gid = gid;
	return 0;
}

int
account_group(const char *path, const char *name, gid_t *ret_gid)
{
	uint32_t gid = 0;
	int r = find(path, name, &gid, NULL);

	if (r < 0)
		return r;
	*ret_gid = gid;
	return 0;
}
