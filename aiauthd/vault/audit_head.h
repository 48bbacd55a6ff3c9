/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_head.h - what state.db vouches for: which records of the audit log
 * there are.  Sealed, so that nobody else can say it.
 */
#ifndef AIA_VAULT_AUDIT_HEAD_H
#define AIA_VAULT_AUDIT_HEAD_H

#include "aiauthd/vault/audit_line.h"
#include "aiauthd/vault/desk.h"

struct audit_head {
	uint64_t	  first;	/* the oldest record that is kept */
	uint64_t	  segment;	/* the file that the last one is in */
	struct audit_link last;		/* seq 0: none was written yet */
};

/* 0, -ENOENT (there is none), AIA_EDAMAGED (not sealed by us) or the errors of
 * state_get(). */
AIA_MUST_USE int audit_head_load(const struct desk *desk,
    struct audit_head *ret);
/* Durable when the batch is. */
AIA_MUST_USE int audit_head_save(const struct desk *desk,
    const struct audit_head *head);

#endif
