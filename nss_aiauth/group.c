/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * group.c - groups.
 */
#include "config.h"

#include "nss_aiauth/nss_aiauth.h"

#include <string.h>

#include "nss_aiauth/pack.h"
#include "nss_aiauth/visit.h"

static struct walk walk;

/* name NULL: by gid */
static int
group_give(const struct aia_name *name, gid_t gid, struct group *grp,
    char *buf, size_t len)
{
	struct aia_snap_group group = { 0 };
	struct map_ref ref;
	int r;

	r = map_acquire(&ref);
	if (r < 0)
		return r;
	r = name != NULL ? aia_snap_group_by_name(ref.snap, name, &group) :
	    aia_snap_group_by_gid(ref.snap, gid, &group);
	if (r == 0)
		r = pack_group(ref.snap, &group, buf, len, grp);
	map_release(&ref);
	return r;
}

enum nss_status
_nss_aiauth_getgrnam_r(const char *name, struct group *grp, char *buf,
    size_t len, int *errnop)
{
	struct aia_name parsed;
	struct visit v;
	int r;

	visit_begin(&v);
	r = aia_name_parse(name, strlen(name), &parsed);
	if (r == 0)
		r = group_give(&parsed, 0, grp, buf, len);
	return visit_end(&v, r, errnop);
}

enum nss_status
_nss_aiauth_getgrgid_r(gid_t gid, struct group *grp, char *buf, size_t len,
    int *errnop)
{
	struct visit v;

	visit_begin(&v);
	return visit_end(&v, group_give(NULL, gid, grp, buf, len), errnop);
}

enum nss_status
_nss_aiauth_setgrent(int stayopen)
{
	(void)stayopen;
	return walk_restart(&walk);
}

enum nss_status
_nss_aiauth_getgrent_r(struct group *grp, char *buf, size_t len, int *errnop)
{
	struct aia_snap_group group = { 0 };
	struct visit v;
	uint32_t row = 0;
	int r;

	visit_begin(&v);
	r = walk_next(&walk, &row);
	if (r == 0)
		r = aia_snap_group_at(walk.ref.snap, row, &group);
	if (r == 0)
		r = pack_group(walk.ref.snap, &group, buf, len, grp);
	walk_pause(&walk, r == 0);
	return visit_end(&v, r, errnop);
}

enum nss_status
_nss_aiauth_endgrent(void)
{
	return walk_restart(&walk);
}

static __attribute__((destructor)) void
unload(void)
{
	walk_end(&walk);
}
