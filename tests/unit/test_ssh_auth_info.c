/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ssh_auth_info.c - what sshd may say, and what it may not.
 */
#include "config.h"

#include "aiauthd/login/ssh_auth_info.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIJ5h3e8Jk3W1"
#define KI "keyboard-interactive/pam\n"
#define PK "publickey ssh-ed25519 " KEY "\n"

static struct info_row {
	const char *name, *in;
	int want;
	bool keyboard_interactive, password;
	size_t n_keys;
} info_rows[] = {
	{ "keyboard-interactive", KI, 0, true, false, 0 },
	{ "a key", PK, 0, false, false, 1 },
	{ "key and keyboard-interactive", PK KI, 0, true, false, 1 },
	{ "password", "password\n", 0, false, true, 0 },
	{ "security key", "publickey sk-ecdsa-sha2-nistp256@openssh.com "
	    KEY "\n", 0, false, false, 1 },
	{ "certificate", "publickey ssh-ed25519-cert-v01@openssh.com "
	    KEY "\n", 0, false, false, 1 },
	{ "padding", "publickey ssh-rsa AAA=\npublickey ssh-rsa AA==\n", 0,
	    false, false, 2 },
	{ "four keys", PK PK PK PK, 0, false, false, 4 },
	{ "five keys", PK PK PK PK PK, AIA_EPROTO, false, false, 0 },
	{ "nothing", "", AIA_EPROTO, false, false, 0 },
	{ "empty line", "\n", AIA_EPROTO, false, false, 0 },
	{ "empty line after", KI "\n", AIA_EPROTO, false, false, 0 },
	{ "no newline", "keyboard-interactive/pam", AIA_EPROTO, false, false,
	    0 },
	{ "another device", "keyboard-interactive/bsdauth\n", AIA_EPROTO,
	    false, false, 0 },
	{ "more on the line", "keyboard-interactive/pam x\n", AIA_EPROTO,
	    false, false, 0 },
	{ "carriage return", "keyboard-interactive/pam\r\n", AIA_EPROTO,
	    false, false, 0 },
	{ "white space before", " keyboard-interactive/pam\n", AIA_EPROTO,
	    false, false, 0 },
	{ "a method we do not know", KI "gssapi-with-mic x\n", AIA_EPROTO,
	    false, false, 0 },
	{ "host-based", "hostbased ssh-ed25519 " KEY "\n" KI, AIA_EPROTO,
	    false, false, 0 },
	{ "a key without a type", "publickey " KEY "\n", AIA_EPROTO, false,
	    false, 0 },
	{ "a type without a key", "publickey ssh-ed25519 \n", AIA_EPROTO,
	    false, false, 0 },
	{ "a key of three words", "publickey ssh-rsa AAAA x\n", AIA_EPROTO,
	    false, false, 0 },
	{ "base64 of odd length", "publickey ssh-rsa AAAAA\n", AIA_EPROTO,
	    false, false, 0 },
	{ "padding in the middle", "publickey ssh-rsa AA==AAAA\n",
	    AIA_EPROTO, false, false, 0 },
	{ "only padding", "publickey ssh-rsa ====\n", AIA_EPROTO, false,
	    false, 0 },
	{ "a type in capitals", "publickey SSH-RSA AAAA\n", AIA_EPROTO,
	    false, false, 0 },
};

static void
info(void **state)
{
	const struct info_row *row = *state;
	struct ssh_auth_info got = { 0 };

	assert_int_equal(ssh_auth_info_parse(aia_span_str(row->in), &got),
	    row->want);
	assert_int_equal(got.keyboard_interactive,
	    row->keyboard_interactive);
	assert_int_equal(got.password, row->password);
	assert_int_equal(got.n_keys, row->n_keys);
}

/* Only a cut between two lines leaves something that is understood. */
static void
truncated(void **state)
{
	static const char whole[] = PK KI;
	struct ssh_auth_info got;

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_int_equal(ssh_auth_info_parse(aia_span_of(whole, n),
		    &got), n == strlen(PK) ? 0 : AIA_EPROTO);
}

static void
nul_byte(void **state)
{
	struct ssh_auth_info got;

	(void)state;
	assert_int_equal(ssh_auth_info_parse(aia_span_of(
	    "publickey ssh\0rsa AAAA\n", 23), &got), AIA_EPROTO);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(info_rows) + 2] = {
		cmocka_unit_test(truncated),
		cmocka_unit_test(nul_byte),
	};

	for (size_t i = 0; i < ARRAY_LEN(info_rows); i++)
		tests[i + 2] = (struct CMUnitTest){
		    .name = info_rows[i].name, .test_func = info,
		    .initial_state = &info_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
