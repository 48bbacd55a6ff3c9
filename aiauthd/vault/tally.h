/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.h - how many decisions of each kind were written since the vault began.
 *
 * Action, verdict and reason come from few words each; what comes when all rows
 * are taken is counted in the last one, without its words.
 */
#ifndef AIA_VAULT_TALLY_H
#define AIA_VAULT_TALLY_H

#include <stddef.h>

#include "aiauthd/vault/audit_entry.h"
#include "aiauthd/vault/vault.h"

struct tally {			/* zeroed: nothing yet */
	struct vault_tally	v[VAULT_TALLY_MAX];
	size_t			n;
};

void tally_count(struct tally *t, const struct audit_entry *e);

#endif
