/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seal.h - what only the holder of the seal key can read or compute: sealed
 * secrets, and the keyed names under which state.db keeps its rows.
 */
#ifndef AIA_VAULT_SEAL_H
#define AIA_VAULT_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/identity.h"
#include "base/secret.h"
#include "common/bytes.h"
#include "common/err.h"

#define SEAL_KEY_LEN_MIN 32	/* bytes of the seal key */

/* One key for each use, derived from the seal key. */
struct seal_keys {
	struct crypto_key seal;		/* secrets at rest */
	struct crypto_key index;	/* names of rows, hashes of codes */
	struct crypto_key audit;	/* the chain of records */
};

/* 0, -EINVAL (seal key too short) or -EIO. */
AIA_MUST_USE int seal_keys_init(struct seal_keys *keys,
    const struct secret *seal_key);
void seal_keys_clear(struct seal_keys *keys);

/*
 * A keyed name: HMAC over a label and the parts, each with its length, so that
 * no two different lists give the same bytes.
 */
#define SEAL_PARTS_MAX 4
#define SEAL_HASH_LEN CRYPTO_HASH_LEN
AIA_MUST_USE int seal_hash(const struct seal_keys *keys, const char *label,
    const struct aia_span *parts, size_t n_parts, uint8_t ret[SEAL_HASH_LEN]);

/*
 * Who owns a row, as it stands in keys: 32 hexadecimal digits.  Without the
 * key nobody can find two people with the same one.
 */
#define OWNER_LEN 32
struct owner { char hex[OWNER_LEN + 1]; };
AIA_MUST_USE int seal_owner(const struct seal_keys *keys,
    const struct identity *who, struct owner *ret);

void seal_hex(const uint8_t *p, size_t len, char *ret);	/* 2 * len + 1 */

/*
 * A secret that opens only for the same owner, factor and row: copied to
 * another row, person or host it is AIA_EDAMAGED.
 */
#define SEAL_PLAIN_MAX 64
#define SEALED_MAX (SEAL_PLAIN_MAX + CRYPTO_SEAL_EXTRA)
AIA_MUST_USE int seal_secret(const struct seal_keys *keys,
    const struct owner *owner, const char *factor, const char *id,
    const struct secret *plain, uint8_t ret[SEALED_MAX], size_t *ret_len);
AIA_MUST_USE int seal_open(const struct seal_keys *keys,
    const struct owner *owner, const char *factor, const char *id,
    struct aia_span sealed, struct secret *ret);

#endif
