/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sshattest.c - attestations of security keys, whole and bent.
 */
#include "config.h"

#include "base/sshattest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "tests/unit/attestations.h"
#include "tests/unit/ssh_keys.h"

#define CHALLENGE "challenge"

static struct crypto_roots *roots;
static uint8_t file[SSHATTEST_MAX], key_room[SSHKEY_BLOB_MAX];

static size_t
bytes_of(const char *base64, uint8_t *room, size_t cap)
{
	size_t len = 0;

	assert_int_equal(base64_decode(aia_span_str(base64), room, cap, &len),
	    0);
	return len;
}

static struct sshkey
key_of(const char *base64)
{
	struct sshkey key;

	assert_int_equal(sshkey_parse(aia_span_of(key_room,
	    bytes_of(base64, key_room, sizeof(key_room))), &key), 0);
	return key;
}

/* AIA_EPROTO: it is none; AIA_EDENIED: not one that counts. */
static int
verify(size_t len, const char *key_base64, const char *challenge,
    struct sshkey_error *why)
{
	struct sshkey key = key_of(key_base64);
	struct sshattest at;

	if (sshattest_parse(aia_span_of(file, len), &at) < 0)
		return AIA_EPROTO;
	return sshattest_verify(&at, &key, aia_span_str(challenge), roots,
	    why);
}

static struct row {
	const char *name, *attestation, *key, *challenge;
	int want;
	const char *why;
} rows[] = {
	{ "ECDSA", ATTEST_ECDSA, KEY_SK_ECDSA_BASE64, CHALLENGE, 0, "" },
	{ "Ed25519, with extensions", ATTEST_ED25519, KEY_SK_ED25519_BASE64,
	    CHALLENGE, 0, "" },
	{ "of another key", ATTEST_ED25519, KEY_SK_ECDSA_BASE64, CHALLENGE,
	    AIA_EDENIED, "of another key" },
	{ "of a plain key", ATTEST_ED25519, KEY_ED25519_BASE64, CHALLENGE,
	    AIA_EDENIED, "of another key" },
	{ "of another challenge", ATTEST_ECDSA, KEY_SK_ECDSA_BASE64,
	    "Challenge", AIA_EDENIED, "another challenge" },
};

static void
attestation(void **state)
{
	const struct row *row = *state;
	struct sshkey_error why = { "" };
	size_t len = bytes_of(row->attestation, file, sizeof(file));

	assert_int_equal(verify(len, row->key, row->challenge, &why),
	    row->want);
	assert_non_null(strstr(why.text, row->why));
}

/* Cut anywhere it is none; no bit of it but the credential id's and the
 * reserved ones' can be another, and those are signed, too. */
static void
bent(void **state)
{
	size_t len = bytes_of(ATTEST_ECDSA, file, sizeof(file));
	struct sshkey_error why;

	(void)state;
	file[len] = 0;
	for (size_t n = 0; n <= len + 1; n++)
		assert_int_equal(verify(n, KEY_SK_ECDSA_BASE64, CHALLENGE,
		    &why), n == len ? 0 : AIA_EPROTO);
	for (size_t i = 0; i < len - 8; i++) {
		file[i] ^= 1;
		assert_true(verify(len, KEY_SK_ECDSA_BASE64, CHALLENGE,
		    &why) < 0);
		file[i] ^= 1;
	}
}

static void
no_maker(void **state)
{
	size_t len = bytes_of(ATTEST_ECDSA, file, sizeof(file));
	struct crypto_roots *all = roots;
	struct sshkey_error why;

	(void)state;
	assert_int_equal(crypto_roots_n(roots), 1);
	assert_int_equal(crypto_roots_new(&roots), 0);
	assert_int_equal(verify(len, KEY_SK_ECDSA_BASE64, CHALLENGE, &why),
	    AIA_EDENIED);
	crypto_roots_free(roots);
	roots = all;
}

static struct pem_row { const char *name, *pem; int want; size_t n; }
    pem_rows[] = {
	{ "two", ATTEST_ROOT ATTEST_ROOT, 0, 2 },
	{ "text around it", "Maker:\n" ATTEST_ROOT "\nend\n", 0, 1 },
	{ "none", "Maker\n", AIA_EPROTO, 0 },
	{ "empty", "", AIA_EPROTO, 0 },
	{ "cut", "-----BEGIN CERTIFICATE-----\nMIIB\n", AIA_EPROTO, 0 },
	{ "one, then a cut one", ATTEST_ROOT
	    "-----BEGIN CERTIFICATE-----\nMIIB\n", AIA_EPROTO, 0 },
};

static void
pem(void **state)
{
	const struct pem_row *row = *state;
	struct crypto_roots *some = NULL;

	assert_int_equal(crypto_roots_new(&some), 0);
	assert_int_equal(crypto_roots_add(some, aia_span_str(row->pem)),
	    row->want);
	assert_int_equal(crypto_roots_n(some), row->n);
	crypto_roots_free(some);
}

static void
aaguid(void **state)
{
	size_t len = bytes_of(ATTEST_ECDSA, file, sizeof(file));
	char text[AAGUID_TEXT_LEN + 1];
	struct sshattest at;

	(void)state;
	assert_int_equal(sshattest_parse(aia_span_of(file, len), &at), 0);
	aaguid_format(at.aaguid, text);
	assert_string_equal(text, ATTEST_AAGUID);
}

static int
setup(void **state)
{
	(void)state;
	return crypto_roots_new(&roots) < 0 ||
	    crypto_roots_add(roots, aia_span_str(ATTEST_ROOT)) < 0;
}

static int
teardown(void **state)
{
	(void)state;
	crypto_roots_free(roots);
	return 0;
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(pem_rows) + 3] = {
		cmocka_unit_test(bent), cmocka_unit_test(no_maker),
		cmocka_unit_test(aaguid),
	};
	size_t n = 3;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = attestation, .initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(pem_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = pem_rows[i].name,
		    .test_func = pem, .initial_state = &pem_rows[i] };
	return cmocka_run_group_tests(tests, setup, teardown);
}
