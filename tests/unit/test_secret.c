/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_secret.c - set, compare, wipe; and no randomness, no secret.
 */
#include "config.h"

#include "base/secret.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

static int random_errno;	/* 0: works, one byte at a time */

ssize_t __wrap_getrandom(void *buf, size_t len, unsigned flags);
ssize_t __real_getrandom(void *buf, size_t len, unsigned flags);

ssize_t
__wrap_getrandom(void *buf, size_t len, unsigned flags)
{
	if (random_errno != 0) {
		errno = random_errno;
		if (random_errno == EINTR)
			random_errno = 0;
		return -1;
	}
	return __real_getrandom(buf, len > 1 ? 1 : len, flags);
}

static void
sizes(void **state)
{
	static uint8_t big[SECRET_LEN_MAX + 1];
	struct secret s = { 0 };

	(void)state;
	assert_int_equal(secret_set(&s, "abc", 3), 0);
	assert_int_equal(secret_set(&s, big, sizeof(big)), -EMSGSIZE);
	assert_int_equal(secret_random(&s, SECRET_LEN_MAX + 1), -EMSGSIZE);
	assert_int_equal(s.len, 3);
	assert_memory_equal(secret_span(&s).p, "abc", 3);
	assert_int_equal(secret_set(&s, big, SECRET_LEN_MAX), 0);
	assert_int_equal(secret_set(&s, NULL, 0), 0);
	assert_int_equal(secret_span(&s).len, 0);
}

static void
equal(void **state)
{
	static const struct { const char *a, *b; bool want; } rows[] = {
		{ "", "", true }, { "abc", "abc", true },
		{ "abc", "abd", false }, { "abc", "bbc", false },
		{ "abc", "ab", false }, { "", "a", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct secret a = { 0 }, b = { 0 };

		assert_int_equal(secret_set(&a, rows[i].a,
		    strlen(rows[i].a)), 0);
		assert_int_equal(secret_set(&b, rows[i].b,
		    strlen(rows[i].b)), 0);
		assert_int_equal(secret_eq(&a, &b), rows[i].want);
	}
}

/* A shorter one leaves nothing of the longer one before it. */
static void
wiped(void **state)
{
	static const struct secret none;
	struct secret s = { 0 };

	(void)state;
	assert_int_equal(secret_set(&s, "0123456789", 10), 0);
	assert_int_equal(secret_set(&s, "ab", 2), 0);
	assert_memory_equal(s.p + 2, none.p, 8);
	secret_clear(&s);
	assert_memory_equal(&s, &none, sizeof(s));
	secret_clear(NULL);
}

static void
random_bytes(void **state)
{
	struct secret a = { 0 }, b = { 0 };

	(void)state;
	random_errno = EINTR;
	assert_int_equal(secret_random(&a, 32), 0);
	assert_int_equal(secret_random(&b, 32), 0);
	assert_int_equal(a.len, 32);
	assert_false(secret_eq(&a, &b));
	random_errno = ENOSYS;
	assert_int_equal(secret_random(&b, 16), -ENOSYS);
	assert_int_equal(b.len, 32);
	random_errno = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(equal),
		cmocka_unit_test(wiped),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
