/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapfile_rows.h - what snapfile.c collects and snapfile_layout.c lays out.
 *
 * A million users in ten groups each must fit: rows are kept as they will
 * stand in the file, lists as bare numbers, and each goes when it is copied.
 */
#ifndef AIA_KEEPER_SNAPFILE_ROWS_H
#define AIA_KEEPER_SNAPFILE_ROWS_H

#include "aiauthd/keeper/snapfile.h"

/* Texts seen lately, to store them once: shells, and names of private groups. */
#define SNAPFILE_RECENT 4096

struct snapfile_grant { uint32_t gid, first, n; };

struct snapfile_numbers {
	uint32_t	*v;
	size_t		 n, cap;
};

struct snapfile {
	struct snapfile_head head;
	uint8_t		*users;		/* rows; their gids come at the end */
	size_t		 n_users, users_cap;
	uint8_t		*groups;
	size_t		 n_groups, groups_cap;
	struct snapfile_numbers members;	/* of groups, in their order */
	struct snapfile_grant *grants;	/* lists of local groups */
	size_t		 n_grants, grants_cap;
	struct snapfile_numbers granted;	/* of grants, in their order */
	bool		 in_grant;	/* where the next member belongs */
	char		*heap;
	size_t		 heap_len, heap_cap;
	struct { uint32_t at, len; } recent[SNAPFILE_RECENT];
};

#endif
