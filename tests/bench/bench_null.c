/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_null.c - libnss_null.so.2: answers at once, so that what glibc costs
 * around any module can be seen.  Knows nobody whose name begins with 'n'.
 */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <string.h>

#include "tests/bench/bench_dir.h"

#define EXPORT __attribute__((visibility("default")))

EXPORT enum nss_status _nss_null_getpwnam_r(const char *name,
    struct passwd *pw, char *buf, size_t len, int *errnop);
EXPORT enum nss_status _nss_null_getpwuid_r(uid_t uid, struct passwd *pw,
    char *buf, size_t len, int *errnop);
EXPORT enum nss_status _nss_null_getgrnam_r(const char *name,
    struct group *gr, char *buf, size_t len, int *errnop);
EXPORT enum nss_status _nss_null_getgrgid_r(gid_t gid, struct group *gr,
    char *buf, size_t len, int *errnop);
EXPORT enum nss_status _nss_null_initgroups_dyn(const char *user, gid_t gid,
    long *start, long *size, gid_t **gids, long limit, int *errnop);

static char empty[] = "", star[] = "*", sh[] = "/bin/sh", home[] = "/";
static char *nobody[] = { NULL };

/* The number in a name of bench_dir.h. */
static uint32_t
number_of(const char *name)
{
	uint32_t n = 0;

	for (; *name != '\0'; name++)
		if (*name >= '0' && *name <= '9')
			n = n * 10 + (uint32_t)(*name - '0');
	return n;
}

static enum nss_status
missing(int *errnop)
{
	*errnop = ENOENT;
	return NSS_STATUS_NOTFOUND;
}

static char *
name_put(const char *name, char *buf, size_t len, int *errnop)
{
	size_t name_len = strlen(name) + 1;

	if (name_len > len) {
		*errnop = ERANGE;
		return NULL;
	}
	return memcpy(buf, name, name_len);
}

static enum nss_status
user(const char *name, uid_t uid, struct passwd *pw, char *buf, size_t len,
    int *errnop)
{
	char *own = name_put(name, buf, len, errnop);

	if (own == NULL)
		return NSS_STATUS_TRYAGAIN;
	*pw = (struct passwd){ .pw_name = own, .pw_passwd = star,
	    .pw_uid = uid, .pw_gid = BENCH_PRIMARY_GID, .pw_gecos = empty,
	    .pw_dir = home, .pw_shell = sh };
	return NSS_STATUS_SUCCESS;
}

static enum nss_status
group(const char *name, gid_t gid, struct group *gr, char *buf, size_t len,
    int *errnop)
{
	char *own = name_put(name, buf, len, errnop);

	if (own == NULL)
		return NSS_STATUS_TRYAGAIN;
	*gr = (struct group){ .gr_name = own, .gr_passwd = star,
	    .gr_gid = gid, .gr_mem = nobody };
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_null_getpwnam_r(const char *name, struct passwd *pw, char *buf,
    size_t len, int *errnop)
{
	return name[0] == 'n' ? missing(errnop) :
	    user(name, BENCH_UID + number_of(name), pw, buf, len, errnop);
}

enum nss_status
_nss_null_getpwuid_r(uid_t uid, struct passwd *pw, char *buf, size_t len,
    int *errnop)
{
	return user("user0000000", uid, pw, buf, len, errnop);
}

enum nss_status
_nss_null_getgrnam_r(const char *name, struct group *gr, char *buf,
    size_t len, int *errnop)
{
	return group(name, BENCH_GID + number_of(name), gr, buf, len, errnop);
}

enum nss_status
_nss_null_getgrgid_r(gid_t gid, struct group *gr, char *buf, size_t len,
    int *errnop)
{
	return group("group0000", gid, gr, buf, len, errnop);
}

enum nss_status
_nss_null_initgroups_dyn(const char *name, gid_t gid, long *start,
    long *size, gid_t **gids, long limit, int *errnop)
{
	(void)name, (void)gid, (void)limit, (void)errnop;
	if (*start < *size)
		(*gids)[(*start)++] = BENCH_GID;
	return NSS_STATUS_SUCCESS;
}
