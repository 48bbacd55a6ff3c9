/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * audit_head.c - what state.db vouches for.
 */
#include "config.h"

#include "aiauthd/vault/audit_head.h"

#include <errno.h>
#include <string.h>

#define KEY "audit/head"
#define FORMAT 1
#define PLAIN_MAX 64

int
audit_head_load(const struct desk *desk, struct audit_head *ret)
{
	struct audit_head head = { 0 };
	uint8_t plain[PLAIN_MAX];
	struct aia_span hash;
	struct state_row row;
	struct aia_rd rd;
	size_t len = 0;
	int r;

	r = state_get(desk->state, KEY, &row);
	if (r < 0)
		return r;
	if (row.revision == 0)
		return -ENOENT;
	r = crypto_open(&desk->keys.seal, aia_span_str(KEY),
	    aia_span_of(row.value, row.len), plain, sizeof(plain), &len);
	if (r < 0)
		return r == -ENOBUFS ? AIA_EDAMAGED : r;
	aia_rd_init(&rd, plain, len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EDAMAGED;
	head.first = aia_rd_u64(&rd);
	head.segment = aia_rd_u64(&rd);
	head.last.seq = aia_rd_u64(&rd);
	hash = aia_rd_bytes(&rd, sizeof(head.last.hash));
	if (aia_rd_end(&rd) < 0)
		return AIA_EDAMAGED;
	memcpy(head.last.hash, hash.p, hash.len);
	*ret = head;
	return 0;
}

int
audit_head_save(const struct desk *desk, const struct audit_head *head)
{
	uint8_t plain[PLAIN_MAX], sealed[PLAIN_MAX + CRYPTO_SEAL_EXTRA];
	struct state_txn txn = { 0 };
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, plain, sizeof(plain));
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u64(&wr, head->first);
	aia_wr_u64(&wr, head->segment);
	aia_wr_u64(&wr, head->last.seq);
	aia_wr_bytes(&wr, head->last.hash, sizeof(head->last.hash));
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		r = crypto_seal(&desk->keys.seal, aia_span_str(KEY),
		    aia_span_of(plain, len), sealed, sizeof(sealed), &len);
	if (r < 0)
		return r;
	state_put(&txn, KEY, aia_span_of(sealed, len), 0);
	return state_commit(desk->state, &txn);
}
