/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * totp.h - one-time codes by the clock: enrolled, verified, used up.
 *
 * A step that one code of a person has used is used for all their enrolments,
 * and so are the steps before it: no code works twice, whatever shares a
 * secret.  The step is written in the transaction that clears or counts the
 * misses; the vault answers after that.
 */
#ifndef AIA_VAULT_TOTP_H
#define AIA_VAULT_TOTP_H

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

#define TOTP_SKEW_STEPS 1
#define TOTP_PENDING_S 600

/* These answer the questions of the same names in vault.h. */
AIA_MUST_USE int totp_verify(const struct desk *desk,
    const struct attempt *at, const struct secret *code,
    char ret_id[ENROLMENT_ID_LEN + 1]);
/* -EINVAL: parameters; -ENOSPC: ENROLMENTS_MAX are enrolled. */
AIA_MUST_USE int totp_begin(const struct desk *desk,
    const struct identity *who, const struct totp_params *params,
    const char *label, char ret_id[ENROLMENT_ID_LEN + 1],
    struct secret *ret_key);
AIA_MUST_USE int totp_finish(const struct desk *desk,
    const struct attempt *at, const char *id, const struct secret *code);

/* Under which key the last used step of a person stands. */
void totp_used_key(const struct owner *owner, char ret[STATE_KEY_MAX + 1]);

#endif
