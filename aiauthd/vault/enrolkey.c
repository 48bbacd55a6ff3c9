/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolkey.c - public keys that people have enrolled.
 */
#include "config.h"

#include "aiauthd/vault/enrolkey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/vault/enrolled.h"
#include "base/log.h"

/* What the body of an enrolment says. */
struct body {
	uint32_t	flags, counter;
	uint8_t		hash[SEAL_HASH_LEN];
};

void
enrolkey_data_key(const struct owner *owner, const char *factor,
    const char *id, char ret[STATE_KEY_MAX + 1])
{
	(void)snprintf(ret, STATE_KEY_MAX + 1, "keydata/%s/%s/%s", owner->hex,
	    factor, id);
}

static int
hash_make(const struct desk *desk, const struct owner *owner,
    const struct enrolled *e, struct aia_span data, struct body *b)
{
	uint8_t numbers[8], digest[CRYPTO_HASH_LEN];
	struct aia_wr wr;
	const struct aia_span parts[] = {
		aia_span_str(owner->hex), aia_span_str(e->pub.id),
		aia_span_of(numbers, sizeof(numbers)),
		aia_span_of(digest, sizeof(digest)),
	};
	char label[64];
	int r;

	r = crypto_sha256(data, digest);
	if (r < 0)
		return r;
	aia_wr_init(&wr, numbers, sizeof(numbers));
	aia_wr_u32(&wr, b->flags);
	aia_wr_u32(&wr, b->counter);
	(void)snprintf(label, sizeof(label), "enrolled %s", e->pub.factor);
	return seal_hash(&desk->keys, label, parts, ARRAY_LEN(parts),
	    b->hash);
}

static int
body_put(const struct desk *desk, const struct owner *owner,
    struct enrolled *e, struct aia_span data, struct body *b)
{
	struct aia_wr wr;
	int r;

	r = hash_make(desk, owner, e, data, b);
	if (r < 0)
		return r;
	aia_wr_init(&wr, e->body, sizeof(e->body));
	aia_wr_u32(&wr, b->flags);
	aia_wr_u32(&wr, b->counter);
	aia_wr_bytes(&wr, b->hash, sizeof(b->hash));
	return aia_wr_end(&wr, &e->body_len);
}

/* What the body says, if it says it of this data of this person. */
static int
body_take(const struct desk *desk, const struct owner *owner,
    const struct enrolled *e, struct aia_span data, struct body *ret)
{
	struct aia_span stored;
	struct aia_rd rd;
	int r;

	aia_rd_init(&rd, e->body, e->body_len);
	ret->flags = aia_rd_u32(&rd);
	ret->counter = aia_rd_u32(&rd);
	stored = aia_rd_bytes(&rd, sizeof(ret->hash));
	if (aia_rd_end(&rd) < 0)
		return AIA_EDAMAGED;
	r = hash_make(desk, owner, e, data, ret);
	if (r < 0)
		return r;
	return crypto_eq(stored.p, ret->hash, sizeof(ret->hash)) ?
	    0 : AIA_EDAMAGED;
}

/* *row holds the data until it is used again. */
static int
key_take(const struct desk *desk, const struct owner *owner,
    const struct enrolled *e, struct state_row *row, struct body *ret)
{
	char key[STATE_KEY_MAX + 1];
	int r;

	enrolkey_data_key(owner, e->pub.factor, e->pub.id, key);
	r = state_get(desk->state, key, row);
	if (r < 0)
		return r;
	r = row->revision == 0 || row->len > KEY_DATA_MAX ? AIA_EDAMAGED :
	    body_take(desk, owner, e, aia_span_of(row->value, row->len), ret);
	if (r == AIA_EDAMAGED)
		log_event(LOG_ERR, "enrolment.unusable",
		    LOG_STR("factor", e->pub.factor),
		    LOG_STR("id", e->pub.id), LOG_CODE(r));
	return r;
}

/* A damaged key stands in the way of none of the others. */
static int
set_take(const struct desk *desk, const struct owner *owner,
    const struct enrolled_set *set, struct key_list *ret)
{
	struct state_row row;
	struct body b;
	int r;

	ret->n = 0;
	for (size_t i = 0; i < set->n; i++) {
		struct key_enrolled *k = &ret->v[ret->n];

		r = key_take(desk, owner, &set->v[i], &row, &b);
		if (r == AIA_EDAMAGED)
			continue;
		if (r < 0)
			return r;
		k->pub = set->v[i].pub;
		k->flags = b.flags;
		k->counter = b.counter;
		memcpy(k->data, row.value, row.len);
		k->data_len = row.len;
		ret->n++;
	}
	return 0;
}

int
enrolkey_list(const struct desk *desk, const struct identity *who,
    const char *factor, struct key_list *ret)
{
	struct enrolled_set set = { .n = 0 };
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = enrolled_load(desk, &owner, factor, &set);
	return r < 0 ? r : set_take(desk, &owner, &set, ret);
}

/* Room for one more, also in the answer that lists all of them; no key
 * twice. */
static int
room_check(const struct desk *desk, const struct owner *owner,
    const char *factor, struct aia_span data)
{
	struct enrolled_set set;
	struct key_list *list;
	size_t bytes = data.len;
	int r;

	r = enrolled_load(desk, owner, NULL, &set);
	if (r == 0 && set.n >= ENROLMENTS_MAX)
		r = -ENOSPC;
	if (r == 0)
		r = enrolled_load(desk, owner, factor, &set);
	if (r < 0)
		return r;
	list = malloc(sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	r = set_take(desk, owner, &set, list);
	for (size_t i = 0; r == 0 && i < list->n; i++) {
		const struct key_enrolled *k = &list->v[i];

		bytes += k->data_len;
		if (aia_span_eq(aia_span_of(k->data, k->data_len), data))
			r = -EEXIST;
	}
	free(list);
	return r == 0 && bytes > KEYS_DATA_MAX ? -ENOSPC : r;
}

int
enrolkey_add(const struct desk *desk, const struct identity *who,
    const char *factor, const struct key_new *key,
    char ret_id[ENROLMENT_ID_LEN + 1])
{
	struct body b = { .flags = key->flags, .counter = key->counter };
	char at[STATE_KEY_MAX + 1];
	struct state_txn txn = { 0 };
	struct enrolled e;
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = room_check(desk, &owner, factor, key->data);
	if (r == 0)
		r = enrolled_new(desk, &owner, factor, key->label, &e);
	if (r == 0)
		r = body_put(desk, &owner, &e, key->data, &b);
	if (r < 0)
		return r;
	enrolkey_data_key(&owner, factor, e.pub.id, at);
	enrolled_put(&e, 0, &txn);
	state_if(&txn, at, 0);
	state_put(&txn, at, key->data, 0);
	r = state_commit(desk->state, &txn);
	if (r == 0)
		memcpy(ret_id, e.pub.id, sizeof(e.pub.id));
	return r;
}

int
enrolkey_used(const struct desk *desk, const struct identity *who,
    const char *factor, const char *id, uint32_t counter, bool *ret_regressed)
{
	struct state_txn txn = { 0 };
	struct state_row row = { 0 };
	struct enrolled e;
	struct owner owner;
	struct body b = { 0 };
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = enrolled_one(desk, &owner, factor, id, &e);
	if (r == 0)
		r = key_take(desk, &owner, &e, &row, &b);
	if (r < 0)
		return r;
	/* WebAuthn section 7.2, step 22; a key without counter always says 0,
	 * but a copy of one that has one may, too. */
	*ret_regressed = b.counter != 0 && counter <= b.counter;
	if (counter > b.counter)
		b.counter = counter;
	e.pub.used_s = desk->now_s;
	r = body_put(desk, &owner, &e, aia_span_of(row.value, row.len), &b);
	if (r < 0)
		return r;
	enrolled_put(&e, 0, &txn);
	return state_commit(desk->state, &txn);
}
