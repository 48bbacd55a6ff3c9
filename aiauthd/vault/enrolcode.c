/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enrolcode.c - one-time codes that permit a first enrolment.
 */
#include "config.h"

#include "aiauthd/vault/enrolcode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aiauthd/vault/attempts.h"

#define LETTERS 20	/* of 5 bits: 100 bits */
#define GROUP 5		/* letters between dashes */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* The letters of a code, however it was typed.  All zero: not such a code. */
struct letters { char s[LETTERS + 1]; };

static void
letters_parse(const struct secret *typed, struct letters *ret)
{
	size_t n = 0;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < typed->len; i++) {
		char c = (char)typed->p[i];

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == '\0' || strchr(alphabet, c) == NULL || n == LETTERS)
			goto bad;
		ret->s[n++] = c;
	}
	if (n == LETTERS)
		return;
bad:
	explicit_bzero(ret, sizeof(*ret));
}

static int
code_make(struct letters *ret_letters, struct secret *ret_code)
{
	char text[ENROL_CODE_LEN];
	struct secret random = { 0 };
	size_t at = 0;
	int r;

	r = secret_random(&random, LETTERS);
	if (r < 0)
		return r;
	memset(ret_letters, 0, sizeof(*ret_letters));
	for (size_t i = 0; i < LETTERS; i++) {
		char c = alphabet[random.p[i] % 32];	/* 32 divides 256 */

		if (i > 0 && i % GROUP == 0)
			text[at++] = '-';
		text[at++] = c;
		ret_letters->s[i] = c;
	}
	r = secret_set(ret_code, text, at);
	secret_clear(&random);
	explicit_bzero(text, sizeof(text));
	return r;
}

static void
code_key(const struct owner *owner, char ret[STATE_KEY_MAX + 1])
{
	(void)snprintf(ret, STATE_KEY_MAX + 1, "code/%s", owner->hex);
}

static int
code_hash(const struct desk *desk, const struct owner *owner,
    const struct letters *letters, uint8_t ret[SEAL_HASH_LEN])
{
	const struct aia_span parts[] = {
		aia_span_str(owner->hex), aia_span_str(letters->s),
	};

	return seal_hash(&desk->keys, "enrolment code", parts,
	    ARRAY_LEN(parts), ret);
}

int
enrolcode_new(const struct desk *desk, const struct identity *who,
    uint32_t ttl_s, struct secret *ret_code)
{
	char key[STATE_KEY_MAX + 1];
	struct state_txn txn = { 0 };
	struct secret code = { 0 };
	uint8_t hash[SEAL_HASH_LEN];
	struct letters letters;
	struct state_row row;
	struct owner owner;
	int r;

	if (ttl_s == 0 || ttl_s > ENROLCODE_TTL_MAX_S)
		return -EINVAL;
	r = seal_owner(&desk->keys, who, &owner);
	if (r < 0)
		return r;
	code_key(&owner, key);
	r = state_get(desk->state, key, &row);
	if (r < 0)
		return r;
	r = code_make(&letters, &code);
	if (r == 0)
		r = code_hash(desk, &owner, &letters, hash);
	if (r < 0)
		goto out;
	state_if(&txn, key, row.revision);
	state_put(&txn, key, aia_span_of(hash, sizeof(hash)),
	    desk->now_s + ttl_s);
	r = state_commit(desk->state, &txn);
	if (r == 0)
		*ret_code = code;
out:
	secret_clear(&code);
	explicit_bzero(&letters, sizeof(letters));
	return r;
}

/* What was typed against what is stored; the same work if nothing is. */
static int
compare(const struct desk *desk, const struct owner *owner,
    const struct state_row *row, const struct secret *code)
{
	uint8_t given[SEAL_HASH_LEN], stored[SEAL_HASH_LEN] = { 0 };
	struct letters letters;
	bool same;
	int r;

	if (row->revision != 0 && row->len != sizeof(stored))
		return AIA_EDAMAGED;
	memcpy(stored, row->value, row->len);
	letters_parse(code, &letters);
	r = code_hash(desk, owner, &letters, given);
	same = r == 0 && crypto_eq(given, stored, sizeof(stored));
	explicit_bzero(&letters, sizeof(letters));
	if (r < 0)
		return r;
	if (row->revision == 0)
		return AIA_ENOENROLMENT;
	return same ? 0 : AIA_EDENIED;
}

struct verify {
	const struct secret	*code;
	char			 key[STATE_KEY_MAX + 1];
};

static int
verify_compare(const struct desk *desk, const struct owner *owner,
    struct state_txn *txn, void *arg)
{
	struct verify *v = arg;
	struct state_row row;
	int r;

	code_key(owner, v->key);
	r = state_get(desk->state, v->key, &row);
	if (r < 0)
		return r;
	r = compare(desk, owner, &row, v->code);
	if (r < 0)
		return r;
	state_if(txn, v->key, row.revision);
	state_delete(txn, v->key);
	return 0;
}

int
enrolcode_verify(const struct desk *desk, const struct attempt *at,
    const struct secret *code)
{
	struct verify v = { .code = code };

	return attempts_guard(desk, at, verify_compare, &v);
}

int
enrolcode_waiting(const struct desk *desk, const struct owner *owner,
    bool *ret)
{
	char key[STATE_KEY_MAX + 1];
	struct state_row row;
	int r;

	code_key(owner, key);
	r = state_get(desk->state, key, &row);
	if (r == 0)
		*ret = row.revision != 0;
	return r;
}
