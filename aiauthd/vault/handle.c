/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handle.c - what auth proved, kept for the later phases of the same login.
 */
#include "config.h"

#include "aiauthd/vault/handle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/vault/proofs.h"

#define FORMAT 1

struct record {
	uint8_t		spent;		/* one bit for each phase */
	struct boot_time expires;
	struct aia_span	owner, service, source, facts;
};

static int
handle_key(const struct desk *desk, const uint8_t *handle,
    char ret[STATE_KEY_MAX + 1])
{
	const struct aia_span part = aia_span_of(handle, AIA_HANDLE_LEN);
	uint8_t hash[SEAL_HASH_LEN];
	char hex[2 * SEAL_HASH_LEN + 1];
	int r;

	r = seal_hash(&desk->keys, "handle", &part, 1, hash);
	if (r < 0)
		return r;
	seal_hex(hash, sizeof(hash), hex);
	(void)snprintf(ret, STATE_KEY_MAX + 1, "handle/%s", hex);
	return 0;
}

static void
put_span(struct aia_wr *wr, struct aia_span s)
{
	aia_wr_u16(wr, (uint16_t)s.len);
	aia_wr_bytes(wr, s.p, s.len);
	wr->full = wr->full || s.len > UINT16_MAX;
}

static struct aia_span
take_span(struct aia_rd *rd)
{
	return aia_rd_bytes(rd, aia_rd_u16(rd));
}

static int
encode(const struct record *rec, uint8_t room[STATE_VALUE_MAX],
    struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, room, STATE_VALUE_MAX);
	aia_wr_u8(&wr, FORMAT);
	aia_wr_u8(&wr, rec->spent);
	aia_wr_u64(&wr, (uint64_t)rec->expires.ms);
	aia_wr_bytes(&wr, rec->expires.id, BOOT_ID_LEN);
	put_span(&wr, rec->owner);
	put_span(&wr, rec->service);
	put_span(&wr, rec->source);
	put_span(&wr, rec->facts);
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(room, len);
	return r;
}

static int
decode(const struct state_row *row, struct record *ret)
{
	struct aia_span id;
	struct aia_rd rd;

	memset(ret, 0, sizeof(*ret));
	aia_rd_init(&rd, row->value, row->len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EDAMAGED;
	ret->spent = aia_rd_u8(&rd);
	ret->expires.ms = (int64_t)aia_rd_u64(&rd);
	id = aia_rd_bytes(&rd, BOOT_ID_LEN);
	ret->owner = take_span(&rd);
	ret->service = take_span(&rd);
	ret->source = take_span(&rd);
	ret->facts = take_span(&rd);
	if (aia_rd_end(&rd) < 0)
		return AIA_EDAMAGED;
	memcpy(ret->expires.id, id.p, BOOT_ID_LEN);
	return 0;
}

int
handle_new(const struct desk *desk, const struct identity *who,
    const char *service, const char *source, struct aia_span facts,
    uint32_t ttl_s, uint8_t ret[AIA_HANDLE_LEN])
{
	char key[STATE_KEY_MAX + 1];
	uint8_t room[STATE_VALUE_MAX];
	struct state_txn txn = { 0 };
	struct secret handle = { 0 };
	struct aia_span value = { 0 };
	struct owner owner;
	struct record rec;
	int r;

	if (ttl_s == 0 || ttl_s > HANDLE_TTL_MAX_S)
		return -EINVAL;
	r = seal_owner(&desk->keys, who, &owner);
	if (r < 0)
		goto out;
	rec = (struct record){ .expires = desk->boot,
	    .owner = aia_span_str(owner.hex), .service = aia_span_str(service),
	    .source = aia_span_str(source), .facts = facts };
	rec.expires.ms += (int64_t)ttl_s * 1000;
	r = encode(&rec, room, &value);
	if (r < 0)
		goto out;
	r = secret_random(&handle, AIA_HANDLE_LEN);
	if (r < 0)
		goto out;
	r = handle_key(desk, handle.p, key);
	if (r < 0)
		goto out;
	state_if(&txn, key, 0);
	state_put(&txn, key, value, desk->now_s + ttl_s);
	r = state_commit(desk->state, &txn);
	if (r == 0)
		memcpy(ret, handle.p, AIA_HANDLE_LEN);
out:
	secret_clear(&handle);
	return r;
}

static bool
alive(const struct desk *desk, const struct record *rec)
{
	return strcmp(rec->expires.id, desk->boot.id) == 0 &&
	    desk->boot.ms < rec->expires.ms;
}

int
handle_spend(const struct desk *desk, const uint8_t handle[AIA_HANDLE_LEN],
    const struct identity *who, const char *service, enum aia_phase phase,
    uint8_t room[FACTS_LEN_MAX], size_t *ret_len)
{
	uint8_t bytes[STATE_VALUE_MAX], bit = (uint8_t)(1u << phase);
	char key[STATE_KEY_MAX + 1];
	struct state_txn txn = { 0 };
	struct aia_span value = { 0 };
	struct state_row row;
	struct record rec;
	struct owner owner;
	int r;

	r = handle_key(desk, handle, key);
	if (r == 0)
		r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = state_get(desk->state, key, &row);
	if (r < 0)
		return r;
	if (row.revision == 0)
		return AIA_EDENIED;
	r = decode(&row, &rec);
	if (r < 0)
		return r;
	if (!aia_span_eq(rec.owner, aia_span_str(owner.hex)) ||
	    !aia_span_eq(rec.service, aia_span_str(service)) ||
	    !alive(desk, &rec) || (rec.spent & bit) != 0)
		return AIA_EDENIED;
	/* A key may be revoked between two phases. */
	r = proofs_stand(desk, &owner, rec.facts);
	if (r < 0)
		return r;
	rec.spent |= bit;
	r = encode(&rec, bytes, &value);
	if (r < 0 || rec.facts.len > FACTS_LEN_MAX)
		return AIA_EDAMAGED;
	state_if(&txn, key, row.revision);
	state_put(&txn, key, value, row.expires_s);
	r = state_commit(desk->state, &txn);
	if (r < 0)
		return r;
	memcpy(room, rec.facts.p, rec.facts.len);
	*ret_len = rec.facts.len;
	return 0;
}
