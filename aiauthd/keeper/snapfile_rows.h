/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_rows.h - what snapfile.c collects and snapfile_layout.c lays out.
 */
#ifndef AIA_KEEPER_SNAPFILE_ROWS_H
#define AIA_KEEPER_SNAPFILE_ROWS_H

#include "aiauthd/keeper/index.h"
#include "aiauthd/keeper/snapfile.h"
#include "common/snapshot.h"

struct snapfile_user {
	struct aia_name	 name;
	uint32_t	 uid, gid;
	struct aia_snap_text name_at, gecos, home, shell;
};

struct snapfile_group {
	struct aia_name	 name;
	uint32_t	 gid;
	struct aia_snap_text name_at;
};

struct snapfile_pair { uint32_t of, is; };

struct snapfile_pairs {
	struct snapfile_pair *p;
	size_t		 n, cap;
};

struct snapfile {
	struct snapfile_head head;
	struct snapfile_user *users;
	size_t		 n_users, users_cap;
	struct snapfile_group *groups;
	size_t		 n_groups, groups_cap;
	struct snapfile_pairs members;	/* of group row: is user row */
	struct snapfile_pairs gids;	/* of user row: is gid */
	char		*heap;
	size_t		 heap_len, heap_cap;
	struct aia_snap_text *texts;	/* in the heap */
	size_t		 n_texts, texts_cap;
	struct index	 by_text, by_user_name, by_uid, by_group_name, by_gid;
};

#endif
