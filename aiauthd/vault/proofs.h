/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proofs.h - do facts that were kept still have what they were proved with?
 */
#ifndef AIA_VAULT_PROOFS_H
#define AIA_VAULT_PROOFS_H

#include "aiauthd/vault/desk.h"
#include "common/bytes.h"

/*
 * Every factor of these facts (as facts_encode() made them) that was enrolled
 * here still is.  Returns 0, AIA_EDENIED (one was revoked), AIA_EDAMAGED,
 * -ENOMEM or an error of the store.
 */
AIA_MUST_USE int proofs_stand(const struct desk *desk,
    const struct owner *owner, struct aia_span encoded);

#endif
