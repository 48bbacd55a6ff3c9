/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_lists.h - who is in which group, turned into the groups of each
 * user.
 */
#ifndef AIA_KEEPER_SNAPFILE_LISTS_H
#define AIA_KEEPER_SNAPFILE_LISTS_H

#include "aiauthd/keeper/snapfile_rows.h"
#include "common/err.h"

struct snapfile_lists;		/* those with members, by gid; heap */

/*
 * Each list rising and each member once; then each user's row told how many
 * gids it has and where they begin.  *ret_n_gids: of all users together.
 * Returns 0, -ENOMEM or -E2BIG (a user in too many groups).
 */
AIA_MUST_USE int snapfile_lists_new(struct snapfile *sf,
    struct snapfile_lists **ret, uint32_t *ret_n_gids);
void snapfile_lists_free(struct snapfile_lists *ls);

/* The gids of all users, 4 bytes each as in the file; users: their rows. */
void snapfile_lists_write(const struct snapfile_lists *ls,
    uint8_t *users, uint8_t *out);

#endif
