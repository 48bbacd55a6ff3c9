/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sshsig.c - signatures that OpenSSH made, and what they are not.
 */
#include "config.h"

#include "base/sshsig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "common/messages.h"
#include "tests/unit/sk_vectors.h"

#define BYTES(x) (x), sizeof(x)
#define SIG_MAX 256

static struct sig_row {
	const char	*name;
	const uint8_t	*key;
	size_t		 key_len;
	const uint8_t	*sig;
	size_t		 sig_len;
	bool		 touched, verified;
} sig_rows[] = {
	{ "ed25519", BYTES(sk_ed_key), BYTES(sk_ed_sig), true, false },
	{ "ed25519, PIN", BYTES(sk_ed_uv_key), BYTES(sk_ed_uv_sig), true,
	    true },
	{ "ECDSA", BYTES(sk_ec_key), BYTES(sk_ec_sig), true, false },
	{ "ECDSA, no touch", BYTES(sk_ec_untouched_key),
	    BYTES(sk_ec_untouched_sig), false, false },
};

static struct aia_span
the_data(void)
{
	return aia_span_of(sk_data, sizeof(sk_data));
}

static struct sshkey
key_of(const uint8_t *p, size_t len)
{
	struct sshkey key;

	assert_int_equal(sshkey_parse(aia_span_of(p, len), &key), 0);
	return key;
}

static void
is_good(void **state)
{
	const struct sig_row *row = *state;
	const struct sshkey key = key_of(row->key, row->key_len);
	struct sshsig_said said = { 0 };

	assert_int_equal(sshsig_verify(&key, aia_span_of(row->sig,
	    row->sig_len), the_data(), &said), 0);
	assert_int_equal(said.touched, row->touched);
	assert_int_equal(said.verified, row->verified);
	assert_int_equal(said.counter, 0x12345678);
}

/* Each byte counts, each is needed, and there is none besides. */
static void
is_good_only_so(void **state)
{
	const struct sig_row *row = *state;
	const struct sshkey key = key_of(row->key, row->key_len);
	struct sshsig_said said;
	uint8_t sig[SIG_MAX] = { 0 };

	memcpy(sig, row->sig, row->sig_len);
	for (size_t i = 0; i < row->sig_len; i++) {
		sig[i] ^= 1;
		assert_true(sshsig_verify(&key, aia_span_of(sig,
		    row->sig_len), the_data(), &said) < 0);
		sig[i] ^= 1;
		assert_int_equal(sshsig_verify(&key, aia_span_of(sig, i),
		    the_data(), &said), AIA_EPROTO);
	}
	assert_int_equal(sshsig_verify(&key, aia_span_of(sig,
	    row->sig_len + 1), the_data(), &said), AIA_EPROTO);
	assert_int_equal(sshsig_verify(&key, aia_span_of(sig, row->sig_len),
	    aia_span_of(sk_data, sizeof(sk_data) - 1), &said), AIA_EDENIED);
	sig[row->sig_len - 5] ^= 0x04;	/* as if there had been a PIN */
	assert_int_equal(sshsig_verify(&key, aia_span_of(sig, row->sig_len),
	    the_data(), &said), AIA_EDENIED);
}

static void
is_of_one_key(void **state)
{
	struct sshkey key = key_of(BYTES(sk_ed_uv_key));
	uint8_t blob[sizeof(sk_ed_key)];
	struct sshsig_said said;
	const struct aia_span ed = aia_span_of(BYTES(sk_ed_sig));

	(void)state;
	assert_int_equal(sshsig_verify(&key, ed, the_data(), &said),
	    AIA_EDENIED);
	key = key_of(BYTES(sk_ec_key));
	assert_int_equal(sshsig_verify(&key, ed, the_data(), &said),
	    AIA_EPROTO);
	memcpy(blob, sk_ed_key, sizeof(blob));
	blob[sizeof(blob) - 1] = '!';		/* application "ssh!" */
	key = key_of(blob, sizeof(blob));
	assert_int_equal(sshsig_verify(&key, ed, the_data(), &said),
	    AIA_EDENIED);
}

/* r as OpenSSH never writes it, in a signature that is right but for that. */
static struct mpint_row {
	const char	*name, *r;
	size_t		 r_len;
} mpint_rows[] = {
	{ "r: none", "", 0 },
	{ "r: 0", "\x00", 1 },
	{ "r: negative", "\x80", 1 },
	{ "r: a zero too many", "\x00\x7f", 2 },
	{ "r: 33 bytes", "123456789012345678901234567890123", 33 },
};

static void
no_such_mpint(void **state)
{
	const struct mpint_row *row = *state;
	const struct sshkey key = key_of(BYTES(sk_ec_key));
	struct sshsig_said said;
	uint8_t room[SIG_MAX];
	struct aia_wr wr;

	aia_wr_init(&wr, room, sizeof(room));
	aia_wr_u32(&wr, (uint32_t)strlen(key.name));
	aia_wr_bytes(&wr, key.name, strlen(key.name));
	aia_wr_u32(&wr, (uint32_t)(4 + row->r_len + 4 + 1));
	aia_wr_u32(&wr, (uint32_t)row->r_len);
	aia_wr_bytes(&wr, row->r, row->r_len);
	aia_wr_u32(&wr, 1);
	aia_wr_u8(&wr, 1);
	aia_wr_bytes(&wr, "\x01\0\0\0\1", 5);
	assert_int_equal(sshsig_verify(&key, aia_span_of(room, wr.len),
	    the_data(), &said), AIA_EPROTO);
}

static void
a_challenge_is_one_of_a_kind(void **state)
{
	const struct sshsig_challenge c = { "h", "u", "s", { 1 }, 7 };
	const struct sshsig_challenge others[] = {
		{ "hu", "", "s", { 1 }, 7 }, { "h", "us", "", { 1 }, 7 },
		{ "g", "u", "s", { 1 }, 7 }, { "h", "v", "s", { 1 }, 7 },
		{ "h", "u", "t", { 1 }, 7 }, { "h", "u", "s", { 2 }, 7 },
		{ "h", "u", "s", { 1 }, 8 },
	};
	uint8_t a[SSHSIG_DATA_MAX], b[SSHSIG_DATA_MAX];
	size_t a_len = 0, b_len = 0;

	(void)state;
	assert_int_equal(sshsig_data(&c, a, &a_len), 0);
	assert_int_equal(a_len, sizeof(sk_data));
	/* All but the hash is as OpenSSH was given it. */
	assert_memory_equal(a, sk_data, a_len - 32);
	assert_memory_equal(a, AIA_AGENT_DATA_HEAD, AIA_AGENT_DATA_HEAD_LEN);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_int_equal(sshsig_data(&others[i], b, &b_len), 0);
		assert_int_equal(b_len, a_len);
		assert_memory_not_equal(a, b, a_len);
	}
}

static void
a_challenge_has_an_end(void **state)
{
	char name[1024];
	struct sshsig_challenge c = { name, "u", "s", { 1 }, 7 };
	uint8_t room[SSHSIG_DATA_MAX];
	size_t len = 0;

	(void)state;
	memset(name, 'h', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(sshsig_data(&c, room, &len), -ENOBUFS);
}

int
main(void)
{
	struct CMUnitTest tests[2 * ARRAY_LEN(sig_rows) +
	    ARRAY_LEN(mpint_rows) + 3] = {
		cmocka_unit_test(is_of_one_key),
		cmocka_unit_test(a_challenge_is_one_of_a_kind),
		cmocka_unit_test(a_challenge_has_an_end),
	};
	size_t n = 3;

#define ROWS(rows, func)						\
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)			\
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,	\
		    .test_func = func, .initial_state = &rows[i] }
	ROWS(sig_rows, is_good);
	ROWS(sig_rows, is_good_only_so);
	ROWS(mpint_rows, no_such_mpint);
#undef ROWS
	return cmocka_run_group_tests(tests, NULL, NULL);
}
