/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_network.c - what is a range of addresses, and what lies in it.
 */
#include "config.h"

#include "base/network.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/bytes.h"

static struct row {
	const char *net;
	int want;
	const char *in, *out;
} rows[] = {
	{ "192.0.2.0/24", 0, "192.0.2.255", "192.0.3.0" },
	{ "192.0.2.7", 0, "192.0.2.7", "192.0.2.6" },
	{ "192.0.2.7/32", 0, "::ffff:192.0.2.7", "::192.0.2.7" },
	{ "0.0.0.0/0", 0, "255.255.255.255", "2001:db8::1" },
	{ "10.128.0.0/9", 0, "10.255.0.1", "10.127.255.255" },
	{ "2001:db8::/32", 0, "2001:db8:ffff::1", "2001:db9::" },
	{ "::/0", 0, "192.0.2.1", "console" },
	{ "::1", 0, "::1", "::2" },
	{ "2001:db8::/127", 0, "2001:db8::1", "2001:db8::2" },
	{ "", AIA_EPROTO, NULL, NULL }, { "/24", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.0/", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.0/33", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.0/024", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.0/-1", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.0/4294967320", AIA_EPROTO, NULL, NULL },
	{ "192.0.2.1/24", AIA_EPROTO, NULL, NULL },
	{ "2001:db8::1/64", AIA_EPROTO, NULL, NULL },
	{ "2001:db8::/129", AIA_EPROTO, NULL, NULL },
	{ "192.0.2/24", AIA_EPROTO, NULL, NULL },
	{ "fe80::1%eth0", AIA_EPROTO, NULL, NULL },
	{ "office.example.org", AIA_EPROTO, NULL, NULL },
};

static void
network(void **state)
{
	const struct row *row = *state;
	struct network net = { .bits = 99 };

	assert_int_equal(network_parse(row->net, &net), row->want);
	if (row->want < 0) {
		assert_int_equal(net.bits, 99);
		return;
	}
	assert_true(network_has(&net, row->in));
	assert_false(network_has(&net, row->out));
	assert_false(network_has(&net, ""));
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].net,
		    .test_func = network, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
