/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_siphash.c - the paper's vector, and that pieces do not matter.
 */
#include "config.h"

#include "common/siphash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Aumasson, Bernstein, "SipHash" (2012), appendix A: key 00..0f, message
 * 00..0e. */
static void
paper(void **state)
{
	uint8_t b[16];

	(void)state;
	for (uint8_t i = 0; i < sizeof(b); i++)
		b[i] = i;
	assert_true(aia_siphash(b, b, 15) == 0xa129ca6149be45e5);
}

static void
pieces(void **state)
{
	uint8_t key[AIA_SIPHASH_KEY_LEN] = { 7 }, text[64];
	struct aia_siphash sh;
	uint64_t whole;

	(void)state;
	for (uint8_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 37);
	for (size_t len = 0; len <= sizeof(text); len++) {
		whole = aia_siphash(key, text, len);
		for (size_t cut = 0; cut <= len; cut++) {
			aia_siphash_init(&sh, key);
			aia_siphash_add(&sh, text, cut);
			aia_siphash_add(&sh, text + cut, len - cut);
			assert_true(aia_siphash_end(&sh) == whole);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paper),
		cmocka_unit_test(pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
