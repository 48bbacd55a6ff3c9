/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * person.h - who a name or a uid is.
 *
 * /etc/passwd comes first: a directory user of a local account's name or uid
 * does not exist for us.  Nothing a client says about it is believed.
 */
#ifndef AIA_LOGIN_PERSON_H
#define AIA_LOGIN_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "aiauthd/daemon.h"
#include "base/identity.h"
#include "common/name.h"

struct person {
	struct aia_name	name;
	bool		known;
	bool		local;		/* of /etc/passwd */
	bool		active;
	uint32_t	uid, gid;	/* only of the known */
	struct identity	who;		/* of nobody, when not known, so that
					 * every question costs the same */
};

/*
 * find() gives 0 also for a name that nobody has (known = false); of_uid()
 * gives AIA_ENOUSER.  Other errors: the directory or /etc/passwd cannot be
 * read, so nothing can be said.
 */
AIA_MUST_USE int person_find(struct worker *w, const struct aia_name *name,
    struct person *ret);
AIA_MUST_USE int person_of_uid(struct worker *w, uid_t uid,
    struct person *ret);

/* What directory_roles() gives, in one array (heap). */
struct roles { struct dir_role *v; size_t n; };
AIA_MUST_USE int person_roles(struct worker *w, const struct person *p,
    struct roles *ret);
void person_roles_clear(struct roles *roles);

/* What the directory knows of a person besides.  free() it. */
struct details {
	char	 mail[DIR_TEXT_MAX + 1];
	uint8_t	 attributes[DIR_ATTRIBUTES_MAX];
	size_t	 attributes_len;
	char	 external_id[DIR_TEXT_MAX + 1];	/* empty: none */
	int64_t	 age_s;		/* of what the source said; -1: never */
	bool	 expired;	/* too old: offline_grace_s */
};
/* *ret is NULL for who is not in the directory. */
AIA_MUST_USE int person_details(struct worker *w, const struct person *p,
    struct details **ret);

/* The SSH keys that the directory has of a person: a LIST of lines. */
AIA_MUST_USE int person_keys(struct worker *w, const struct person *p,
    uint8_t room[DIR_KEYS_MAX], size_t *ret_len);

/*
 * The worker's handle of directory.db, opened when first needed.  -ENOENT: no
 * listing has been applied yet.  person_directory_drop() closes one that gave
 * an error; the next call opens it anew.
 */
AIA_MUST_USE int person_directory(struct worker *w, struct directory **ret);
void person_directory_drop(struct worker *w);

#endif
