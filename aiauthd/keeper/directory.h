/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * directory.h - read-only view of directory.db, for workers.
 *
 * Shows only what the rules accepted: the same people and groups as the
 * snapshot, with what a login needs besides.  Local accounts are not in it.
 */
#ifndef AIA_KEEPER_DIRECTORY_H
#define AIA_KEEPER_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fresh.h"
#include "base/identity.h"
#include "base/paths.h"
#include "common/err.h"
#include "common/name.h"

struct directory;		/* one read-only handle; heap */

#define DIR_TEXT_MAX 1024	/* bytes */

struct dir_user {
	struct identity	who;
	struct aia_name	name;
	uint32_t	uid, gid;
	bool		active;
	char		gecos[DIR_TEXT_MAX + 1];
	char		home[DIR_TEXT_MAX + 1];
	char		shell[DIR_TEXT_MAX + 1];
	char		mail[DIR_TEXT_MAX + 1];
	char		phone[DIR_TEXT_MAX + 1];
};

/* A POSIX group. */
struct dir_group {
	struct identity	who;
	struct aia_name	name;
	uint32_t	gid;
};

/*
 * A role is an IdP group by its original text.  'ambiguous': carried by two
 * objects and not pinned, so it grants nothing.
 */
struct dir_role {
	char		text[DIR_TEXT_MAX + 1];
	struct identity	object;
	bool		ambiguous;
};

/* 0, -ENOENT (no keeper ran yet), AIA_EVERSION or AIA_EDAMAGED. */
AIA_MUST_USE int directory_open(const struct paths *paths,
    struct directory **ret);
void directory_close(struct directory *d);

/* 0, AIA_ENOUSER, AIA_EDAMAGED.  A user who is not active is found too. */
AIA_MUST_USE int directory_user_by_name(struct directory *d,
    const struct aia_name *name, struct dir_user *ret);
AIA_MUST_USE int directory_user_by_uid(struct directory *d, uint32_t uid,
    struct dir_user *ret);
/*
 * The roles of a user, nested ones included, none of one who is not active; one
 * call of 'each' for each.  A negative return of it ends the walk and is
 * returned.
 */
AIA_MUST_USE int directory_roles(struct directory *d,
    const struct identity *who,
    int (*each)(const struct dir_role *role, void *arg), void *arg);
/* The same for POSIX groups. */
AIA_MUST_USE int directory_groups(struct directory *d,
    const struct identity *who,
    int (*each)(const struct dir_group *group, void *arg), void *arg);

/*
 * Everybody behind the name 'after' (NULL: at all), those who are not active
 * too, and every group, by name.  A row is read when the one before has been
 * dealt with: memory does not grow with their number.  One walk of a kind at a
 * time.
 */
AIA_MUST_USE int directory_users(struct directory *d,
    const struct aia_name *after,
    int (*each)(const struct dir_user *user, void *arg), void *arg);
AIA_MUST_USE int directory_all_groups(struct directory *d,
    int (*each)(const struct dir_group *group, void *arg), void *arg);
/* 0, AIA_ENOUSER or AIA_EDAMAGED. */
AIA_MUST_USE int directory_group_by_name(struct directory *d,
    const struct aia_name *name, struct dir_group *ret);
/* Active members, those of nested groups too, by name; none: 0. */
AIA_MUST_USE int directory_members(struct directory *d,
    const struct aia_name *group,
    int (*each)(const struct dir_user *user, void *arg), void *arg);
/*
 * What the identity provider says of the user besides, LIST of "name=value";
 * none is an empty list.  room is the caller's.  -ENOBUFS: it does not fit.
 */
#define DIR_ATTRIBUTES_MAX 16384	/* bytes, as netcall.h has it */
AIA_MUST_USE int directory_attributes(struct directory *d,
    const struct identity *who, uint8_t room[DIR_ATTRIBUTES_MAX],
    size_t *ret_len);
/* The same for lines of SSH keys, as they came. */
#define DIR_KEYS_MAX 32768	/* bytes, as netcall.h has it */
AIA_MUST_USE int directory_keys(struct directory *d,
    const struct identity *who, uint8_t room[DIR_KEYS_MAX], size_t *ret_len);
/* What the identity provider calls externalId; "": it says none. */
AIA_MUST_USE int directory_external_id(struct directory *d,
    const struct identity *who, char room[DIR_TEXT_MAX + 1]);
/* Records refused under this name as it came, and why. */
AIA_MUST_USE int directory_refused(struct directory *d, const char *name,
    int (*each)(const char *kind, const char *name, const char *object_id,
	const char *reason, void *arg), void *arg);
/* Which one this is: it grows whenever what names show changes.  0: none was
 * published yet.  Errors are the database's. */
AIA_MUST_USE int directory_generation(struct directory *d, int64_t *ret);
/* How old what a source said is.  0, AIA_ENOUSER or AIA_EDAMAGED. */
AIA_MUST_USE int directory_fresh(struct directory *d,
    const struct aia_name *source, struct fresh *ret);

#endif
