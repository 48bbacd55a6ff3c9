/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolcode.h - one-time codes that permit a first enrolment: 100 random bits,
 * of which only a keyed hash is stored.  At most one waits for a person.
 */
#ifndef AIA_VAULT_ENROLCODE_H
#define AIA_VAULT_ENROLCODE_H

#include <stdbool.h>

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

#define ENROLCODE_TTL_MAX_S (30 * 86400)

/* These answer vault_enrol_code_new() and _verify().  new: -EINVAL for a
 * lifetime of 0 or over ENROLCODE_TTL_MAX_S. */
AIA_MUST_USE int enrolcode_new(const struct desk *desk,
    const struct identity *who, uint32_t ttl_s, struct secret *ret_code);
AIA_MUST_USE int enrolcode_verify(const struct desk *desk,
    const struct attempt *at, const struct secret *code);

/* Whether one was given out that is not used up.  0 or what the store says. */
AIA_MUST_USE int enrolcode_waiting(const struct desk *desk,
    const struct owner *owner, bool *ret);

#endif
