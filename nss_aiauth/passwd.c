/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * passwd.c - users.
 */
#include "config.h"

#include "nss_aiauth/nss_aiauth.h"

#include <string.h>

#include "nss_aiauth/pack.h"
#include "nss_aiauth/visit.h"

static struct walk walk;

/* name NULL: by uid */
static int
user_give(const struct aia_name *name, uid_t uid, struct passwd *pwd,
    char *buf, size_t len)
{
	struct aia_snap_user user = { 0 };
	struct map_ref ref;
	int r;

	r = map_acquire(&ref);
	if (r < 0)
		return r;
	r = name != NULL ? aia_snap_user_by_name(ref.snap, name, &user) :
	    aia_snap_user_by_uid(ref.snap, uid, &user);
	if (r == 0)
		r = pack_user(ref.snap, &user, buf, len, pwd);
	map_release(&ref);
	return r;
}

enum nss_status
_nss_aiauth_getpwnam_r(const char *name, struct passwd *pwd, char *buf,
    size_t len, int *errnop)
{
	struct aia_name parsed;
	struct visit v;
	int r;

	visit_begin(&v);
	r = aia_name_parse(name, strlen(name), &parsed);
	if (r == 0)
		r = user_give(&parsed, 0, pwd, buf, len);
	return visit_end(&v, r, errnop);
}

enum nss_status
_nss_aiauth_getpwuid_r(uid_t uid, struct passwd *pwd, char *buf, size_t len,
    int *errnop)
{
	struct visit v;

	visit_begin(&v);
	return visit_end(&v, user_give(NULL, uid, pwd, buf, len), errnop);
}

enum nss_status
_nss_aiauth_setpwent(int stayopen)
{
	(void)stayopen;
	return walk_restart(&walk);
}

enum nss_status
_nss_aiauth_getpwent_r(struct passwd *pwd, char *buf, size_t len, int *errnop)
{
	struct aia_snap_user user = { 0 };
	struct visit v;
	uint32_t row = 0;
	int r;

	visit_begin(&v);
	r = walk_next(&walk, &row);
	if (r == 0)
		r = aia_snap_user_at(walk.ref.snap, row, &user);
	if (r == 0)
		r = pack_user(walk.ref.snap, &user, buf, len, pwd);
	walk_pause(&walk, r == 0);
	return visit_end(&v, r, errnop);
}

enum nss_status
_nss_aiauth_endpwent(void)
{
	return walk_restart(&walk);
}

static __attribute__((destructor)) void
unload(void)
{
	walk_end(&walk);
}
