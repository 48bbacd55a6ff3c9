/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_credential.c - credentials and signatures of security keys.  Those that
 * OpenSSH had made are WebAuthn's, in other clothes (PROTOCOL.u2f).
 */
#include "config.h"

#include "base/credential.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/sshkey.h"
#include "tests/unit/sk_vectors.h"

#define BYTES(x) (x), sizeof(x)
#define RP "ssh:"
#define AD_LEN 37
#define DER_MAX 80

/* What stands in both formats alike. */
struct assertion {
	struct credential c;
	uint8_t	 hash[CRYPTO_HASH_LEN], auth_data[AD_LEN], sig[DER_MAX];
	size_t	 sig_len;
};

static const struct row {
	const char	*name;
	const uint8_t	*key;
	size_t		 key_len;
	const uint8_t	*sig;
	size_t		 sig_len;
	bool		 touched, verified;
} rows[] = {
	{ "EdDSA", BYTES(sk_ed_key), BYTES(sk_ed_sig), true, false },
	{ "EdDSA, PIN", BYTES(sk_ed_uv_key), BYTES(sk_ed_uv_sig), true, true },
	{ "ES256", BYTES(sk_ec_key), BYTES(sk_ec_sig), true, false },
	{ "ES256, no touch", BYTES(sk_ec_untouched_key),
	    BYTES(sk_ec_untouched_sig), false, false },
};

/* SSH's numbers are DER's, without tag and sequence. */
static void
to_der(struct aia_span raw, struct assertion *ret)
{
	struct aia_wr wr;
	struct aia_rd rd;

	aia_rd_init(&rd, raw.p, raw.len);
	aia_wr_init(&wr, ret->sig, sizeof(ret->sig));
	aia_wr_u8(&wr, 0x30);
	aia_wr_u8(&wr, (uint8_t)(raw.len - 2 * 2));
	while (rd.left > 0) {
		struct aia_span v = sshkey_rd_string(&rd);

		aia_wr_u8(&wr, 0x02);
		aia_wr_u8(&wr, (uint8_t)v.len);
		aia_wr_bytes(&wr, v.p, v.len);
	}
	assert_int_equal(aia_wr_end(&wr, &ret->sig_len), 0);
}

static struct assertion
assertion_of(const struct row *row)
{
	struct assertion a = { .c.id = aia_span_str("id") };
	struct sshkey key;
	struct aia_span raw;
	struct aia_rd rd;

	assert_int_equal(sshkey_parse(aia_span_of(row->key, row->key_len),
	    &key), 0);
	a.c.type = key.type == SSHKEY_SK_ECDSA ? CREDENTIAL_ES256 :
	    CREDENTIAL_EDDSA;
	memcpy(a.c.pub, key.pub.p, key.pub.len);
	a.c.pub_len = key.pub.len;
	aia_rd_init(&rd, row->sig, row->sig_len);
	(void)sshkey_rd_string(&rd);
	raw = sshkey_rd_string(&rd);
	assert_int_equal(crypto_sha256(aia_span_str(RP), a.auth_data), 0);
	memcpy(a.auth_data + CRYPTO_HASH_LEN, rd.p, rd.left);
	assert_int_equal(crypto_sha256(aia_span_of(sk_data, sizeof(sk_data)),
	    a.hash), 0);
	if (a.c.type == CREDENTIAL_ES256) {
		to_der(raw, &a);
	} else {
		memcpy(a.sig, raw.p, raw.len);
		a.sig_len = raw.len;
	}
	return a;
}

static int
verify(const struct assertion *a, const char *rp_id,
    struct credential_said *ret)
{
	return credential_verify(&a->c, rp_id, aia_span_of(a->hash,
	    sizeof(a->hash)), aia_span_of(a->auth_data, sizeof(a->auth_data)),
	    aia_span_of(a->sig, a->sig_len), ret);
}

static void
is_good(void **state)
{
	const struct row *row = *state;
	struct assertion a = assertion_of(row);
	struct credential_said said = { 0 };

	assert_int_equal(verify(&a, RP, &said), 0);
	assert_int_equal(said.touched, row->touched);
	assert_int_equal(said.verified, row->verified);
	assert_int_equal(said.counter, 0x12345678);
}

/* Any bit of anything. */
static void
is_bad(void **state)
{
	const struct row *row = *state;
	struct assertion a = assertion_of(row);
	struct credential_said said;

	for (size_t i = 0; i < sizeof(a.auth_data); i++) {
		a.auth_data[i] ^= 0x02;
		assert_true(verify(&a, RP, &said) < 0);
		a.auth_data[i] ^= 0x02;
	}
	for (size_t i = 0; i < a.sig_len; i++) {
		a.sig[i] ^= 0x01;
		assert_true(verify(&a, RP, &said) < 0);
		a.sig[i] ^= 0x01;
	}
	a.hash[31] ^= 0x80;
	assert_int_equal(verify(&a, RP, &said), AIA_EDENIED);
	a.hash[31] ^= 0x80;
	a.c.pub[5] ^= 0x01;
	assert_true(verify(&a, RP, &said) < 0);
	a.c.pub[5] ^= 0x01;
	assert_int_equal(verify(&a, "ssh", &said), AIA_EDENIED);
	assert_int_equal(verify(&a, RP, &said), 0);
}

static void
cut(void **state)
{
	const struct row *row = *state;
	const struct assertion a = assertion_of(row);
	const struct aia_span hash = aia_span_of(a.hash, sizeof(a.hash));
	const struct aia_span sig = aia_span_of(a.sig, a.sig_len);
	uint8_t longer[AD_LEN + 1] = { 0 };
	struct credential_said said;

	memcpy(longer, a.auth_data, AD_LEN);
	for (size_t n = 0; n <= AD_LEN + 1; n++)
		if (n != AD_LEN)
			assert_int_equal(credential_verify(&a.c, RP, hash,
			    aia_span_of(longer, n), sig, &said), AIA_EPROTO);
	for (size_t n = 0; n < a.sig_len; n++)
		assert_true(credential_verify(&a.c, RP, hash,
		    aia_span_of(a.auth_data, AD_LEN), aia_span_of(a.sig, n),
		    &said) < 0);
	assert_int_equal(credential_verify(&a.c, RP, aia_span_of(a.hash, 31),
	    aia_span_of(a.auth_data, AD_LEN), sig, &said), AIA_EPROTO);
}

/* What a key says of a new one: for "ssh:", touched, its COSE key last. */
static size_t
created(const char *cose, size_t cose_len, uint8_t room[256])
{
	struct aia_wr wr;
	size_t len;

	aia_wr_init(&wr, room, 256);
	assert_int_equal(crypto_sha256(aia_span_str(RP), room), 0);
	wr.len = CRYPTO_HASH_LEN;
	aia_wr_u8(&wr, 0x41);
	aia_wr_u32(&wr, 7);
	aia_wr_bytes(&wr, "0123456789abcdef", 16);
	aia_wr_u16(&wr, 4);
	aia_wr_bytes(&wr, "name", 4);
	aia_wr_bytes(&wr, cose, cose_len);
	assert_int_equal(aia_wr_end(&wr, &len), 0);
	return len;
}

#define X "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define Y "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
static const struct {
	const char	*cose;
	size_t		 len;
	int		 type;	/* 0: refused */
} created_rows[] = {
#define COSE(s, type) { s, sizeof(s) - 1, type }
	COSE("\xa5\1\2\3\x26\x20\1\x21\x58\x20" X "\x22\x58\x20" Y,
	    CREDENTIAL_ES256),
	COSE("\xa4\1\1\3\x27\x20\6\x21\x58\x20" X, CREDENTIAL_EDDSA),
	COSE("", 0),
	/* RS256; ES256 on P-384; a point compressed; in another order */
	COSE("\xa4\1\3\3\x39\1\0\x20\x41" "m\x21\x41" "e", 0),
	COSE("\xa5\1\2\3\x26\x20\2\x21\x58\x20" X "\x22\x58\x20" Y, 0),
	COSE("\xa5\1\2\3\x26\x20\1\x21\x58\x20" X "\x22\xf5", 0),
	COSE("\xa5\3\x26\1\2\x20\1\x21\x58\x20" X "\x22\x58\x20" Y, 0),
};

static void
new_one(void **state)
{
	struct credential_said said = { 0 };
	struct credential c = { 0 };
	uint8_t room[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(created_rows); i++) {
		size_t len = created(created_rows[i].cose,
		    created_rows[i].len, room);
		int r = credential_created(aia_span_of(room, len), RP, &c,
		    &said);

		assert_int_equal(r, created_rows[i].type == 0 ? AIA_EPROTO : 0);
		if (r < 0)
			continue;
		assert_int_equal(c.type, created_rows[i].type);
		assert_true(aia_span_eq(c.id, aia_span_str("name")));
		assert_true(said.touched && !said.verified);
		assert_int_equal(said.counter, 7);
		assert_int_equal(credential_created(aia_span_of(room, len),
		    "other", &c, &said), AIA_EDENIED);
		for (size_t n = 0; n < len; n++)
			assert_int_equal(credential_created(aia_span_of(room,
			    n), RP, &c, &said), AIA_EPROTO);
		assert_int_equal(credential_created(aia_span_of(room,
		    len + 1), RP, &c, &said), AIA_EPROTO);
		room[CRYPTO_HASH_LEN] = 0x01;	/* no credential; extensions */
		assert_true(credential_created(aia_span_of(room, len), RP, &c,
		    &said) < 0);
		room[CRYPTO_HASH_LEN] = 0xc1;
		assert_true(credential_created(aia_span_of(room, len), RP, &c,
		    &said) < 0);
	}
}

static void
kept(void **state)
{
	const struct row *row = *state;
	const struct assertion a = assertion_of(row);
	uint8_t room[CREDENTIAL_LEN_MAX + 1];
	struct credential c = { 0 };
	size_t len = 0;

	assert_int_equal(credential_encode(&a.c, room, sizeof(room), &len), 0);
	assert_int_equal(credential_decode(aia_span_of(room, len), &c), 0);
	assert_int_equal(c.type, a.c.type);
	assert_true(aia_span_eq(c.id, a.c.id));
	assert_int_equal(c.pub_len, a.c.pub_len);
	assert_memory_equal(c.pub, a.c.pub, c.pub_len);
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(credential_decode(aia_span_of(room, n), &c),
		    AIA_EPROTO);
		assert_int_equal(credential_encode(&a.c, room, n, &len),
		    -ENOBUFS);
	}
	room[0] = 2;
	assert_int_equal(credential_decode(aia_span_of(room, len), &c),
	    AIA_EPROTO);
}

#define ROWS(f) \
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) { \
		union { const struct row *in; void *out; } u = \
		    { .in = &rows[i] }; \
		tests[n++] = (struct CMUnitTest){ .name = #f, \
		    .test_func = f, .initial_state = u.out }; \
	}

int
main(void)
{
	struct CMUnitTest tests[4 * ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test(new_one),
	};
	size_t n = 1;

	ROWS(is_good)
	ROWS(is_bad)
	ROWS(cut)
	ROWS(kept)
	return cmocka_run_group_tests(tests, NULL, NULL);
}
