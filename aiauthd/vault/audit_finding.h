/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_finding.h - what can be wrong with the audit log, as it crosses
 * vault.sock.
 */
#ifndef AIA_VAULT_AUDIT_FINDING_H
#define AIA_VAULT_AUDIT_FINDING_H

#include <stdbool.h>

#include "aiauthd/vault/vault.h"
#include "common/bytes.h"

#define AUDIT_FINDING_LEN 17	/* bytes: what, from, to */

/* One more in the list. */
void audit_finding_put(struct aia_wr *list, const struct audit_finding *f);
bool audit_finding_take(struct aia_span item, struct audit_finding *ret);

#endif
