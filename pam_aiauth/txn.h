/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * txn.h - what one phase of a PAM transaction leaves to the next.
 *
 * A record in pam_set_data(), wiped when it is replaced or the transaction
 * ends; and the handle as a PAM variable, because sshd runs auth and account in
 * a child of the process that opens the session, and only variables get there.
 */
#ifndef AIA_PAM_TXN_H
#define AIA_PAM_TXN_H

#include <security/_pam_types.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/messages.h"
#include "pam_aiauth/who.h"

#define TXN_VARIABLE "AIAUTH_HANDLE"

struct txn_handle { uint8_t b[AIA_HANDLE_LEN]; };

struct txn {
	struct who		who;
	bool			is_proved;	/* auth said PERMIT */
	bool			has_handle;
	struct txn_handle	handle;
};

/* A copy of the record.  Returns 0, -ENOENT (none yet) or -EIO. */
AIA_MUST_USE int txn_load(pam_handle_t *pamh, struct txn *ret);
/* Put a copy in the place of the record.  Returns 0 or -ENOMEM. */
AIA_MUST_USE int txn_store(pam_handle_t *pamh, const struct txn *t);

/* The variable: 0, or -ENOMEM; -ENOENT (none), AIA_EPROTO (not a handle). */
AIA_MUST_USE int txn_export(pam_handle_t *pamh, const struct txn_handle *h);
AIA_MUST_USE int txn_import(pam_handle_t *pamh, struct txn_handle *ret);
/* Take the variable away, before the person's shell inherits it. */
AIA_MUST_USE int txn_forget(pam_handle_t *pamh);

#endif
