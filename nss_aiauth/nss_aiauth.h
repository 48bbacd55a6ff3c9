/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nss_aiauth.h - what glibc calls: all that libnss_aiauth.so.2 exports.
 *
 * errno stays as the caller had it; *errnop is set unless the answer is
 * NSS_STATUS_SUCCESS.
 *
 *   SUCCESS   everything the result points to lies in the caller's buffer
 *   NOTFOUND  a readable snapshot does not have it (ENOENT)
 *   TRYAGAIN  the buffer is too small (ERANGE), or no memory for the list of
 *             groups (ENOMEM); nothing has moved on
 *   UNAVAIL   no snapshot, or none that can be trusted or read
 */
#ifndef AIA_NSS_AIAUTH_H
#define AIA_NSS_AIAUTH_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stddef.h>
#include <sys/types.h>

#define NSS_ENTRY __attribute__((visibility("default")))

NSS_ENTRY enum nss_status _nss_aiauth_getpwnam_r(const char *name,
    struct passwd *pwd, char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_getpwuid_r(uid_t uid,
    struct passwd *pwd, char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_setpwent(int stayopen);
NSS_ENTRY enum nss_status _nss_aiauth_getpwent_r(struct passwd *pwd,
    char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_endpwent(void);

NSS_ENTRY enum nss_status _nss_aiauth_getgrnam_r(const char *name,
    struct group *grp, char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_getgrgid_r(gid_t gid,
    struct group *grp, char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_setgrent(int stayopen);
NSS_ENTRY enum nss_status _nss_aiauth_getgrent_r(struct group *grp,
    char *buf, size_t len, int *errnop);
NSS_ENTRY enum nss_status _nss_aiauth_endgrent(void);

/*
 * Append the user's supplementary groups to (*groupsp)[*start], growing the
 * array of *size with realloc() up to limit (<= 0: none).  Only where group is
 * the primary gid that the snapshot has for this user: a local account of the
 * same name gets no groups from us.
 */
NSS_ENTRY enum nss_status _nss_aiauth_initgroups_dyn(const char *user,
    gid_t group, long *start, long *size, gid_t **groupsp, long limit,
    int *errnop);

#endif
