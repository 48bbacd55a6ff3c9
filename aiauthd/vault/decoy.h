/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decoy.h - what somebody is asked for whom nothing would let in.
 *
 * It must not tell who has enrolled.  So whoever has is asked for what is
 * theirs, and for any other name a person who has enrolled lends his factors:
 * all of them stand on a ring by the keyed names of their rows, a keyed hash of
 * the name points into it, and the next one is taken.  Sets of factors are so as
 * frequent among decoys as among people, outlast restarts, and somebody who
 * enrols or leaves changes only the few between him and his neighbour.
 */
#ifndef AIA_VAULT_DECOY_H
#define AIA_VAULT_DECOY_H

#include <stdint.h>

#include "aiauthd/vault/enrolled.h"
#include "common/name.h"

/*
 * own: what the owner of the name has enrolled; the neighbour is looked for all
 * the same, because it takes time.  *ret: bits 1 << enum fact_name, 0 when
 * nobody has enrolled anything.  Returns 0 or an error of the store.
 */
AIA_MUST_USE int decoy_factors(const struct desk *desk,
    const struct aia_name *name, const struct enrolled_set *own,
    uint32_t *ret);

#endif
