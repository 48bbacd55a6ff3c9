/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolled.c - the rows of what people have enrolled.
 */
#include "config.h"

#include "aiauthd/vault/enrolled.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FORMAT 1

const char *
enrolled_factor(struct aia_span name)
{
	static const char *const factors[] = { "totp", KEY_FACTOR_SSH,
	    KEY_FACTOR_FIDO2 };

	for (size_t i = 0; i < ARRAY_LEN(factors); i++)
		if (aia_span_eq(name, aia_span_str(factors[i])))
			return factors[i];
	return NULL;
}

bool
enrolled_is_key(const char *factor)
{
	return strcmp(factor, KEY_FACTOR_SSH) == 0 ||
	    strcmp(factor, KEY_FACTOR_FIDO2) == 0;
}

void
enrolled_key(struct enrolled *e, const struct owner *owner)
{
	(void)snprintf(e->key, sizeof(e->key), ENROLLED_PREFIX "%s/%s/%s",
	    owner->hex, e->pub.factor, e->pub.id);
}

int
enrolled_owner(const char *key, struct owner *ret)
{
	const char *hex = key + strlen(ENROLLED_PREFIX);

	if (strlen(hex) < OWNER_LEN)
		return AIA_EDAMAGED;
	memcpy(ret->hex, hex, OWNER_LEN);
	ret->hex[OWNER_LEN] = '\0';
	return 0;
}

void
enrolled_pending_key(const struct owner *owner, const char *factor,
    char ret[STATE_KEY_MAX + 1])
{
	(void)snprintf(ret, STATE_KEY_MAX + 1, "pending/%s/%s", owner->hex,
	    factor);
}

int
enrolled_new(const struct desk *desk, const struct owner *owner,
    const char *factor, const char *label, struct enrolled *ret)
{
	struct secret id = { 0 };
	int r;

	if (strlen(factor) >= sizeof(ret->pub.factor) ||
	    strlen(label) >= sizeof(ret->pub.label))
		return -ENOBUFS;
	r = secret_random(&id, ENROLMENT_ID_LEN / 2);
	if (r < 0)
		return r;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->pub.factor, factor, strlen(factor));
	memcpy(ret->pub.label, label, strlen(label));
	seal_hex(id.p, ENROLMENT_ID_LEN / 2, ret->pub.id);
	ret->pub.created_s = desk->now_s;
	enrolled_key(ret, owner);
	return 0;
}

static void
put_span(struct aia_wr *wr, struct aia_span s)
{
	aia_wr_u8(wr, (uint8_t)s.len);
	aia_wr_bytes(wr, s.p, s.len);
}

static int
encode(struct enrolled *e, struct aia_span *ret)
{
	struct aia_wr wr;
	size_t len = 0;
	int r;

	aia_wr_init(&wr, e->bytes, sizeof(e->bytes));
	aia_wr_u8(&wr, FORMAT);
	put_span(&wr, aia_span_str(e->pub.factor));
	put_span(&wr, aia_span_str(e->pub.id));
	put_span(&wr, aia_span_str(e->pub.label));
	aia_wr_u64(&wr, (uint64_t)e->pub.created_s);
	aia_wr_u64(&wr, (uint64_t)e->pub.used_s);
	put_span(&wr, aia_span_of(e->body, e->body_len));
	r = aia_wr_end(&wr, &len);
	if (r == 0)
		*ret = aia_span_of(e->bytes, len);
	return r;
}

/* The next string into room of cap bytes, terminated. */
static void
take_str(struct aia_rd *rd, char *room, size_t cap)
{
	struct aia_span s = aia_rd_bytes(rd, aia_rd_u8(rd));

	if (s.p == NULL || s.len >= cap || memchr(s.p, '\0', s.len) != NULL) {
		rd->bad = true;
		return;
	}
	memcpy(room, s.p, s.len);
}

static int
decode(const char *key, const struct state_row *row, struct enrolled *ret)
{
	struct aia_span body;
	struct aia_rd rd;

	memset(ret, 0, sizeof(*ret));
	(void)snprintf(ret->key, sizeof(ret->key), "%s", key);
	ret->revision = row->revision;
	aia_rd_init(&rd, row->value, row->len);
	if (aia_rd_u8(&rd) != FORMAT)
		return AIA_EDAMAGED;
	take_str(&rd, ret->pub.factor, sizeof(ret->pub.factor));
	take_str(&rd, ret->pub.id, sizeof(ret->pub.id));
	take_str(&rd, ret->pub.label, sizeof(ret->pub.label));
	ret->pub.created_s = (int64_t)aia_rd_u64(&rd);
	ret->pub.used_s = (int64_t)aia_rd_u64(&rd);
	body = aia_rd_bytes(&rd, aia_rd_u8(&rd));
	if (aia_rd_end(&rd) < 0 || body.len > sizeof(ret->body))
		return AIA_EDAMAGED;
	memcpy(ret->body, body.p, body.len);
	ret->body_len = body.len;
	return 0;
}

static int
collect(const char *key, const struct state_row *row, void *arg)
{
	struct enrolled_set *set = arg;
	int r;

	if (set->n == ARRAY_LEN(set->v))
		return AIA_EDAMAGED;	/* nobody can have enrolled more */
	r = decode(key, row, &set->v[set->n]);
	if (r == 0)
		set->n++;
	return r;
}

int
enrolled_load(const struct desk *desk, const struct owner *owner,
    const char *factor, struct enrolled_set *ret)
{
	char prefix[STATE_KEY_MAX + 1];

	ret->n = 0;
	(void)snprintf(prefix, sizeof(prefix), ENROLLED_PREFIX "%s/%s%s",
	    owner->hex, factor == NULL ? "" : factor,
	    factor == NULL ? "" : "/");
	return state_range(desk->state, prefix, collect, ret);
}

int
enrolled_one(const struct desk *desk, const struct owner *owner,
    const char *factor, const char *id, struct enrolled *ret)
{
	struct enrolled_set set;
	int r;

	r = enrolled_load(desk, owner, factor, &set);
	if (r < 0)
		return r;
	for (size_t i = 0; i < set.n; i++) {
		if (strcmp(set.v[i].pub.id, id) == 0) {
			*ret = set.v[i];
			return 0;
		}
	}
	return AIA_ENOENROLMENT;
}

int
enrolled_pending_load(const struct desk *desk, const struct owner *owner,
    const char *factor, struct enrolled *ret)
{
	char key[STATE_KEY_MAX + 1];
	struct state_row row;
	int r;

	enrolled_pending_key(owner, factor, key);
	r = state_get(desk->state, key, &row);
	if (r < 0)
		return r;
	return row.revision == 0 ? AIA_ENOENROLMENT : decode(key, &row, ret);
}

void
enrolled_put(struct enrolled *e, int64_t expires_s, struct state_txn *txn)
{
	struct aia_span value = { 0 };

	if (encode(e, &value) < 0)
		txn->full = true;
	state_if(txn, e->key, e->revision);
	state_put(txn, e->key, value, expires_s);
}
