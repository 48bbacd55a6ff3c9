/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hashid.h - ids for objects whose directory has none: a keyed hash of who
 * they are, into a range.
 *
 * Key and range are the same on every host of a fleet, so the ids are; the
 * fingerprint shows whether they are.  Two objects can come to one id: which
 * of them has it is collide.h's.
 */
#ifndef AIA_KEEPER_HASHID_H
#define AIA_KEEPER_HASHID_H

#include <stdint.h>

#include "base/conf.h"
#include "base/paths.h"
#include "common/bytes.h"
#include "common/err.h"
#include "common/id.h"
#include "common/siphash.h"

enum hashid_state {
	HASHID_OFF = 0,		/* not configured */
	HASHID_NO_KEY,		/* configured, but the key cannot be used: who
				 * has an id keeps it, nobody new gets one */
	HASHID_ON,
};

struct hashid {
	enum hashid_state	state;
	struct aia_id_range	range;
	uint8_t			key[AIA_SIPHASH_KEY_LEN];
};

/*
 * As the configuration says; *ret can be used whatever is returned.  The key is
 * a file of 32 hexadecimal digits, perhaps with a newline, in a place that only
 * root or we may write, and that others may not read.
 *
 * Returns 0, AIA_EUNTRUSTED, AIA_EDAMAGED (not such digits), -ENAMETOOLONG or
 * what opening and reading gave.
 */
AIA_MUST_USE int hashid_open(const struct conf *conf,
    const struct paths *paths, struct hashid *ret);
void hashid_clear(struct hashid *h);

/* HASHID_ON only.  source: its name in the configuration. */
uint32_t hashid_of(const struct hashid *h, struct aia_span source,
    struct aia_span object_id);

/* Of key and range: 16 hexadecimal digits, or nothing unless HASHID_ON. */
#define HASHID_FINGERPRINT_LEN 16
void hashid_fingerprint(const struct hashid *h,
    char ret[HASHID_FINGERPRINT_LEN + 1]);
const char *hashid_state_str(enum hashid_state state);

#endif
