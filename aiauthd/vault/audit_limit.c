/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_limit.c - how many records one who asks may cause.
 */
#include "config.h"

#include "aiauthd/vault/audit_limit.h"

#include <errno.h>

static int
row_of(const struct seal_keys *keys, const struct audit_entry *e,
    size_t *ret)
{
	const uint32_t uid = e->peer_uid != 0 ? e->peer_uid : e->caller_uid;
	const struct aia_span who = uid != 0 ?
	    aia_span_of(&uid, sizeof(uid)) : e->origin;
	uint8_t hash[SEAL_HASH_LEN];
	int r;

	r = seal_hash(keys, uid != 0 ? "audit-uid" : "audit-origin", &who, 1,
	    hash);
	if (r == 0)
		*ret = ((size_t)hash[0] << 8 | hash[1]) % AUDIT_LIMIT_ROWS;
	return r;
}

/* free_ms: when all that was caused so far will have been worn off. */
int
audit_limit_take(struct audit_limit *l, const struct seal_keys *keys,
    const struct audit_entry *e, int64_t now_ms)
{
	int64_t *free_ms;
	size_t row = 0;
	int r;

	if (e->peer_uid == 0 && aia_span_eq(e->verdict,
	    aia_span_str("permit")))
		return 0;
	r = row_of(keys, e, &row);
	if (r < 0)
		return r;
	free_ms = &l->free_ms[row];
	if (*free_ms < now_ms)
		*free_ms = now_ms;
	if (*free_ms - now_ms > (AUDIT_LIMIT_BURST - 1) *
	    (int64_t)AUDIT_LIMIT_MS)
		return -EBUSY;
	*free_ms += AUDIT_LIMIT_MS;
	return 0;
}
