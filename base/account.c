/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.c - find one line in /etc/passwd or /etc/group.
 */
#include "config.h"

#include "base/account.h"

#include <errno.h>
#include <stdbool.h>
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

/* By name or, where that is NULL, by the id in the third field. */
static bool
line_is(const struct line *l, const char *name, uint32_t id)
{
	uint32_t third;

	if (name == NULL)
		return line_id(l, 2, &third) == 0 && third == id;
	return l->len[0] == strlen(name) &&
	    memcmp(l->field[0], name, l->len[0]) == 0;
}

/* The first such line: *ret borrows *text (heap, the caller frees). */
static int
find(const char *path, const char *name, uint32_t id, char **text,
    struct line *ret)
{
	FILE *f = fopen(path, "re");
	struct line l;
	size_t cap = 0;
	int r = AIA_ENOUSER;

	if (f == NULL)
		return -errno;
	while (r == AIA_ENOUSER && getline(text, &cap, f) >= 0) {
		line_split(*text, &l);
		if (!line_is(&l, name, id))
			continue;
		*ret = l;
		r = 0;
	}
	if (r == AIA_ENOUSER && ferror(f))
		r = -EIO;
	(void)fclose(f);
	return r;
}

int
account_user(const char *path, const char *name, uid_t *ret_uid,
    gid_t *ret_gid)
{
	uint32_t uid = 0, gid = 0;
	char *text = NULL;
	struct line l;
	int r;

	r = find(path, name, 0, &text, &l);
	if (r == 0)
		r = line_id(&l, 2, &uid);
	if (r == 0)
		r = line_id(&l, 3, &gid);
	free(text);
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
	char *text = NULL;
	struct line l;
	int r;

	r = find(path, name, 0, &text, &l);
	if (r == 0)
		r = line_id(&l, 2, &gid);
	free(text);
	if (r < 0)
		return r;
	*ret_gid = gid;
	return 0;
}

int
account_name(const char *path, uid_t uid, struct aia_name *ret)
{
	char *text = NULL;
	struct line l;
	int r;

	r = find(path, NULL, uid, &text, &l);
	if (r == 0)
		r = aia_name_parse(l.field[0], l.len[0], ret);
	free(text);
	return r;
}

int
account_users(const char *path,
    int (*each)(const struct aia_name *name, uid_t uid, void *arg),
    void *arg)
{
	FILE *f = fopen(path, "re");
	struct aia_name name;
	char *text = NULL;
	size_t cap = 0;
	uint32_t uid;
	struct line l;
	int r = 0;

	if (f == NULL)
		return -errno;
	while (r == 0 && getline(&text, &cap, f) >= 0) {
		line_split(text, &l);
		if (aia_name_parse(l.field[0], l.len[0], &name) == 0 &&
		    line_id(&l, 2, &uid) == 0)
			r = each(&name, uid, arg);
	}
	if (r == 0 && ferror(f))
		r = -EIO;
	free(text);
	(void)fclose(f);
	return r;
}
