/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * totp.c - one-time codes by the clock.
 */
#include "config.h"

#include "aiauthd/vault/totp.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/vault/attempts.h"
#include "aiauthd/vault/enrolled.h"
#include "base/log.h"
#include "base/otp.h"

#define FACTOR "totp"
#define USED_FORMAT 1

/* What the body of an enrolment says. */
struct totp {
	enum otp_hash	 hash;
	unsigned	 digits;
	struct aia_span	 sealed;	/* points into the body */
};

struct used {
	char		key[STATE_KEY_MAX + 1];
	int64_t		revision;
	uint64_t	step;		/* this one and all before it are used */
	uint8_t		bytes[16];
};

void
totp_used_key(const struct owner *owner, char ret[STATE_KEY_MAX + 1])
{
	(void)snprintf(ret, STATE_KEY_MAX + 1, "used/%s", owner->hex);
}

static int
used_read(const struct desk *desk, const struct owner *owner,
    struct used *ret)
{
	struct state_row row;
	struct aia_rd rd;
	int r;

	totp_used_key(owner, ret->key);
	r = state_get(desk->state, ret->key, &row);
	if (r < 0)
		return r;
	ret->revision = row.revision;
	ret->step = 0;
	if (row.revision == 0)
		return 0;
	aia_rd_init(&rd, row.value, row.len);
	if (aia_rd_u8(&rd) != USED_FORMAT)
		return AIA_EDAMAGED;
	ret->step = aia_rd_u64(&rd);
	return aia_rd_end(&rd) < 0 ? AIA_EDAMAGED : 0;
}

static void
used_put(struct used *u, uint64_t step, struct state_txn *txn)
{
	struct aia_wr wr;

	aia_wr_init(&wr, u->bytes, sizeof(u->bytes));
	aia_wr_u8(&wr, USED_FORMAT);
	aia_wr_u64(&wr, step);
	state_if(txn, u->key, u->revision);
	state_put(txn, u->key, aia_span_of(u->bytes, wr.len), 0);
}

static int
body_put(struct enrolled *e, const struct totp *t)
{
	struct aia_wr wr;

	aia_wr_init(&wr, e->body, sizeof(e->body));
	aia_wr_u8(&wr, (uint8_t)t->hash);
	aia_wr_u8(&wr, (uint8_t)t->digits);
	aia_wr_bytes(&wr, t->sealed.p, t->sealed.len);
	return aia_wr_end(&wr, &e->body_len);
}

static int
body_take(const struct enrolled *e, struct totp *ret)
{
	struct aia_rd rd;

	aia_rd_init(&rd, e->body, e->body_len);
	ret->hash = aia_rd_u8(&rd);
	ret->digits = aia_rd_u8(&rd);
	ret->sealed = aia_rd_bytes(&rd, rd.left);
	return aia_rd_end(&rd) < 0 ? AIA_EDAMAGED : 0;
}

/* 0 and the step, AIA_EDENIED, or AIA_EDAMAGED for what cannot be used. */
static int
compare(const struct desk *desk, const struct owner *owner,
    const struct enrolled *e, const struct secret *code, uint64_t *ret_step)
{
	struct secret key = { 0 };
	struct totp t;
	int r;

	r = body_take(e, &t);
	if (r < 0)
		goto out;
	r = seal_open(&desk->keys, owner, FACTOR, e->pub.id, t.sealed, &key);
	if (r < 0)
		goto out;
	r = otp_check(key.p, key.len, t.hash, t.digits,
	    (const char *)code->p, code->len, desk->now_s, TOTP_SKEW_STEPS,
	    ret_step);
	if (r == AIA_EPROTO)	/* not even such digits */
		r = AIA_EDENIED;
out:
	secret_clear(&key);
	if (r == 0 || r == AIA_EDENIED)
		return r;
	log_event(LOG_ERR, "enrolment.unusable", LOG_STR("factor", FACTOR),
	    LOG_STR("id", e->pub.id), LOG_CODE(r));
	return AIA_EDAMAGED;
}

/* Who has enrolled nothing costs the comparison of one. */
static void
compare_nothing(const struct desk *desk, const struct secret *code)
{
	static const uint8_t key[20];
	uint64_t step;
	int r;

	r = otp_check(key, sizeof(key), OTP_SHA1, OTP_DIGITS_MIN,
	    (const char *)code->p, code->len, desk->now_s, TOTP_SKEW_STEPS,
	    &step);
	(void)r;	/* whatever it says, the answer is no */
}

/*
 * Compare with each enrolment.  *ret: the one that matched by a step not used
 * yet.  A damaged one stands in nobody's way; that nothing else matched is then
 * AIA_EDAMAGED.
 */
static int
compare_all(const struct desk *desk, const struct owner *owner,
    struct enrolled_set *set, const struct secret *code, uint64_t used,
    struct enrolled **ret, uint64_t *ret_step)
{
	int none = set->n == 0 ? AIA_ENOENROLMENT : AIA_EDENIED;
	struct enrolled *match = NULL;
	uint64_t step = 0;
	int r;

	for (size_t i = 0; i < set->n; i++) {
		r = compare(desk, owner, &set->v[i], code, &step);
		if (r == 0 && step > used && match == NULL) {
			match = &set->v[i];
			*ret_step = step;
		}
		if (r == AIA_EDAMAGED)
			none = r;
	}
	if (set->n == 0)
		compare_nothing(desk, code);
	*ret = match;
	return match == NULL ? none : 0;
}

struct verify {
	const struct secret	*code;
	struct used		 used;
	struct enrolled_set	 set;
	struct enrolled		*match;		/* in the set */
};

static int
verify_compare(const struct desk *desk, const struct owner *owner,
    struct state_txn *txn, void *arg)
{
	struct verify *v = arg;
	uint64_t step = 0;
	int r;

	r = used_read(desk, owner, &v->used);
	if (r < 0)
		return r;
	r = enrolled_load(desk, owner, FACTOR, &v->set);
	if (r < 0)
		return r;
	r = compare_all(desk, owner, &v->set, v->code, v->used.step,
	    &v->match, &step);
	if (r < 0)
		return r;
	used_put(&v->used, step, txn);
	v->match->pub.used_s = desk->now_s;
	enrolled_put(v->match, 0, txn);
	return 0;
}

int
totp_verify(const struct desk *desk, const struct attempt *at,
    const struct secret *code, char ret_id[ENROLMENT_ID_LEN + 1])
{
	struct verify v = { .code = code };
	int r;

	r = attempts_guard(desk, at, verify_compare, &v);
	if (r == 0)
		memcpy(ret_id, v.match->pub.id, sizeof(v.match->pub.id));
	return r;
}

static int
room_check(const struct desk *desk, const struct owner *owner)
{
	struct enrolled_set set;
	int r = enrolled_load(desk, owner, NULL, &set);

	if (r < 0)
		return r;
	return set.n < ENROLMENTS_MAX ? 0 : -ENOSPC;
}

static int
key_make(const struct desk *desk, const struct owner *owner,
    const struct totp_params *params, struct enrolled *e, struct secret *key)
{
	struct totp t = { .digits = params->digits };
	uint8_t sealed[SEALED_MAX];
	size_t len = 0;
	int r;

	if (otp_hash_parse(params->algorithm, strlen(params->algorithm),
	    &t.hash) < 0 || params->digits < OTP_DIGITS_MIN ||
	    params->digits > OTP_DIGITS_MAX)
		return -EINVAL;
	r = secret_random(key, otp_key_len(t.hash));
	if (r < 0)
		return r;
	r = seal_secret(&desk->keys, owner, FACTOR, e->pub.id, key, sealed,
	    &len);
	if (r < 0)
		return r;
	t.sealed = aia_span_of(sealed, len);
	return body_put(e, &t);
}

int
totp_begin(const struct desk *desk, const struct identity *who,
    const struct totp_params *params, const char *label,
    char ret_id[ENROLMENT_ID_LEN + 1], struct secret *ret_key)
{
	struct state_txn txn = { 0 };
	struct secret key = { 0 };
	struct state_row before;
	struct enrolled e;
	struct owner owner;
	int r;

	r = seal_owner(&desk->keys, who, &owner);
	if (r == 0)
		r = room_check(desk, &owner);
	if (r == 0)
		r = enrolled_new(desk, &owner, FACTOR, label, &e);
	if (r == 0)
		r = key_make(desk, &owner, params, &e, &key);
	if (r < 0)
		goto out;
	enrolled_pending_key(&owner, FACTOR, e.key);
	r = state_get(desk->state, e.key, &before);
	if (r < 0)
		goto out;
	e.revision = before.revision;
	enrolled_put(&e, desk->now_s + TOTP_PENDING_S, &txn);
	r = state_commit(desk->state, &txn);
	if (r < 0)
		goto out;
	memcpy(ret_id, e.pub.id, sizeof(e.pub.id));
	*ret_key = key;
out:
	secret_clear(&key);
	return r;
}

struct finish {
	const char		*id;
	const struct secret	*code;
	struct used		 used;
	struct enrolled		 e;
	char			 pending[STATE_KEY_MAX + 1];
};

static int
finish_compare(const struct desk *desk, const struct owner *owner,
    struct state_txn *txn, void *arg)
{
	struct finish *f = arg;
	uint64_t step = 0;
	int r;

	r = room_check(desk, owner);
	if (r == 0)
		r = used_read(desk, owner, &f->used);
	if (r == 0)
		r = enrolled_pending_load(desk, owner, FACTOR, &f->e);
	if (r == 0 && strcmp(f->e.pub.id, f->id) != 0)
		r = AIA_ENOENROLMENT;
	if (r == 0)
		r = compare(desk, owner, &f->e, f->code, &step);
	if (r == 0 && step <= f->used.step)
		r = AIA_EDENIED;
	if (r < 0)
		return r;
	/* From pending to enrolled: one row goes, the other must be new. */
	enrolled_pending_key(owner, FACTOR, f->pending);
	state_if(txn, f->pending, f->e.revision);
	state_delete(txn, f->pending);
	enrolled_key(&f->e, owner);
	f->e.revision = 0;
	enrolled_put(&f->e, 0, txn);
	used_put(&f->used, step, txn);
	return 0;
}

int
totp_finish(const struct desk *desk, const struct attempt *at, const char *id,
    const struct secret *code)
{
	struct finish f = { .id = id, .code = code };

	return attempts_guard(desk, at, finish_compare, &f);
}
