/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_log.h - what audit.c and audit_read.c share.
 */
#ifndef AIA_VAULT_AUDIT_LOG_H
#define AIA_VAULT_AUDIT_LOG_H

#include "aiauthd/vault/audit.h"
#include "aiauthd/vault/audit_folder.h"
#include "aiauthd/vault/audit_limit.h"
#include "aiauthd/vault/tally.h"

struct audit_room;		/* where a page is put together */

struct audit {
	const struct paths	*paths;
	struct audit_limits	 limits;
	struct audit_limit	 limit;
	struct tally		 tally;
	bool			 ready;		/* all below is known */
	int			 dir_fd, fd;	/* -1: not open */
	struct audit_link	 last;		/* record written */
	uint64_t		 first;		/* oldest record kept */
	uint64_t		 segment;	/* the file being written */
	uint64_t		 size;		/* bytes of it */
	int64_t			 began_s;
	uint64_t		 sealed;	/* seq state.db vouches for */
	uint64_t		 sealing;	/* 0: not in this batch */
	bool			 must_seal;
	struct audit_room	*room;		/* heap; NULL until asked */
};

void audit_room_free(struct audit_room *room);

#endif
