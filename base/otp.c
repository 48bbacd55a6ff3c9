/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * otp.c - the one door to liboath.
 */
#include "config.h"

#include "base/otp.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <oath.h>

#include "common/bytes.h"

static const struct hash {
	enum otp_hash	 hash;
	const char	*name;
	int		 flags;		/* liboath's */
	size_t		 key_len;
} hashes[] = {
	{ OTP_SHA1, "SHA1", 0, 20 },
	{ OTP_SHA256, "SHA256", OATH_TOTP_HMAC_SHA256, 32 },
	{ OTP_SHA512, "SHA512", OATH_TOTP_HMAC_SHA512, 64 },
};

int
otp_init(void)
{
	return oath_init() == OATH_OK ? 0 : -EIO;
}

static const struct hash *
hash_find(enum otp_hash hash)
{
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++)
		if (hashes[i].hash == hash)
			return &hashes[i];
	return NULL;
}

int
otp_hash_parse(const char *s, size_t len, enum otp_hash *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		if (aia_span_eq(aia_span_of(s, len),
		    aia_span_str(hashes[i].name))) {
			*ret = hashes[i].hash;
			return 0;
		}
	}
	return AIA_EPROTO;
}

const char *
otp_hash_str(enum otp_hash hash)
{
	const struct hash *h = hash_find(hash);

	return h == NULL ? "" : h->name;
}

size_t
otp_key_len(enum otp_hash hash)
{
	const struct hash *h = hash_find(hash);

	return h == NULL ? 0 : h->key_len;
}

int
otp_make(const uint8_t *key, size_t key_len, enum otp_hash hash,
    unsigned digits, uint64_t step, char ret[OTP_DIGITS_MAX + 1])
{
	const struct hash *h = hash_find(hash);

	if (h == NULL || digits < OTP_DIGITS_MIN || digits > OTP_DIGITS_MAX ||
	    key_len < OTP_KEY_LEN_MIN || key_len > OTP_KEY_LEN_MAX ||
	    step > INT64_MAX / OTP_STEP_S)
		return -EINVAL;
	if (oath_totp_generate2((const char *)key, key_len,
	    (time_t)(step * OTP_STEP_S), OTP_STEP_S, 0, digits, h->flags,
	    ret) != OATH_OK)
		return -EIO;
	return 0;
}

static bool
digits_ok(const char *code, size_t code_len, unsigned digits)
{
	if (code_len != digits)
		return false;
	for (size_t i = 0; i < code_len; i++)
		if (code[i] < '0' || code[i] > '9')
			return false;
	return true;
}

/* 1 if equal, else 0, without a branch on what is compared. */
static unsigned
same(const char *a, const char *b, size_t len)
{
	volatile unsigned differ = 0;

	for (size_t i = 0; i < len; i++)
		differ = differ | (unsigned char)(a[i] ^ b[i]);
	return (differ - 1) >> 31;
}

int
otp_check(const uint8_t *key, size_t key_len, enum otp_hash hash,
    unsigned digits, const char *code, size_t code_len, int64_t now_s,
    unsigned skew_steps, uint64_t *ret_step)
{
	char want[OTP_DIGITS_MAX + 1] = { 0 };
	uint64_t first, found = 0;
	int r = 0;

	if (skew_steps > OTP_SKEW_MAX ||
	    now_s < (int64_t)skew_steps * OTP_STEP_S)
		return -EINVAL;
	if (!digits_ok(code, code_len, digits))
		return AIA_EPROTO;
	first = (uint64_t)now_s / OTP_STEP_S - skew_steps;
	for (uint64_t step = first; step <= first + 2 * skew_steps; step++) {
		uint64_t all;	/* ones if this step matches */

		r = otp_make(key, key_len, hash, digits, step, want);
		if (r < 0)
			goto out;
		all = 0 - (uint64_t)same(want, code, code_len);
		found = (found & ~all) | (step & all);
	}
	if (found == 0)
		r = AIA_EDENIED;
	else
		*ret_step = found;
out:
	explicit_bzero(want, sizeof(want));
	return r;
}
