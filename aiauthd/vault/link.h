/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link.h - what the login of an audit session proved, for sudo and su in it.
 *
 * Kept under link/SESSION.  Session ids are the kernel's and begin anew with
 * each boot, so a record counts in the boot it was written in and in no other.
 */
#ifndef AIA_VAULT_LINK_H
#define AIA_VAULT_LINK_H

#include "aiauthd/facts/facts.h"
#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

/* These answer vault_link_put(), _get() and _drop(); facts come and go
 * encoded, and have been decoded once by whoever took them in.  A proof by an
 * enrolment that there is no more takes all of its session's with it. */
AIA_MUST_USE int link_put(const struct desk *desk, const struct identity *who,
    const struct link_at *at, struct aia_span facts);
AIA_MUST_USE int link_get(const struct desk *desk, const struct identity *who,
    const struct link_at *at, uint8_t room[FACTS_LEN_MAX], size_t *ret_len,
    int64_t *ret_age_s);
AIA_MUST_USE int link_drop(const struct desk *desk, const struct link_at *at);

#endif
