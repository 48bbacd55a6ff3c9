/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_otp.c - the vectors of RFC 4226 appendix D and RFC 6238 appendix B, and
 * the window of steps.
 */
#include "config.h"

#include "base/otp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The RFCs' keys: these digits, cut to the length of the hash. */
static const uint8_t digits_key[] =
    "1234567890123456789012345678901234567890123456789012345678901234"
    "5";

static struct vector {
	const char	*name;
	enum otp_hash	 hash;
	unsigned	 digits;
	uint64_t	 step;
	const char	*code;
} vectors[] = {
	{ "RFC 4226 count 0", OTP_SHA1, 6, 0, "755224" },
	{ "RFC 4226 count 1", OTP_SHA1, 6, 1, "287082" },
	{ "RFC 4226 count 2", OTP_SHA1, 6, 2, "359152" },
	{ "RFC 4226 count 3", OTP_SHA1, 6, 3, "969429" },
	{ "RFC 4226 count 4", OTP_SHA1, 6, 4, "338314" },
	{ "RFC 4226 count 5", OTP_SHA1, 6, 5, "254676" },
	{ "RFC 4226 count 6", OTP_SHA1, 6, 6, "287922" },
	{ "RFC 4226 count 7", OTP_SHA1, 6, 7, "162583" },
	{ "RFC 4226 count 8", OTP_SHA1, 6, 8, "399871" },
	{ "RFC 4226 count 9", OTP_SHA1, 6, 9, "520489" },
	{ "RFC 6238 SHA1 59 s", OTP_SHA1, 8, 0x1, "94287082" },
	{ "RFC 6238 SHA256 59 s", OTP_SHA256, 8, 0x1, "46119246" },
	{ "RFC 6238 SHA512 59 s", OTP_SHA512, 8, 0x1, "90693936" },
	{ "RFC 6238 SHA1 2005", OTP_SHA1, 8, 0x23523EC, "07081804" },
	{ "RFC 6238 SHA256 2005", OTP_SHA256, 8, 0x23523EC, "68084774" },
	{ "RFC 6238 SHA512 2005", OTP_SHA512, 8, 0x23523EC, "25091201" },
	{ "RFC 6238 SHA1 2005 next", OTP_SHA1, 8, 0x23523ED, "14050471" },
	{ "RFC 6238 SHA256 2005 next", OTP_SHA256, 8, 0x23523ED, "67062674" },
	{ "RFC 6238 SHA512 2005 next", OTP_SHA512, 8, 0x23523ED, "99943326" },
	{ "RFC 6238 SHA1 2009", OTP_SHA1, 8, 0x273EF07, "89005924" },
	{ "RFC 6238 SHA256 2009", OTP_SHA256, 8, 0x273EF07, "91819424" },
	{ "RFC 6238 SHA512 2009", OTP_SHA512, 8, 0x273EF07, "93441116" },
	{ "RFC 6238 SHA1 2033", OTP_SHA1, 8, 0x3F940AA, "69279037" },
	{ "RFC 6238 SHA256 2033", OTP_SHA256, 8, 0x3F940AA, "90698825" },
	{ "RFC 6238 SHA512 2033", OTP_SHA512, 8, 0x3F940AA, "38618901" },
	{ "RFC 6238 SHA1 2603", OTP_SHA1, 8, 0x27BC86AA, "65353130" },
	{ "RFC 6238 SHA256 2603", OTP_SHA256, 8, 0x27BC86AA, "77737706" },
	{ "RFC 6238 SHA512 2603", OTP_SHA512, 8, 0x27BC86AA, "47863826" },
};

static void
vector(void **state)
{
	const struct vector *row = *state;
	size_t key_len = otp_key_len(row->hash);
	char code[OTP_DIGITS_MAX + 1];
	uint64_t step = 0;

	assert_int_equal(otp_make(digits_key, key_len, row->hash, row->digits,
	    row->step, code), 0);
	assert_string_equal(code, row->code);
	if (row->step == 0)
		return;
	assert_int_equal(otp_check(digits_key, key_len, row->hash, row->digits,
	    code, strlen(code), (int64_t)row->step * OTP_STEP_S + 29, 0,
	    &step), 0);
	assert_int_equal(step, row->step);
}

/* Every second of five steps: accepted within one step, and only there. */
static void
window(void **state)
{
	const uint64_t step = 0x23523EC;
	char code[OTP_DIGITS_MAX + 1];

	(void)state;
	assert_int_equal(otp_make(digits_key, 20, OTP_SHA1, 8, step, code), 0);
	for (int64_t s = -75; s < 105; s++) {
		uint64_t got = 0;
		int r = otp_check(digits_key, 20, OTP_SHA1, 8, code, 8,
		    (int64_t)step * OTP_STEP_S + s, 1, &got);

		assert_int_equal(r, s >= -30 && s < 60 ? 0 : AIA_EDENIED);
		assert_int_equal(got, r == 0 ? step : 0);
	}
}

static struct refusal {
	const char	*name;
	size_t		 key_len;
	unsigned	 digits;
	const char	*code;
	int64_t		 now_s;
	unsigned	 skew;
	int		 want;
} refusals[] = {
	{ "right", 20, 6, "287082", 59, 1, 0 },
	{ "wrong", 20, 6, "287083", 59, 1, AIA_EDENIED },
	{ "short", 20, 6, "28708", 59, 1, AIA_EPROTO },
	{ "long", 20, 6, "2870820", 59, 1, AIA_EPROTO },
	{ "empty", 20, 6, "", 59, 1, AIA_EPROTO },
	{ "letter", 20, 6, "28708a", 59, 1, AIA_EPROTO },
	{ "space", 20, 6, " 87082", 59, 1, AIA_EPROTO },
	{ "seven for six", 20, 7, "287082", 59, 1, AIA_EPROTO },
	{ "five digits", 20, 5, "87082", 59, 1, -EINVAL },
	{ "nine digits", 20, 9, "123456789", 59, 1, -EINVAL },
	{ "short key", 15, 6, "287082", 59, 1, -EINVAL },
	{ "long key", 65, 6, "287082", 59, 1, -EINVAL },
	{ "wide window", 20, 6, "287082", 90, 3, -EINVAL },
	{ "before the window", 20, 6, "287082", 29, 1, -EINVAL },
	{ "before 1970", 20, 6, "287082", -1, 0, -EINVAL },
};

static void
refusal(void **state)
{
	const struct refusal *row = *state;
	uint64_t step = 0;

	assert_int_equal(otp_check(digits_key, row->key_len, OTP_SHA1,
	    row->digits, row->code, strlen(row->code), row->now_s, row->skew,
	    &step), row->want);
	assert_int_equal(step, row->want == 0 ? 1 : 0);
}

static void
hashes(void **state)
{
	enum otp_hash hash = 0;

	(void)state;
	for (enum otp_hash i = OTP_SHA1; i <= OTP_SHA512; i++) {
		const char *s = otp_hash_str(i);

		assert_int_equal(otp_hash_parse(s, strlen(s), &hash), 0);
		assert_int_equal(hash, i);
	}
	assert_int_equal(otp_hash_parse("MD5", 3, &hash), AIA_EPROTO);
	assert_int_equal(otp_hash_parse("SHA1", 3, &hash), AIA_EPROTO);
	assert_int_equal(otp_key_len(OTP_SHA512 + 1), 0);
}

int
main(void)
{
	struct CMUnitTest tests[2 + ARRAY_LEN(vectors) + ARRAY_LEN(refusals)] = {
		cmocka_unit_test(window), cmocka_unit_test(hashes),
	};
	size_t n = 2;

	for (size_t i = 0; i < ARRAY_LEN(vectors); i++)
		tests[n++] = (struct CMUnitTest){ .name = vectors[i].name,
		    .test_func = vector, .initial_state = &vectors[i] };
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
		tests[n++] = (struct CMUnitTest){ .name = refusals[i].name,
		    .test_func = refusal, .initial_state = &refusals[i] };
	if (otp_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
