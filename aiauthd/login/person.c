/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.c - /etc/passwd, then directory.db.
 */
#include "config.h"

#include "aiauthd/login/person.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/account.h"

#define ROLES_MAX 4096	/* of one user; more is an error, not a cut list */

static int
local_person(const struct aia_name *name, uint32_t uid, uint32_t gid,
    struct person *ret)
{
	struct person p = {
		.name = *name, .known = true, .local = true, .active = true,
		.uid = uid, .gid = gid,
	};
	int r;

	r = identity_make_local(name, uid, &p.who);
	if (r == 0)
		*ret = p;
	return r;
}

static int
local_find(struct worker *w, const struct aia_name *name, struct person *ret)
{
	uid_t uid;
	gid_t gid;
	int r;

	r = account_user(w->daemon->paths.passwd, name->s, &uid, &gid);
	return r < 0 ? r : local_person(name, uid, gid, ret);
}

int
person_directory(struct worker *w, struct directory **ret)
{
	int r = 0;

	if (w->directory == NULL)
		r = directory_open(&w->daemon->paths, &w->directory);
	if (r == 0)
		*ret = w->directory;
	return r;
}

void
person_directory_drop(struct worker *w)
{
	directory_close(w->directory);
	w->directory = NULL;
}

/* name, or where it is NULL the uid. */
static int
ask_directory(struct worker *w, const struct aia_name *name, uint32_t uid,
    struct dir_user *u)
{
	struct directory *d = NULL;
	int r;

	r = person_directory(w, &d);
	if (r < 0)
		return r == -ENOENT ? AIA_ENOUSER : r;
	r = name != NULL ? directory_user_by_name(d, name, u) :
	    directory_user_by_uid(d, uid, u);
	if (r < 0 && r != AIA_ENOUSER)
		person_directory_drop(w);
	return r;
}

static int
directory_find(struct worker *w, const struct aia_name *name, uint32_t uid,
    struct person *ret)
{
	struct dir_user *u;
	int r;

	u = calloc(1, sizeof(*u));
	if (u == NULL)
		return -ENOMEM;
	r = ask_directory(w, name, uid, u);
	if (r == 0)
		*ret = (struct person){ .name = u->name, .known = true,
		    .active = u->active, .uid = u->uid, .gid = u->gid,
		    .who = u->who };
	free(u);
	return r;
}

/* An identity that nobody has: no directory calls itself "local". */
static int
nobody(const struct aia_name *name, struct person *ret)
{
	struct person p = { .name = *name };
	int r;

	r = identity_make_local(name, UINT32_MAX, &p.who);
	if (r == 0)
		*ret = p;
	return r;
}

int
person_find(struct worker *w, const struct aia_name *name, struct person *ret)
{
	int r;

	r = local_find(w, name, ret);
	if (r == AIA_ENOUSER)
		r = directory_find(w, name, 0, ret);
	return r == AIA_ENOUSER ? nobody(name, ret) : r;
}

int
person_of_uid(struct worker *w, uid_t uid, struct person *ret)
{
	struct aia_name name;
	int r;

	r = account_name(w->daemon->paths.passwd, uid, &name);
	if (r == 0)
		return local_find(w, &name, ret);
	return r == AIA_ENOUSER ? directory_find(w, NULL, uid, ret) : r;
}

static int
role_add(const struct dir_role *role, void *arg)
{
	struct roles *roles = arg;
	struct dir_role *more = roles->v;

	if (roles->n == ROLES_MAX)
		return -E2BIG;
	if ((roles->n & (roles->n - 1)) == 0)	/* 0, 1, 2, 4, 8 ... */
		more = reallocarray(roles->v, roles->n == 0 ? 1 :
		    roles->n * 2, sizeof(*more));
	if (more == NULL)
		return -ENOMEM;
	more[roles->n] = *role;
	roles->v = more;
	roles->n++;
	return 0;
}

int
person_roles(struct worker *w, const struct person *p, struct roles *ret)
{
	struct roles roles = { 0 };
	struct directory *d = NULL;
	int r;

	r = person_directory(w, &d);
	if (r == -ENOENT) {
		*ret = roles;
		return 0;
	}
	if (r < 0)
		return r;
	r = directory_roles(d, &p->who, role_add, &roles);
	if (r < 0) {
		person_roles_clear(&roles);
		person_directory_drop(w);
		return r;
	}
	*ret = roles;
	return 0;
}

/* Of a source that is not configured any more nobody knows anything. */
static int
age_read(struct worker *w, struct directory *d, const struct aia_name *source,
    struct details *details)
{
	const struct conf_source *conf = conf_source_find(&w->conf, source);
	struct fresh f, now;
	int64_t age_ms;
	int r;

	r = directory_fresh(d, source, &f);
	if (r == 0)
		r = fresh_now(&now);
	if (r < 0)
		return r;
	age_ms = fresh_age_ms(&f, &now);
	details->age_s = age_ms < 0 ? -1 : age_ms / 1000;
	details->expired = conf == NULL || fresh_state(age_ms,
	    conf->offline_grace_s) != FRESH_FINE;
	return 0;
}

static int
details_read(struct worker *w, struct directory *d, const struct person *p,
    struct details *details)
{
	struct dir_user *u = calloc(1, sizeof(*u));
	int r;

	if (u == NULL)
		return -ENOMEM;
	r = directory_user_by_name(d, &p->name, u);
	if (r == 0)
		r = directory_attributes(d, &p->who, details->attributes,
		    &details->attributes_len);
	if (r == 0)
		r = directory_external_id(d, &p->who, details->external_id);
	if (r == 0)
		r = age_read(w, d, &p->who.source, details);
	if (r == 0)
		memcpy(details->mail, u->mail, sizeof(details->mail));
	free(u);
	return r;
}

int
person_details(struct worker *w, const struct person *p,
    struct details **ret)
{
	struct details *details;
	struct directory *d = NULL;
	int r;

	*ret = NULL;
	if (!p->known || p->local)
		return 0;
	r = person_directory(w, &d);
	if (r < 0)
		return r;
	details = calloc(1, sizeof(*details));
	if (details == NULL)
		return -ENOMEM;
	r = details_read(w, d, p, details);
	if (r < 0) {
		free(details);
		person_directory_drop(w);
		return r;
	}
	*ret = details;
	return 0;
}

int
person_keys(struct worker *w, const struct person *p,
    uint8_t room[DIR_KEYS_MAX], size_t *ret_len)
{
	struct directory *d = NULL;
	int r;

	*ret_len = 0;
	if (!p->known || p->local)
		return 0;
	r = person_directory(w, &d);
	if (r < 0)
		return r;
	r = directory_keys(d, &p->who, room, ret_len);
	if (r < 0)
		person_directory_drop(w);
	return r;
}

void
person_roles_clear(struct roles *roles)
{
	free(roles->v);
	*roles = (struct roles){ 0 };
}
