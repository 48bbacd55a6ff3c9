/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snaptext.c - a snapshot from a readable description.
 */
#include "config.h"

#include "tests/snaptext.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile.h"
#include "common/bytes.h"

#define FIELDS_MAX 7

struct build {
	struct snapfile_head head;
	struct snapfile	*sf;		/* NULL until the first record */
	struct aia_name	*users;		/* by the writer's index */
	size_t		 n_users;
};

static int
number(const char *s, uint32_t *ret)
{
	return aia_id_parse(s, strlen(s), ret);
}

static int
user_index(const struct build *b, const char *name, uint32_t *ret)
{
	for (size_t i = 0; i < b->n_users; i++) {
		if (strcmp(b->users[i].s, name) == 0) {
			*ret = (uint32_t)i;
			return 0;
		}
	}
	return AIA_ECONF;
}

static int
do_range(struct build *b, char **f)
{
	struct aia_id_range *range = &b->head.ranges[b->head.n_ranges];

	if (b->head.n_ranges == AIA_SNAP_RANGES_MAX ||
	    number(f[1], &range->first) < 0 || number(f[2], &range->last) < 0)
		return AIA_ECONF;
	b->head.n_ranges++;
	return 0;
}

static int
do_local(struct build *b, char **f)
{
	if (b->head.n_local_gids == AIA_SNAP_LOCAL_GIDS_MAX)
		return AIA_ECONF;
	return number(f[1], &b->head.local_gids[b->head.n_local_gids++]);
}

static int
do_generation(struct build *b, char **f)
{
	uint32_t n = 0;
	int r = number(f[1], &n);

	b->head.generation = n;
	return r;
}

static int
do_enumerate(struct build *b, char **f)
{
	(void)f;
	b->head.enumerate = true;
	return 0;
}

static int
do_user(struct build *b, char **f)
{
	struct aia_name name, *users;
	uint32_t uid, gid;
	int r;

	if (aia_name_parse(f[1], strlen(f[1]), &name) < 0 ||
	    number(f[2], &uid) < 0 || number(f[3], &gid) < 0)
		return AIA_ECONF;
	r = snapfile_user(b->sf, &name, uid, gid, f[4], f[5], f[6]);
	if (r < 0)
		return r;
	users = reallocarray(b->users, b->n_users + 1, sizeof(*users));
	if (users == NULL)
		return -ENOMEM;
	b->users = users;
	b->users[b->n_users++] = name;
	return 0;
}

static int
do_group(struct build *b, char **f)
{
	uint32_t gid, user = 0;
	struct aia_name name;
	char *rest = f[3], *member;
	int r;

	if (aia_name_parse(f[1], strlen(f[1]), &name) < 0 ||
	    number(f[2], &gid) < 0)
		return AIA_ECONF;
	r = snapfile_group(b->sf, &name, gid);
	while (r == 0 && (member = strsep(&rest, ",")) != NULL) {
		if (member[0] == '\0')
			continue;
		r = user_index(b, member, &user);
		if (r == 0)
			r = snapfile_member(b->sf, user);
	}
	return r;
}

static int
do_grant(struct build *b, char **f)
{
	uint32_t gid, user = 0;
	int r;

	if (number(f[2], &gid) < 0)
		return AIA_ECONF;
	r = user_index(b, f[1], &user);
	if (r == 0)
		r = snapfile_local(b->sf, gid);
	return r < 0 ? r : snapfile_member(b->sf, user);
}

static const struct statement {
	const char	*word;
	size_t		 n_fields;	/* the word among them */
	bool		 is_record;
	int		(*run)(struct build *b, char **f);
} statements[] = {
	{ "range", 3, false, do_range },
	{ "local", 2, false, do_local },
	{ "generation", 2, false, do_generation },
	{ "enumerate", 1, false, do_enumerate },
	{ "user", 7, true, do_user },
	{ "group", 4, true, do_group },
	{ "grant", 3, true, do_grant },
};

static int
begin_records(struct build *b)
{
	if (b->sf != NULL)
		return 0;
	if (b->head.n_ranges == 0)
		b->head.ranges[b->head.n_ranges++] =
		    (struct aia_id_range){ 1, INT32_MAX };
	return snapfile_new(&b->head, &b->sf);
}

static int
line_run(struct build *b, char *line)
{
	char *f[FIELDS_MAX] = { NULL };
	size_t n = 0;
	int r;

	while (line != NULL && n < FIELDS_MAX)
		f[n++] = strsep(&line, ":");
	if (line != NULL)
		return AIA_ECONF;
	for (size_t i = 0; i < ARRAY_LEN(statements); i++) {
		const struct statement *s = &statements[i];

		if (strcmp(s->word, f[0]) != 0)
			continue;
		if (n != s->n_fields || (b->sf != NULL && !s->is_record))
			return AIA_ECONF;
		r = s->is_record ? begin_records(b) : 0;
		return r < 0 ? r : s->run(b, f);
	}
	return AIA_ECONF;
}

int
snaptext_build(const char *text, uint8_t **ret, size_t *ret_len,
    unsigned *ret_line)
{
	struct build b = { .head = { .published_s = 1700000000 } };
	char *copy = strdup(text), *rest = copy, *line;
	int r = copy == NULL ? -ENOMEM : 0;

	*ret_line = 0;
	while (r == 0 && (line = strsep(&rest, "\n")) != NULL) {
		++*ret_line;
		if (line[0] != '\0')
			r = line_run(&b, line);
	}
	if (r == 0)
		r = begin_records(&b);
	if (r == 0)
		r = snapfile_finish(b.sf, ret, ret_len);
	snapfile_free(b.sf);
	free(b.users);
	free(copy);
	return r;
}
