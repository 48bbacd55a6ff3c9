/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile.c - collect what will stand in a snapshot.
 *
 * Refuses here, one record at a time, what the reader would refuse in the file:
 * a record that cannot be served must not cost the others their snapshot.
 */
#include "config.h"

#include "aiauthd/keeper/snapfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/keeper/snapfile_rows.h"

/*
 * The array p, perhaps elsewhere, with room for n more of size bytes each after
 * the n_used in use; NULL and no change if there is none.
 */
static void *
room(void *p, size_t *cap, size_t n_used, size_t n, size_t size)
{
	size_t want = *cap == 0 ? 256 : *cap;
	void *grown;

	/* The file counts in 32 bits. */
	if (n > UINT32_MAX || n_used > UINT32_MAX - 1 - n)
		return NULL;
	while (want - n_used < n)
		want *= 2;
	if (want == *cap)
		return p;
	grown = reallocarray(p, want, size);
	if (grown != NULL)
		*cap = want;
	return grown;
}

static uint64_t
hash(const struct snapfile *sf, const void *p, size_t len)
{
	return aia_siphash(sf->head.key, p, len);
}

static bool
id_ok(const struct snapfile *sf, uint32_t id)
{
	if (!aia_id_ok(id))
		return false;
	for (size_t i = 0; i < sf->head.n_ranges; i++)
		if (aia_id_range_has(&sf->head.ranges[i], id))
			return true;
	return false;
}

int
snapfile_new(const struct snapfile_head *head, struct snapfile **ret)
{
	struct snapfile *sf;

	if (head->n_ranges > AIA_SNAP_RANGES_MAX ||
	    head->n_local_gids > AIA_SNAP_LOCAL_GIDS_MAX)
		return AIA_EDAMAGED;
	for (size_t i = 0; i < head->n_local_gids; i++)
		if (head->local_gids[i] == 0 ||
		    head->local_gids[i] > INT32_MAX)
			return AIA_EDAMAGED;
	sf = calloc(1, sizeof(*sf));
	if (sf == NULL)
		return -ENOMEM;
	sf->head = *head;
	*ret = sf;
	return 0;
}

void
snapfile_free(struct snapfile *sf)
{
	if (sf == NULL)
		return;
	index_clear(&sf->by_text);
	index_clear(&sf->by_user_name);
	index_clear(&sf->by_uid);
	index_clear(&sf->by_group_name);
	index_clear(&sf->by_gid);
	free(sf->users);
	free(sf->groups);
	free(sf->members.p);
	free(sf->gids.p);
	free(sf->heap);
	free(sf->texts);
	free(sf);
}

/* What a look-up in one of the indexes is for. */
struct sought {
	const struct snapfile	*sf;
	const char		*text;
	size_t			 len;
	uint32_t		 id;
};

static bool
same_text(const void *arg, uint32_t number)
{
	const struct sought *s = arg;
	const struct aia_snap_text *t = &s->sf->texts[number];

	return t->len == s->len &&
	    memcmp(s->sf->heap + t->at, s->text, s->len) == 0;
}

static bool
same_user_name(const void *arg, uint32_t number)
{
	const struct sought *s = arg;

	return strcmp(s->sf->users[number].name.s, s->text) == 0;
}

static bool
same_uid(const void *arg, uint32_t number)
{
	const struct sought *s = arg;

	return s->sf->users[number].uid == s->id;
}

static bool
same_group_name(const void *arg, uint32_t number)
{
	const struct sought *s = arg;

	return strcmp(s->sf->groups[number].name.s, s->text) == 0;
}

static bool
same_gid(const void *arg, uint32_t number)
{
	const struct sought *s = arg;

	return s->sf->groups[number].gid == s->id;
}

static int
text_add(struct snapfile *sf, const char *text, struct aia_snap_text *ret)
{
	struct sought s = { .sf = sf, .text = text, .len = strlen(text) };
	uint64_t h = hash(sf, text, s.len);
	struct aia_snap_text t, *texts;
	uint32_t number;
	char *heap;
	int r;

	if (index_find(&sf->by_text, h, same_text, &s, &number)) {
		*ret = sf->texts[number];
		return 0;
	}
	heap = room(sf->heap, &sf->heap_cap, sf->heap_len, s.len, 1);
	if (heap == NULL)
		return -ENOMEM;
	sf->heap = heap;
	texts = room(sf->texts, &sf->texts_cap, sf->n_texts, 1,
	    sizeof(*texts));
	if (texts == NULL)
		return -ENOMEM;
	sf->texts = texts;
	r = index_add(&sf->by_text, h, (uint32_t)sf->n_texts);
	if (r < 0)
		return r;
	t = (struct aia_snap_text){ .at = (uint32_t)sf->heap_len,
	    .len = (uint32_t)s.len };
	if (s.len > 0)
		memcpy(sf->heap + t.at, text, s.len);
	sf->heap_len += s.len;
	sf->texts[sf->n_texts++] = t;
	*ret = t;
	return 0;
}

/* Both indexes of users or of groups learn a row's number. */
static int
names_add(const struct snapfile *sf, struct index *by_name, struct index *by_id,
    const struct aia_name *name, uint32_t id, size_t row)
{
	int r;

	r = index_add(by_name, hash(sf, name->s, strlen(name->s)),
	    (uint32_t)row);
	if (r < 0)
		return r;
	return index_add(by_id, hash(sf, &id, sizeof(id)), (uint32_t)row);
}

int
snapfile_user(struct snapfile *sf, const struct aia_name *name, uint32_t uid,
    uint32_t gid, const char *gecos, const char *home, const char *shell,
    uint32_t *ret_index)
{
	struct sought s = { .sf = sf, .text = name->s, .id = uid };
	struct snapfile_user u = { .name = *name, .uid = uid, .gid = gid };
	struct snapfile_user *users;
	uint32_t number;
	int r;

	if (!id_ok(sf, uid) || !id_ok(sf, gid) || name->s[0] == '\0' ||
	    !aia_snap_text_ok(gecos, strlen(gecos)) ||
	    !aia_snap_text_ok(home, strlen(home)) ||
	    !aia_snap_text_ok(shell, strlen(shell)))
		return AIA_EDAMAGED;
	if (index_find(&sf->by_user_name, hash(sf, name->s, strlen(name->s)),
	    same_user_name, &s, &number) ||
	    index_find(&sf->by_uid, hash(sf, &uid, sizeof(uid)), same_uid, &s,
	    &number))
		return -EEXIST;
	users = room(sf->users, &sf->users_cap, sf->n_users, 1,
	    sizeof(*users));
	if (users == NULL)
		return -ENOMEM;
	sf->users = users;
	r = text_add(sf, name->s, &u.name_at);
	if (r == 0)
		r = text_add(sf, gecos, &u.gecos);
	if (r == 0)
		r = text_add(sf, home, &u.home);
	if (r == 0)
		r = text_add(sf, shell, &u.shell);
	if (r == 0)
		r = names_add(sf, &sf->by_user_name, &sf->by_uid, name, uid,
		    sf->n_users);
	if (r < 0)
		return r;
	*ret_index = (uint32_t)sf->n_users;
	sf->users[sf->n_users++] = u;
	return 0;
}

int
snapfile_group(struct snapfile *sf, const struct aia_name *name, uint32_t gid,
    uint32_t *ret_index)
{
	struct sought s = { .sf = sf, .text = name->s, .id = gid };
	struct snapfile_group g = { .name = *name, .gid = gid };
	struct snapfile_group *groups;
	uint32_t number;
	int r;

	if (!id_ok(sf, gid) || name->s[0] == '\0')
		return AIA_EDAMAGED;
	if (index_find(&sf->by_group_name, hash(sf, name->s, strlen(name->s)),
	    same_group_name, &s, &number) ||
	    index_find(&sf->by_gid, hash(sf, &gid, sizeof(gid)), same_gid, &s,
	    &number))
		return -EEXIST;
	groups = room(sf->groups, &sf->groups_cap, sf->n_groups, 1,
	    sizeof(*groups));
	if (groups == NULL)
		return -ENOMEM;
	sf->groups = groups;
	r = text_add(sf, name->s, &g.name_at);
	if (r == 0)
		r = names_add(sf, &sf->by_group_name, &sf->by_gid, name, gid,
		    sf->n_groups);
	if (r < 0)
		return r;
	*ret_index = (uint32_t)sf->n_groups;
	sf->groups[sf->n_groups++] = g;
	return 0;
}

static int
pair_add(struct snapfile_pairs *pairs, uint32_t of, uint32_t is)
{
	struct snapfile_pair *p;

	p = room(pairs->p, &pairs->cap, pairs->n, 1, sizeof(*p));
	if (p == NULL)
		return -ENOMEM;
	pairs->p = p;
	pairs->p[pairs->n++] = (struct snapfile_pair){ .of = of, .is = is };
	return 0;
}

int
snapfile_member(struct snapfile *sf, uint32_t group_index, uint32_t user_index)
{
	uint32_t gid;
	int r;

	if (group_index >= sf->n_groups || user_index >= sf->n_users)
		return AIA_EDAMAGED;
	r = pair_add(&sf->members, group_index, user_index);
	gid = sf->groups[group_index].gid;
	if (r == 0 && gid != sf->users[user_index].gid)
		r = pair_add(&sf->gids, user_index, gid);
	return r;
}

int
snapfile_local_gid(struct snapfile *sf, uint32_t user_index, uint32_t gid)
{
	if (user_index >= sf->n_users)
		return AIA_EDAMAGED;
	for (size_t i = 0; i < sf->head.n_local_gids; i++)
		if (sf->head.local_gids[i] == gid)
			return pair_add(&sf->gids, user_index, gid);
	return AIA_EDAMAGED;
}
