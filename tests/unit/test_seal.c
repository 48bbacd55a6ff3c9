/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_seal.c - sealed secrets open in their own place only, and keyed names.
 */
#include "config.h"

#include "aiauthd/vault/seal.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct owner ada = { "0123456789abcdef0123456789abcdef" };
static const struct owner bob = { "0123456789abcdef0123456789abcdee" };
static struct seal_keys keys, other_host;
static uint8_t sealed[SEALED_MAX];
static size_t sealed_len;

static int
make(void **state)
{
	struct secret key = { 0 }, plain = { 0 };

	(void)state;
	if (secret_set(&key, "0123456789abcdef0123456789abcdef", 32) < 0 ||
	    seal_keys_init(&keys, &key) < 0)
		return -1;
	key.p[0]++;
	if (seal_keys_init(&other_host, &key) < 0 ||
	    secret_set(&plain, "twenty bytes of key!", 20) < 0)
		return -1;
	return seal_secret(&keys, &ada, "totp", "01", &plain, sealed,
	    &sealed_len);
}

static struct row {
	const char	*name;
	const struct seal_keys *keys;
	const struct owner *owner;
	const char	*factor, *id;
	int		 want;
} rows[] = {
	{ "its own place", &keys, &ada, "totp", "01", 0 },
	{ "another host", &other_host, &ada, "totp", "01", AIA_EDAMAGED },
	{ "another person", &keys, &bob, "totp", "01", AIA_EDAMAGED },
	{ "another factor", &keys, &ada, "oidc", "01", AIA_EDAMAGED },
	{ "another row", &keys, &ada, "totp", "02", AIA_EDAMAGED },
	{ "parts moved", &keys, &ada, "totp0", "1", AIA_EDAMAGED },
};

static void
opens(void **state)
{
	const struct row *row = *state;
	struct secret got = { 0 };

	assert_int_equal(seal_open(row->keys, row->owner, row->factor, row->id,
	    aia_span_of(sealed, sealed_len), &got), row->want);
	assert_int_equal(got.len, row->want == 0 ? 20 : 0);
	if (row->want == 0)
		assert_memory_equal(got.p, "twenty bytes of key!", 20);
}

static void
flipped(void **state)
{
	struct secret got = { 0 };

	(void)state;
	for (size_t i = 0; i < sealed_len; i++) {
		sealed[i] ^= 0x80;
		assert_int_equal(seal_open(&keys, &ada, "totp", "01",
		    aia_span_of(sealed, sealed_len), &got), AIA_EDAMAGED);
		sealed[i] ^= 0x80;
	}
	for (size_t len = 0; len < sealed_len; len++)
		assert_int_equal(seal_open(&keys, &ada, "totp", "01",
		    aia_span_of(sealed, len), &got), AIA_EDAMAGED);
	assert_int_equal(got.len, 0);
}

static void
limits(void **state)
{
	struct secret s = { .len = SEAL_PLAIN_MAX + 1 };
	struct seal_keys unused;
	uint8_t room[SEALED_MAX];
	size_t len = 0;

	(void)state;
	assert_int_equal(seal_secret(&keys, &ada, "totp", "01", &s, room,
	    &len), -ENOBUFS);
	s.len = SEAL_KEY_LEN_MIN - 1;
	assert_int_equal(seal_keys_init(&unused, &s), -EINVAL);
}

static void
owner_of(const struct seal_keys *k, const char *source, const char *object_id,
    struct owner *ret)
{
	struct identity who = { 0 };

	memcpy(who.source.s, source, strlen(source));
	memcpy(who.object_id, object_id, strlen(object_id));
	assert_int_equal(seal_owner(k, &who, ret), 0);
	assert_int_equal(strlen(ret->hex), OWNER_LEN);
}

/* No two identities share an owner, however their parts are cut. */
static void
owners(void **state)
{
	static const char *const ids[][2] = {
		{ "idp", "abc" }, { "idp", "abcd" }, { "idpa", "bc" },
		{ "id", "pabc" }, { "idp", "ABC" }, { "idp", "a/b" },
	};
	struct owner got[ARRAY_LEN(ids)], again;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		owner_of(&keys, ids[i][0], ids[i][1], &got[i]);
		owner_of(&keys, ids[i][0], ids[i][1], &again);
		assert_string_equal(got[i].hex, again.hex);
		owner_of(&other_host, ids[i][0], ids[i][1], &again);
		assert_string_not_equal(got[i].hex, again.hex);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(got[i].hex, got[j].hex);
	}
}

int
main(void)
{
	struct CMUnitTest tests[3 + ARRAY_LEN(rows)] = {
		cmocka_unit_test(flipped), cmocka_unit_test(limits),
		cmocka_unit_test(owners),
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[3 + i] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = opens, .initial_state = &rows[i] };
	return cmocka_run_group_tests(tests, make, NULL);
}
