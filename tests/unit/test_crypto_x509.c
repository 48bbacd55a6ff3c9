/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_crypto_x509.c - when certificates end.
 */
#include "config.h"

#include "base/crypto_x509.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Made by openssl req -x509, of P-256; EARLY ends before LATE. */
#define EARLY \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIIBbTCCAROgAwIBAgIUB1qus+iAFvd/tCO0idX4C4UCRjgwCgYIKoZIzj0EAwIw\n" \
	"DDEKMAgGA1UEAwwBeDAeFw0yNjExMjgxNzQ3MDJaFw0yOTA4MjQxNzQ3MDJaMAwx\n" \
	"CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT60eIHNXFYJfSt\n" \
	"BhSoRkCYQbE4o3pnxMJi+MHZKJUtqewGr50NWGPqES1/OfbiTeQXffXlyw6vY0JF\n" \
	"sdU0eWyco1MwUTAdBgNVHQ4EFgQUqVpgozPLhLQ+M8SXacE9KTv9nDQwHwYDVR0j\n" \
	"BBgwFoAUqVpgozPLhLQ+M8SXacE9KTv9nDQwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n" \
	"hkjOPQQDAgNIADBFAiB7RMAF2WXC48Z+LpVOizUZ1m5JTeReO0WJ2JGGw6cApwIh\n" \
	"ANwy22w/ykiITg39FZag/k4POoF0e0sUCpIVv3LYKejJ\n" \
	"-----END CERTIFICATE-----\n"
#define EARLY_S INT64_C(1882288022)
#define LATE \
	"-----BEGIN CERTIFICATE-----\n" \
	"MIIBbDCCAROgAwIBAgIUPavvs3NxWaK8JOs4vJa3u6T7A3IwCgYIKoZIzj0EAwIw\n" \
	"DDEKMAgGA1UEAwwBeDAeFw0yNjExMjgxNzQ3MDJaFw0zMjA1MjAxNzQ3MDJaMAwx\n" \
	"CjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATmdOrYmF9U7oX1\n" \
	"yezVMw623XgmU1mgDTBHBB8kV16p4hzhHI9QGtpm5yV51BdaBoxlUUrOZUoztjDj\n" \
	"7ahd2A07o1MwUTAdBgNVHQ4EFgQUsszL1kigGXOfdJnJNHmjtSVah7kwHwYDVR0j\n" \
	"BBgwFoAUsszL1kigGXOfdJnJNHmjtSVah7kwDwYDVR0TAQH/BAUwAwEB/zAKBggq\n" \
	"hkjOPQQDAgNHADBEAiA12K2ciZPa/b8vHF69PoXzgqIROA+xKKNqidq/CIaKAQIg\n" \
	"KNN2en01dzGn1lQyG/pfkH0vxjkiyTQ86zV4CBkeuao=\n" \
	"-----END CERTIFICATE-----\n"
#define LATE_S INT64_C(1968688022)

static struct row {
	const char *name, *pem;
	int64_t ends_s;		/* 0: refused */
} rows[] = {
	{ "one", EARLY, EARLY_S },
	{ "the first that ends", LATE EARLY, EARLY_S },
	{ "the first that ends comes first", EARLY LATE, EARLY_S },
	{ "words around them", "# ours\n" LATE "# the end\n", LATE_S },
	{ "nothing", "", 0 },
	{ "words alone", "none\n", 0 },
	{ "a damaged one behind", LATE "-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n", 0 },
	{ "half a one behind", LATE "-----BEGIN CERTIFICATE-----\nAAAA\n", 0 },
};

static void
expiry(void **state)
{
	const struct row *row = *state;
	int64_t ends_s = 0;
	int r = crypto_pem_expiry(aia_span_str(row->pem), &ends_s);

	assert_int_equal(r, row->ends_s == 0 ? AIA_EPROTO : 0);
	assert_int_equal(ends_s, row->ends_s);
}

/* No part of one is one. */
static void
truncated(void **state)
{
	int64_t ends_s;

	(void)state;
	for (size_t len = 0; len < sizeof(EARLY) - 2; len++)
		assert_int_equal(crypto_pem_expiry(aia_span_of(EARLY, len),
		    &ends_s), AIA_EPROTO);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 1] = {
		cmocka_unit_test(truncated),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[1 + i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = expiry, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
