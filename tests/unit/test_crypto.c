/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_crypto.c - sealing, and the published vectors of HKDF, HMAC, SHA-256
 * and of signatures.
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

/* RFC 8032, section 7.1, test 2. */
static void
ed25519(void **state)
{
	static const uint8_t public[] =
	    "\x3d\x40\x17\xc3\xe8\x43\x89\x5a\x92\xb7\x0a\xa7\x4d\x1b\x7e\xbc"
	    "\x9c\x98\x2c\xcf\x2e\xc4\x96\x8c\xc0\xcd\x55\xf1\x2a\xf4\x66\x0c";
	uint8_t sig[] =
	    "\x92\xa0\x09\xa9\xf0\xd4\xca\xb8\x72\x0e\x82\x0b\x5f\x64\x25\x40"
	    "\xa2\xb2\x7b\x54\x16\x50\x3f\x8f\xb3\x76\x22\x23\xeb\xdb\x69\xda"
	    "\x08\x5a\xc1\xe4\x3e\x15\x99\x6e\x45\x8f\x36\x13\xd0\xf1\x1d\x8c"
	    "\x38\x7b\x2e\xae\xb4\x30\x2a\xee\xb0\x0d\x29\x16\x12\xbb\x0c\x00";
	const struct aia_span k = aia_span_of(public, CRYPTO_ED25519_KEY_LEN);
	const struct aia_span s = aia_span_of(sig, CRYPTO_ED25519_SIG_LEN);

	(void)state;
	assert_int_equal(crypto_ed25519_verify(k, s, text("\x72")), 0);
	assert_int_equal(crypto_ed25519_verify(k, s, text("\x73")),
	    AIA_EDENIED);
	assert_int_equal(crypto_ed25519_verify(k, aia_span_of(sig, 63),
	    text("\x72")), AIA_EDENIED);
	assert_int_equal(crypto_ed25519_verify(aia_span_of(public, 31), s,
	    text("\x72")), AIA_EDENIED);
	sig[63] ^= 0x20;	/* the same, but for the order of the group */
	assert_int_equal(crypto_ed25519_verify(k, s, text("\x72")),
	    AIA_EDENIED);
}

/* RFC 6979, appendix A.2.5, SHA-256 of "sample". */
static void
p256(void **state)
{
	uint8_t point[] = "\x04"
	    "\x60\xfe\xd4\xba\x25\x5a\x9d\x31\xc9\x61\xeb\x74\xc6\x35\x6d\x68"
	    "\xc0\x49\xb8\x92\x3b\x61\xfa\x6c\xe6\x69\x62\x2e\x60\xf2\x9f\xb6"
	    "\x79\x03\xfe\x10\x08\xb8\xbc\x99\xa4\x1a\xe9\xe9\x56\x28\xbc\x64"
	    "\xf2\xf1\xb2\x0c\x2d\x7e\x9f\x51\x77\xa3\xc2\x94\xd4\x46\x22\x99";
	static const uint8_t one[] =
	    "\xef\xd4\x8b\x2a\xac\xb6\xa8\xfd\x11\x40\xdd\x9c\xd4\x5e\x81\xd6"
	    "\x9d\x2c\x87\x7b\x56\xaa\xf9\x91\xc3\x4d\x0e\xa8\x4e\xaf\x37\x16";
	static const uint8_t two[] =
	    "\xf7\xcb\x1c\x94\x2d\x65\x7c\x41\xd4\x36\xc7\xa1\xb6\xe2\x9f\x65"
	    "\xf3\xe9\x00\xdb\xb9\xaf\xf4\x06\x4d\xc4\xab\x2f\x84\x3a\xcd\xa8";
	const struct aia_span k = aia_span_of(point, CRYPTO_P256_POINT_LEN);
	const struct aia_span s1 = aia_span_of(one, 32);
	const struct aia_span s2 = aia_span_of(two, 32), d = text("sample");
	const struct aia_span none = aia_span_of(one, 0);

	(void)state;
	assert_int_equal(crypto_p256_verify(k, s1, s2, d), 0);
	assert_int_equal(crypto_p256_verify(k, s1, s2, text("simple")),
	    AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(k, s2, s1, d), AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(k, none, s2, d), AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(k, s1, none, d), AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(k, aia_span_of(one, 33), s2, d),
	    AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(k, s1, aia_span_of(two, 31), d),
	    AIA_EDENIED);
	assert_int_equal(crypto_p256_verify(aia_span_of(point, 64), s1, s2,
	    d), AIA_EDENIED);
	point[0] = 6;		/* a hybrid form that nobody writes */
	assert_int_equal(crypto_p256_verify(k, s1, s2, d), AIA_EDENIED);
	point[0] = 4;
	point[64] ^= 1;		/* beside the curve */
	assert_int_equal(crypto_p256_verify(k, s1, s2, d), AIA_EDENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(opens_for_nobody_else),
		cmocka_unit_test(room), cmocka_unit_test(hkdf),
		cmocka_unit_test(hmac), cmocka_unit_test(sha256),
		cmocka_unit_test(ed25519), cmocka_unit_test(p256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
