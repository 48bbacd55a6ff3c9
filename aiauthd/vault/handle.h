/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handle.h - what auth proved, kept for the later phases of the same login.
 *
 * Stored under a keyed hash of the handle, so that who reads state.db holds no
 * live one.  Its lifetime runs on CLOCK_BOOTTIME and ends with the boot.
 */
#ifndef AIA_VAULT_HANDLE_H
#define AIA_VAULT_HANDLE_H

#include "aiauthd/facts/facts.h"
#include "aiauthd/vault/desk.h"
#include "common/messages.h"

#define HANDLE_TTL_MAX_S 86400
#define HANDLE_SOURCE_MAX 255	/* bytes */

/* These answer vault_handle_new() and _spend(); facts come and go encoded, and
 * have been decoded once by whoever took them in. */
AIA_MUST_USE int handle_new(const struct desk *desk,
    const struct identity *who, const char *service, const char *source,
    struct aia_span facts, uint32_t ttl_s, uint8_t ret[AIA_HANDLE_LEN]);
AIA_MUST_USE int handle_spend(const struct desk *desk,
    const uint8_t handle[AIA_HANDLE_LEN], const struct identity *who,
    const char *service, enum aia_phase phase, uint8_t room[FACTS_LEN_MAX],
    size_t *ret_len);

#endif
