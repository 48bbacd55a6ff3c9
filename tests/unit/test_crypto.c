/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_crypto.c - sealing, and the published vectors of HKDF, HMAC and SHA-256.
 */
#include "config.h"

#include "base/crypto.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct crypto_key key = { "0123456789abcdef0123456789abcde" };
static const char plain[] = "a secret of some length";
#define SEALED_LEN (sizeof(plain) + CRYPTO_SEAL_EXTRA)

static struct aia_span
text(const char *s)
{
	return aia_span_str(s);
}

static void
seal(uint8_t room[SEALED_LEN])
{
	size_t len = 0;

	assert_int_equal(crypto_seal(&key, text("whose"), aia_span_of(plain,
	    sizeof(plain)), room, SEALED_LEN, &len), 0);
	assert_int_equal(len, SEALED_LEN);
}

static int
unseal(const struct crypto_key *k, const char *ad, const uint8_t *p,
    size_t len)
{
	uint8_t room[sizeof(plain)];
	size_t got = 0;
	int r;

	memset(room, 0x77, sizeof(room));
	r = crypto_open(k, text(ad), aia_span_of(p, len), room, sizeof(room),
	    &got);
	if (r == 0) {
		assert_int_equal(got, sizeof(plain));
		assert_memory_equal(room, plain, sizeof(plain));
	} else if (len >= CRYPTO_SEAL_EXTRA) {
		for (size_t i = 0; i < sizeof(room); i++)
			assert_int_equal(room[i], 0);
	}
	return r;
}

static void
opens(void **state)
{
	uint8_t a[SEALED_LEN], b[SEALED_LEN];

	(void)state;
	seal(a);
	seal(b);
	assert_int_equal(unseal(&key, "whose", a, sizeof(a)), 0);
	assert_int_equal(unseal(&key, "whose", b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));	/* another nonce */
}

static void
opens_for_nobody_else(void **state)
{
	struct crypto_key other = key;
	uint8_t a[SEALED_LEN];

	(void)state;
	seal(a);
	other.p[31] ^= 1;
	assert_int_equal(unseal(&other, "whose", a, sizeof(a)), AIA_EDAMAGED);
	assert_int_equal(unseal(&key, "whos", a, sizeof(a)), AIA_EDAMAGED);
	assert_int_equal(unseal(&key, "whosf", a, sizeof(a)), AIA_EDAMAGED);
	for (size_t i = 0; i < sizeof(a); i++) {
		a[i] ^= 1;
		assert_int_equal(unseal(&key, "whose", a, sizeof(a)),
		    AIA_EDAMAGED);
		a[i] ^= 1;
	}
	for (size_t len = 0; len < sizeof(a); len++)
		assert_int_equal(unseal(&key, "whose", a, len), AIA_EDAMAGED);
	assert_int_equal(unseal(&key, "whose", a, sizeof(a)), 0);
}

static void
room(void **state)
{
	uint8_t a[SEALED_LEN], small[sizeof(plain) - 1];
	size_t len = 0;

	(void)state;
	assert_int_equal(crypto_seal(&key, text("x"), aia_span_of(plain,
	    sizeof(plain)), a, SEALED_LEN - 1, &len), -ENOBUFS);
	assert_int_equal(crypto_seal(&key, text("x"), aia_span_of(plain, 1),
	    a, CRYPTO_SEAL_EXTRA - 1, &len), -ENOBUFS);
	seal(a);
	assert_int_equal(crypto_open(&key, text("whose"), aia_span_of(a,
	    sizeof(a)), small, sizeof(small), &len), -ENOBUFS);
	assert_int_equal(len, 0);
}

/* RFC 5869, appendix A.3: no salt; but its info is empty and ours never, so
 * what is compared is the two-step definition of section 2 by hand. */
static void
hkdf(void **state)
{
	static const uint8_t ikm[22] = "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
	    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b";
	static const uint8_t okm[CRYPTO_KEY_LEN] =
	    "\x8d\xa4\xe7\x75\xa5\x63\xc1\x8f\x71\x5f\x80\x2a\x06\x3c\x5a\x31"
	    "\xb8\xa1\x1f\x5c\x5e\xe1\x87\x9e\xc3\x45\x4e\x5f\x3c\x73\x8d\x2d";
	const struct aia_span secret = aia_span_of(ikm, sizeof(ikm));
	static const struct crypto_key no_salt;
	struct crypto_key got, prk, other;
	uint8_t t1[CRYPTO_HASH_LEN];

	(void)state;
	assert_int_equal(crypto_derive(secret, "", &got), 0);
	assert_memory_equal(got.p, okm, sizeof(okm));
	assert_int_equal(crypto_hmac(&no_salt, secret, prk.p), 0);
	assert_int_equal(crypto_hmac(&prk, aia_span_of("seal\1", 5), t1), 0);
	assert_int_equal(crypto_derive(secret, "seal", &got), 0);
	assert_memory_equal(got.p, t1, sizeof(t1));
	assert_int_equal(crypto_derive(secret, "index", &other), 0);
	assert_memory_not_equal(got.p, other.p, sizeof(got.p));
}

/* RFC 4231, section 4.2; its 20-byte key is zero-filled by HMAC to ours. */
static void
hmac(void **state)
{
	static const struct crypto_key k = { "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
	    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b" };
	static const uint8_t want[CRYPTO_HASH_LEN] =
	    "\xb0\x34\x4c\x61\xd8\xdb\x38\x53\x5c\xa8\xaf\xce\xaf\x0b\xf1\x2b"
	    "\x88\x1d\xc2\x00\xc9\x83\x3d\xa7\x26\xe9\x37\x6c\x2e\x32\xcf\xf7";
	uint8_t got[CRYPTO_HASH_LEN];

	(void)state;
	assert_int_equal(crypto_hmac(&k, text("Hi There"), got), 0);
	assert_memory_equal(got, want, sizeof(want));
}

/* FIPS 180-2, appendix B.1. */
static void
sha256(void **state)
{
	static const uint8_t want[CRYPTO_HASH_LEN] =
	    "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
	    "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad";
	uint8_t got[CRYPTO_HASH_LEN];

	(void)state;
	assert_int_equal(crypto_sha256(text("abc"), got), 0);
	assert_memory_equal(got, want, sizeof(want));
	assert_true(crypto_eq(got, want, sizeof(want)));
	got[31] ^= 1;
	assert_false(crypto_eq(got, want, sizeof(want)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(opens_for_nobody_else),
		cmocka_unit_test(room), cmocka_unit_test(hkdf),
		cmocka_unit_test(hmac), cmocka_unit_test(sha256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
