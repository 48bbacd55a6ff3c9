/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * idset.h - which object ids were seen, in at most twelve bytes each.
 *
 * Only a keyed hash (SipHash-2-4, 64 bits, a fresh random key for each set)
 * of an id is kept.  Two ids of one hash would look like one that came twice,
 * which makes a listing partial and nothing worse; nobody can bring it about
 * without the key, and by chance it happens once in 10^9 listings of 100,000.
 */
#ifndef AIA_NETD_IDSET_H
#define AIA_NETD_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"
#include "common/err.h"

struct idset;

/* 0, -ENOMEM or -EIO: no random numbers. */
AIA_MUST_USE int idset_new(struct idset **ret);
void idset_free(struct idset *set);
/*
 * Put kind and id (at most OBJECT_ID_LEN_MAX bytes, or -EINVAL) in.  Returns 0,
 * -EEXIST (they were in already) or -ENOMEM.
 */
AIA_MUST_USE int idset_add(struct idset *set, uint8_t kind,
    struct aia_span id);
bool idset_has(const struct idset *set, uint8_t kind, struct aia_span id);

#endif
