/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_person.c - local accounts first, then the directory, then nobody.
 */
#include "config.h"

#include "aiauthd/login/person.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/fake_back.h"

static struct worker worker;
static struct daemon daemon_;
static const char *passwd_file;

static int
setup(void **state)
{
	(void)state;
	passwd_file = fake_passwd();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_passwd_remove();
	return 0;
}

static void
find(const char *name, struct person *ret, int want)
{
	struct aia_name n;

	*ret = (struct person){ 0 };
	assert_int_equal(aia_name_parse(name, strlen(name), &n), 0);
	assert_int_equal(person_find(&worker, &n, ret), want);
}

static struct name_row {
	const char *name, *source, *object_id;
	bool known, local, active;
	uint32_t uid;
} name_rows[] = {
	{ "ada", "idp", "ada", true, false, true, 5001 },
	{ "carl", "idp", "carl", true, false, false, 5003 },
	{ "lena", "local", "lena:1000", true, true, true, 1000 },
	{ "fred", "local", "fred:1001", true, true, true, 1001 },
	{ "root", "local", "root:0", true, true, true, 0 },
	{ "nemo", "local", "nemo:4294967295", false, false, false, 0 },
	{ "len", "local", "len:4294967295", false, false, false, 0 },
};

static void
by_name(void **state)
{
	const struct name_row *row = *state;
	struct person p;

	fake_worker(&worker, &daemon_, passwd_file);
	find(row->name, &p, 0);
	assert_string_equal(p.name.s, row->name);
	assert_int_equal(p.known, row->known);
	assert_int_equal(p.local, row->local);
	assert_int_equal(p.active, row->active);
	assert_int_equal(p.uid, row->uid);
	assert_string_equal(p.who.source.s, row->source);
	assert_string_equal(p.who.object_id, row->object_id);
	person_directory_drop(&worker);
}

static void
of_uid(void **state)
{
	struct person p = { 0 };

	(void)state;
	fake_worker(&worker, &daemon_, passwd_file);
	assert_int_equal(person_of_uid(&worker, FAKE_UID_ADA, &p), 0);
	assert_string_equal(p.name.s, "ada");
	/* bob's uid is taken by a local account: the peer is not bob. */
	assert_int_equal(person_of_uid(&worker, 5002, &p), 0);
	assert_string_equal(p.name.s, "twin");
	assert_true(p.local);
	assert_int_equal(person_of_uid(&worker, 65534, &p), AIA_ENOUSER);
	person_directory_drop(&worker);
}

/* Nothing listed yet means nobody; what cannot be read means nothing. */
static void
no_directory(void **state)
{
	struct person p;
	struct roles roles;

	(void)state;
	fake_worker(&worker, &daemon_, passwd_file);
	fake.directory_error = -ENOENT;
	find("ada", &p, 0);
	assert_false(p.known);
	find("lena", &p, 0);
	assert_true(p.known);
	assert_int_equal(person_roles(&worker, &p, &roles), 0);
	assert_int_equal(roles.n, 0);
	fake.directory_error = AIA_EDAMAGED;
	find("ada", &p, AIA_EDAMAGED);
	assert_int_equal(person_roles(&worker, &p, &roles), AIA_EDAMAGED);
}

static void
no_passwd(void **state)
{
	struct person p;

	(void)state;
	fake_worker(&worker, &daemon_, "/nonexistent/passwd");
	find("ada", &p, -ENOENT);
	assert_int_equal(fake.opens, 0);
}

/* A handle that failed is not used again, one that works is kept. */
static void
opened_anew(void **state)
{
	struct person p;

	(void)state;
	fake_worker(&worker, &daemon_, passwd_file);
	find("ada", &p, 0);
	find("bob", &p, 0);
	find("nemo", &p, 0);
	assert_int_equal(fake.opens, 1);
	fake.query_error = -EIO;
	find("ada", &p, -EIO);
	assert_int_equal(fake.closes, 1);
	fake.query_error = 0;
	find("ada", &p, 0);
	assert_int_equal(fake.opens, 2);
	person_directory_drop(&worker);
	assert_int_equal(fake.closes, 2);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(name_rows) + 4] = {
		cmocka_unit_test(of_uid),
		cmocka_unit_test(no_directory),
		cmocka_unit_test(no_passwd),
		cmocka_unit_test(opened_anew),
	};

	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++)
		tests[i + 4] = (struct CMUnitTest){
		    .name = name_rows[i].name, .test_func = by_name,
		    .initial_state = &name_rows[i] };
	return cmocka_run_group_tests(tests, setup, teardown);
}
