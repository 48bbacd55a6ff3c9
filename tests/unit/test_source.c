/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_source.c - where a login comes from.
 */
#include "config.h"

#include "aiauthd/login/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct source_row {
	const char *name, *rhost, *text, *peer, *net;
	bool remote, is_address;
} source_rows[] = {
	{ "none", NULL, "console", "", "console", false, false },
	{ "empty", "", "console", "", "console", false, false },
	{ "IPv4", "10.1.2.3", "10.1.2.3", "10.1.2.3", "10.1.2.0/24", true,
	    true },
	{ "IPv4 as IPv6", "::ffff:10.1.2.3", "10.1.2.3", "10.1.2.3",
	    "10.1.2.0/24", true, true },
	{ "IPv6", "2001:DB8:0:1::5", "2001:db8:0:1::5", "2001:db8:0:1::/64",
	    "2001:db8:0:1::/64", true, true },
	{ "IPv6 loopback", "::1", "::1", "::/64", "::/64", true, true },
	{ "link-local with zone", "fe80::1%eth0", "fe80::1", "fe80::/64",
	    "fe80::/64", true, true },
	{ "a name is not looked up", "gw.example.org", "gw.example.org",
	    "text:a84e90851f0ea4bf", "text:a84e90851f0ea4bf", true, false },
	{ "IPv4 with a zone", "10.1.2.3%eth0", "10.1.2.3%eth0",
	    "text:e66b08a52b6b78ec", "text:e66b08a52b6b78ec", true, false },
	{ "UNKNOWN, as sshd may say", "UNKNOWN", "UNKNOWN",
	    "text:08c643c98b44bb79", "text:08c643c98b44bb79", true, false },
};

static void
source(void **state)
{
	const struct source_row *row = *state;
	struct source s;

	source_parse(aia_span_str(row->rhost), &s);
	assert_string_equal(s.text, row->text);
	assert_string_equal(s.peer, row->peer);
	assert_string_equal(s.net, row->net);
	assert_int_equal(s.remote, row->remote);
	assert_int_equal(s.is_address, row->is_address);
}

/* Longer than any field, with bytes that end strings. */
static void
bounded(void **state)
{
	uint8_t bytes[1000];
	struct source s;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	for (size_t len = 1; len <= sizeof(bytes); len++) {
		source_parse(aia_span_of(bytes, len), &s);
		assert_int_equal(strlen(s.text), len < sizeof(s.text) ?
		    len : sizeof(s.text) - 1);
		assert_int_equal(strncmp(s.net, "text:", 5), 0);
	}
	bytes[8] = '\0';
	memcpy(bytes, "10.1.2.3", 8);
	source_parse(aia_span_of(bytes, 20), &s);
	assert_false(s.is_address);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(source_rows) + 1] = {
		cmocka_unit_test(bounded),
	};

	for (size_t i = 0; i < ARRAY_LEN(source_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
		    .name = source_rows[i].name, .test_func = source,
		    .initial_state = &source_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
