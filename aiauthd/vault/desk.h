/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * desk.h - what is at hand while a question is answered.
 *
 * The time is part of it: nothing in the vault looks at a clock but its loop.
 */
#ifndef AIA_VAULT_DESK_H
#define AIA_VAULT_DESK_H

#include <stdint.h>

#include "aiauthd/vault/seal.h"
#include "aiauthd/vault/state.h"
#include "base/boot.h"

/* What a status question is answered with. */
struct vault_counts {
	uint64_t commits, questions;
	int64_t	 started_s;
};

struct audit;			/* audit.h */

struct desk {
	struct state		*state;
	struct audit		*audit;
	struct seal_keys	 keys;
	int64_t			 now_s;		/* Unix time */
	struct boot_time	 boot;
	struct vault_counts	 counts;
};

#endif
