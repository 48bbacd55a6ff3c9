/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempts.h - who has missed how often, and until when nothing of theirs is
 * compared.
 *
 * Two counters for each try: one for (user, source network), one for the user.
 * Names nobody has share a table of fixed size, chosen by a keyed hash, and
 * cost the same reads and writes.
 *
 *                     free misses   then, doubling
 *   user and source   5             1 s .. 300 s
 *   user in total     20            1 s ..  60 s, not where a key was proved
 *
 * Delays run on CLOCK_BOOTTIME.  After a reboot, when how much of one had
 * passed is no longer known, it counts again in full from the boot.
 */
#ifndef AIA_VAULT_ATTEMPTS_H
#define AIA_VAULT_ATTEMPTS_H

#include <stdint.h>

#include "aiauthd/vault/desk.h"
#include "aiauthd/vault/vault.h"

#define ATTEMPTS_FREE 5
#define ATTEMPTS_DELAY_MAX_S 300
#define ATTEMPTS_TOTAL_FREE 20
#define ATTEMPTS_TOTAL_DELAY_MAX_S 60
#define ATTEMPTS_KEPT_S 86400		/* after the last miss */
#define ATTEMPTS_UNKNOWN_ROWS 4096	/* of each kind */

/*
 * One comparison.  On success it adds to the transaction what uses the proof
 * up; what that borrows lives in arg.
 */
typedef int attempts_compare(const struct desk *desk,
    const struct owner *owner, struct state_txn *txn, void *arg);

/*
 * The one way to a comparison.  Inside a delay it is not called, and the answer
 * is AIA_EDELAYED.  If it returns 0, its transaction is committed with a clean
 * slate; if it returns AIA_EDENIED, AIA_ENOENROLMENT or AIA_EDAMAGED, a miss is
 * counted; both counters are read and written in each of these cases, on
 * condition that neither has changed.  Any other error counts nothing.
 *
 * Returns what the comparison or the delay said once that is committed, else
 * the error of the store.  For a name nobody has, owner is nobody's.
 */
AIA_MUST_USE int attempts_guard(const struct desk *desk,
    const struct attempt *at, attempts_compare *compare, void *arg);

/* For people: misses in total, and the longest delay running now. */
AIA_MUST_USE int attempts_summary(const struct desk *desk,
    const struct owner *owner, uint32_t *ret_misses, uint32_t *ret_delay_s);
/* How many delays are running, one for each person and network. */
AIA_MUST_USE int attempts_delayed(const struct desk *desk, uint32_t *ret);
/* Forget them all.  prefix, total: room for what the transaction borrows. */
void attempts_unlock(const struct owner *owner,
    char prefix[STATE_KEY_MAX + 1], char total[STATE_KEY_MAX + 1],
    struct state_txn *txn);

#endif
