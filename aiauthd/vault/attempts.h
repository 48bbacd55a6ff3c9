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

struct attempts_counter {
	char			key[STATE_KEY_MAX + 1];
	int64_t			revision, expires_s;
	uint32_t		misses;
	uint32_t		delay_ms;	/* begun by the last miss */
	struct boot_time	since;		/* when it began */
	uint8_t			bytes[64];	/* as they will be written */
};

/* The counters of one try, as read; borrowed by the transaction it joins. */
struct attempts { struct attempts_counter source, total; };

/*
 * Read both counters.  Returns 0, AIA_EDELAYED (ret is filled too), or an error
 * of the store.
 */
AIA_MUST_USE int attempts_read(const struct desk *desk,
    const struct attempt *at, struct attempts *ret);

/*
 * Refuse, in a transaction of its own: AIA_EDELAYED leaves both counters as
 * they are, any other verdict counts a miss.  Both write the same rows.
 * Returns the verdict once that is committed, else the error.
 */
AIA_MUST_USE int attempts_refuse(const struct desk *desk, struct attempts *a,
    int verdict);
/* Add a clean slate to the transaction that makes use of a success. */
void attempts_clear(struct attempts *a, struct state_txn *txn);

/* For people: misses in total, and the longest delay running now. */
AIA_MUST_USE int attempts_summary(const struct desk *desk,
    const struct owner *owner, uint32_t *ret_misses, uint32_t *ret_delay_s);
/* Forget them all.  prefix, total: room for what the transaction borrows. */
void attempts_unlock(const struct owner *owner,
    char prefix[STATE_KEY_MAX + 1], char total[STATE_KEY_MAX + 1],
    struct state_txn *txn);

#endif
