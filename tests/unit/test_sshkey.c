/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sshkey.c - public keys of ssh-keygen, and what only looks like one.
 */
#include "config.h"

#include "base/sshkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base64.h"
#include "tests/unit/ssh_keys.h"

static struct key_row {
	const char *type, *base64, *fingerprint;
	enum sshkey_type want;
	bool is_sk, is_cert;
	size_t pub_len;
} key_rows[] = {
#define KEY(n) KEY_##n##_TYPE, KEY_##n##_BASE64, KEY_##n##_FINGERPRINT
	{ KEY(ED25519), SSHKEY_ED25519, false, false, 32 },
	{ KEY(ECDSA_256), SSHKEY_ECDSA_256, false, false, 65 },
	{ KEY(ECDSA_384), SSHKEY_ECDSA_384, false, false, 97 },
	{ KEY(ECDSA_521), SSHKEY_ECDSA_521, false, false, 133 },
	{ KEY(RSA), SSHKEY_RSA, false, false, 256 },
	{ KEY(SK_ED25519), SSHKEY_SK_ED25519, true, false, 32 },
	{ KEY(SK_ECDSA), SSHKEY_SK_ECDSA, true, false, 65 },
	{ KEY(CERT), SSHKEY_ED25519, false, true, 32 },
	{ KEY(SK_CERT), SSHKEY_SK_ECDSA, true, true, 65 },
};

static size_t
blob_of(const char *base64, uint8_t room[SSHKEY_BLOB_MAX])
{
	size_t len = 0;

	assert_int_equal(base64_decode(aia_span_str(base64), room,
	    SSHKEY_BLOB_MAX, &len), 0);
	return len;
}

/* Whole it is a key; cut anywhere, or with a byte more, it is none. */
static void
key(void **state)
{
	const struct key_row *row = *state;
	char fingerprint[SSHKEY_FINGERPRINT_LEN + 1];
	uint8_t room[SSHKEY_BLOB_MAX], plain[SSHKEY_BLOB_MAX];
	struct aia_span blob;
	struct sshkey k, again;
	size_t len = blob_of(row->base64, room);

	room[len] = 0;
	for (size_t n = 0; n <= len + 1; n++)
		assert_int_equal(sshkey_parse(aia_span_of(room, n), &k),
		    n == len ? 0 : AIA_EPROTO);
	assert_int_equal(sshkey_parse(aia_span_of(room, len), &k), 0);
	assert_int_equal(k.type, row->want);
	assert_string_equal(k.name, row->type);
	assert_int_equal(k.is_sk, row->is_sk);
	assert_int_equal(k.is_cert, row->is_cert);
	assert_int_equal(k.pub.len, row->pub_len);
	assert_true(aia_span_eq(k.application,
	    aia_span_str(row->is_sk ? "ssh:" : NULL)));
	assert_int_equal(sshkey_fingerprint(&k, fingerprint), 0);
	assert_string_equal(fingerprint, row->fingerprint);
	/* What is in a certificate is the key itself. */
	sshkey_plain(&k, plain, &blob);
	assert_int_equal(sshkey_parse(blob, &again), 0);
	assert_false(again.is_cert);
	assert_true(sshkey_same(&k, &again));
	assert_int_equal(aia_span_eq(blob, k.blob), !row->is_cert);
}

static void
same(void **state)
{
	uint8_t room[2][SSHKEY_BLOB_MAX];
	struct sshkey a, b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++) {
		assert_int_equal(sshkey_parse(aia_span_of(room[0],
		    blob_of(key_rows[i].base64, room[0])), &a), 0);
		for (size_t j = 0; j < ARRAY_LEN(key_rows); j++) {
			assert_int_equal(sshkey_parse(aia_span_of(room[1],
			    blob_of(key_rows[j].base64, room[1])), &b), 0);
			assert_int_equal(sshkey_same(&a, &b), strcmp(
			    key_rows[i].fingerprint,
			    key_rows[j].fingerprint) == 0);
		}
	}
}

/* Bytes put in place of others in a key that is else in order. */
static struct bent_row {
	const char *name, *base64;
	const char *find, *put;		/* of the same length */
	size_t n;
} bent_rows[] = {
	{ "an unknown type", KEY_ED25519_BASE64, "ssh-ed25519", "ssh-ed25510",
	    11 },
	{ "another curve", KEY_ECDSA_256_BASE64, "nistp256\0\0\0\x41",
	    "nistp384\0\0\0\x41", 12 },
	{ "a compressed point", KEY_ECDSA_256_BASE64, "\0\0\0\x41\x04",
	    "\0\0\0\x41\x02", 5 },
	{ "an application with a space", KEY_SK_ED25519_BASE64, "ssh:",
	    "ssh ", 4 },
	{ "an application with a newline", KEY_SK_ECDSA_BASE64, "ssh:",
	    "ss\n:", 4 },
	{ "a length of 4 GiB", KEY_SK_ECDSA_BASE64, "\0\0\0\x04ssh:",
	    "\xff\xff\xff\xffssh:", 8 },
	{ "an even exponent", KEY_RSA_BASE64, "\0\0\0\x03\x01\0\x01",
	    "\0\0\0\x03\x01\0\x02", 7 },
	{ "a negative exponent", KEY_RSA_BASE64, "\0\0\0\x03\x01\0\x01",
	    "\0\0\0\x03\x81\0\x01", 7 },
	{ "an exponent with zeros", KEY_RSA_BASE64, "\0\0\0\x03\x01\0\x01",
	    "\0\0\0\x03\0\0\x01", 7 },
	{ "a negative modulus", KEY_RSA_BASE64, "\0\0\x01\x01\0",
	    "\0\0\x01\x01\x80", 5 },
	{ "1024 bits", KEY_RSA_1024_BASE64, "", "", 0 },
};

static void
bent(void **state)
{
	const struct bent_row *row = *state;
	uint8_t room[SSHKEY_BLOB_MAX];
	size_t len = blob_of(row->base64, room);
	uint8_t *at = memmem(room, len, row->find, row->n);
	struct sshkey k;

	assert_non_null(at);
	memcpy(at, row->put, row->n);
	assert_int_equal(sshkey_parse(aia_span_of(room, len), &k),
	    AIA_EPROTO);
}

#define ED KEY_ED25519_TYPE " " KEY_ED25519_BASE64
static struct line_row {
	const char *name, *line;
	const char *comment;	/* NULL: no key */
	const char *why;
} line_rows[] = {
	{ "a key", ED, "", NULL },
	{ "a comment, a newline", ED " ada@example.com\n", "ada@example.com",
	    NULL },
	{ "white space", " \t" ED "\tthe blue one \r\n", "the blue one",
	    NULL },
	{ "a security key's", KEY_SK_ECDSA_TYPE " " KEY_SK_ECDSA_BASE64, "",
	    NULL },
	{ "a certificate's", KEY_CERT_TYPE " " KEY_CERT_BASE64, "", NULL },
	{ "empty", "", NULL, "''" },
	{ "comment only", "# a comment", NULL, "'#'" },
	{ "option no-touch-required", "no-touch-required " ED, NULL,
	    "'no-touch-required'" },
	{ "option list", "verify-required,pty " ED, NULL, "'verify-required'" },
	{ "option with a space", "command=\"a b\" " ED, NULL, "'command'" },
	{ "option cert-authority", "cert-authority " ED, NULL,
	    "'cert-authority'" },
	{ "DSA", "ssh-dss AAAA", NULL, "'ssh-dss'" },
	{ "control characters", "\x1b[2J " ED, NULL, "''" },
	{ "no key", KEY_ED25519_TYPE, NULL, "not a public key" },
	{ "cut base64", KEY_ED25519_TYPE " AAAA=", NULL, "not base64" },
	{ "another type", KEY_ED25519_TYPE " " KEY_RSA_BASE64, NULL,
	    "not of the type" },
	{ "weak RSA", KEY_RSA_TYPE " " KEY_RSA_1024_BASE64, NULL, "too short" },
	{ "two lines", ED "\nno-touch-required " ED, NULL,
	    "more than one line" },
	{ "base64 alone", KEY_ED25519_BASE64, NULL, "is no type of key" },
};

static void
line(void **state)
{
	const struct line_row *row = *state;
	uint8_t room[SSHKEY_BLOB_MAX];
	struct sshkey_error why = { "" };
	struct aia_span comment = { 0 };
	struct sshkey k = { 0 };
	int r = sshkey_parse_line(aia_span_str(row->line), room, &k, &comment,
	    &why);

	if (row->comment == NULL) {
		assert_int_equal(r, AIA_EPROTO);
		assert_non_null(strstr(why.text, row->why));
		assert_null(k.name);
		return;
	}
	assert_int_equal(r, 0);
	assert_string_equal(why.text, "");
	assert_true(comment.len == strlen(row->comment) &&
	    memcmp(comment.p, row->comment, comment.len) == 0);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(key_rows) + ARRAY_LEN(bent_rows) +
	    ARRAY_LEN(line_rows) + 1] = { cmocka_unit_test(same) };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = key_rows[i].type,
		    .test_func = key, .initial_state = &key_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(bent_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = bent_rows[i].name,
		    .test_func = bent, .initial_state = &bent_rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(line_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = line_rows[i].name,
		    .test_func = line, .initial_state = &line_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
