/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack.h - fill the buffer that the caller of an NSS function brings.
 *
 * Counts and writes in the same step.  What does not fit makes the rest not fit
 * either: each function then returns NULL and pack_end() says why.
 */
#ifndef AIA_NSS_PACK_H
#define AIA_NSS_PACK_H

#include <grp.h>
#include <pwd.h>
#include <stddef.h>

#include "common/snapshot.h"

struct pack {
	char	*p;
	size_t	 left;		/* bytes */
	int	 r;		/* sticky: 0 or the first error */
};

void pack_init(struct pack *pk, char *buf, size_t len);
char *pack_str(struct pack *pk, const char *s);
char *pack_text(struct pack *pk, const struct aia_snapshot *snap,
    const struct aia_snap_text *text);
/* n pointers and a NULL, aligned whatever the buffer's address. */
char **pack_list(struct pack *pk, size_t n);
/* 0, -ERANGE, AIA_EDAMAGED or a negated errno. */
AIA_MUST_USE int pack_end(const struct pack *pk);

/* Whole records.  *ret is written only on success; results as pack_end(). */
AIA_MUST_USE int pack_user(const struct aia_snapshot *snap,
    const struct aia_snap_user *user, char *buf, size_t len,
    struct passwd *ret);
AIA_MUST_USE int pack_group(const struct aia_snapshot *snap,
    const struct aia_snap_group *group, char *buf, size_t len,
    struct group *ret);

#endif
