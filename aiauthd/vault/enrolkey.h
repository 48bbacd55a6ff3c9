/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolkey.h - public keys that people have enrolled: SSH keys, credentials of
 * security keys.
 *
 * A row of enrolled.h, whose body holds flags, counter and a keyed hash, and
 * the public data in a row of its own: keydata/OWNER/FACTOR/ID.  The hash binds
 * all of it to the person: who can write to state.db, but has no seal key,
 * cannot enrol a key for anybody.
 */
#ifndef AIA_VAULT_ENROLKEY_H
#define AIA_VAULT_ENROLKEY_H

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

/* These answer the questions of the same names in vault.h; factor is one of
 * enrolled_factor(). */
AIA_MUST_USE int enrolkey_add(const struct desk *desk,
    const struct identity *who, const char *factor, const struct key_new *key,
    char ret_id[ENROLMENT_ID_LEN + 1]);
AIA_MUST_USE int enrolkey_list(const struct desk *desk,
    const struct identity *who, const char *factor, struct key_list *ret);
AIA_MUST_USE int enrolkey_used(const struct desk *desk,
    const struct identity *who, const char *factor, const char *id,
    uint32_t counter, bool *ret_regressed);

/* The prefix under which the data of all keys of a factor stands; with an id,
 * that of one. */
void enrolkey_data_key(const struct owner *owner, const char *factor,
    const char *id, char ret[STATE_KEY_MAX + 1]);

#endif
