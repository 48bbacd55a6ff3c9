/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_facts.c - the table of facts, and facts as bytes.
 */
#include "config.h"

#include "aiauthd/facts/facts.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BOOT "00000000-1111-2222-3333-444444444444"

static void
table(void **state)
{
	unsigned n = 0;

	(void)state;
	for (enum fact_name i = FACT_PUBLICKEY; i <= FACT_KEY_SOURCE; i++) {
		const char *s = fact_name_str(i);
		enum fact_name back = 0;

		assert_int_equal(fact_name_parse(s, strlen(s), &back), 0);
		assert_int_equal(back, i);
		assert_int_equal(fact_name_parse(s, strlen(s) - 1, &back),
		    AIA_EPROTO);
		assert_in_range(fact_type_of(i), FACT_T_BOOL, FACT_T_SET);
		n += fact_is_factor(i);
	}
	assert_int_equal(n, 13);
	assert_false(fact_is_factor(FACT_ENROL_CODE));
	assert_int_equal(fact_type_of(0), 0);
	assert_false(fact_is_factor(FACT_KEY_SOURCE + 1));
}

static void
add(void **state)
{
	struct facts f = { 0 };

	(void)state;
	assert_int_equal(facts_add(&f, FACT_TOTP, "0011", true), 0);
	assert_int_equal(f.n, 1);
	assert_true(facts_find(&f, FACT_TOTP)->b);
	assert_true(facts_find(&f, FACT_TOTP)->local);
	assert_true(facts_find(&f, FACT_TOTP)->proven.ms > 0);
	assert_true(boot_id_ok(facts_find(&f, FACT_TOTP)->proven.id));
	assert_null(facts_find(&f, FACT_FIDO2));
	assert_int_equal(facts_add(&f, FACT_TOTP, "2233", false), 0);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.v[0].enrolment, "2233");
	assert_int_equal(facts_add(&f, FACT_OIDC_ACR, "", true), -EINVAL);
	assert_int_equal(facts_add(&f, FACT_TICKET, "a\nb", true), -EINVAL);
	assert_int_equal(facts_add(&f, FACT_TICKET,
	    "0123456789abcdef0123456789abcdef0", true), -EINVAL);
	assert_int_equal(f.n, 1);
	assert_int_equal(facts_add_str(&f, FACT_KEY_SOURCE, "local", "0011",
	    true), 0);
	assert_int_equal(f.n, 2);
	assert_string_equal(facts_find(&f, FACT_KEY_SOURCE)->str[0], "local");
	assert_int_equal(facts_find(&f, FACT_KEY_SOURCE)->n_str, 1);
	assert_int_equal(facts_add_str(&f, FACT_KEY_SOURCE, "", "", true),
	    -EINVAL);
	assert_int_equal(facts_add_str(&f, FACT_FIDO2, "x", "", true),
	    -EINVAL);
	assert_int_equal(f.n, 2);
}

static void
add_int(void **state)
{
	static const int64_t values[] = { 0, -1, INT64_MIN, INT64_MAX };
	struct facts f = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		assert_int_equal(facts_add_int(&f, FACT_OIDC_AUTH_TIME,
		    values[i], "", false), 0);
		assert_int_equal(f.n, 1);
		assert_true(facts_find(&f, FACT_OIDC_AUTH_TIME)->i ==
		    values[i]);
		assert_false(facts_find(&f, FACT_OIDC_AUTH_TIME)->local);
	}
	assert_int_equal(facts_add_int(&f, FACT_TOTP, 1, "", false), -EINVAL);
	assert_int_equal(facts_add_int(&f, FACT_OIDC_AMR, 1, "", false),
	    -EINVAL);
	assert_int_equal(facts_add_int(&f, FACT_OIDC_AUTH_TIME, 1, "a b\n",
	    false), -EINVAL);
	assert_int_equal(f.n, 1);
}

/* The longest text of a fact, and one byte more. */
static char long_text[FACT_STR_MAX + 1], longer[FACT_STR_MAX + 2];

static void
add_set(void **state)
{
	static const char *values[FACT_SET_MAX + 1];
	static const struct {
		const char *first;
		size_t n;
		enum fact_name name;
		int want;
	} rows[] = {
		{ "pwd", 0, FACT_OIDC_AMR, 0 },
		{ "pwd", 1, FACT_OIDC_AMR, 0 },
		{ "pwd", FACT_SET_MAX, FACT_OIDC_AMR, 0 },
		{ long_text, 2, FACT_OIDC_AMR, 0 },
		{ "pwd", FACT_SET_MAX + 1, FACT_OIDC_AMR, -EINVAL },
		{ longer, 2, FACT_OIDC_AMR, -EINVAL },
		{ "", 2, FACT_OIDC_AMR, -EINVAL },
		{ "pwd", 1, FACT_OIDC_ACR, -EINVAL },
		{ "pwd", 1, FACT_TOTP, -EINVAL },
		{ "pwd", 1, 0, -EINVAL },
	};

	(void)state;
	memset(long_text, 'x', FACT_STR_MAX);
	memset(longer, 'x', FACT_STR_MAX + 1);
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		values[i] = "otp";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static struct facts f;
		const struct fact *fact;

		memset(&f, 0, sizeof(f));
		values[0] = rows[i].first;
		assert_int_equal(facts_add_set(&f, rows[i].name, values,
		    rows[i].n, "", false), rows[i].want);
		/* What is refused leaves nothing behind. */
		fact = facts_find(&f, FACT_OIDC_AMR);
		assert_int_equal(fact != NULL, rows[i].want == 0);
		if (fact == NULL)
			continue;
		assert_int_equal(fact->n_str, rows[i].n);
		for (size_t k = 0; k < rows[i].n; k++)
			assert_string_equal(fact->str[k], values[k]);
	}
}

/* Of the set that was there before nothing stays. */
static void
smaller_set(void **state)
{
	static const char *const values[] = { "pwd", "otp", "hwk" };
	static struct facts f, back;
	uint8_t room[FACTS_LEN_MAX];
	size_t len = 0;

	(void)state;
	assert_int_equal(facts_add_set(&f, FACT_OIDC_AMR, values, 3, "",
	    false), 0);
	assert_int_equal(facts_add_set(&f, FACT_OIDC_AMR, values + 1, 1, "",
	    false), 0);
	assert_int_equal(f.n, 1);
	assert_int_equal(f.v[0].n_str, 1);
	assert_string_equal(f.v[0].str[0], "otp");
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len), 0);
	assert_int_equal(facts_decode(aia_span_of(room, len), &back), 0);
	assert_int_equal(back.v[0].n_str, 1);
	assert_string_equal(back.v[0].str[0], "otp");
}

/* What was made once goes anywhere, and takes the place of an older one. */
static void
put(void **state)
{
	static struct facts made, f, copy;

	(void)state;
	assert_int_equal(facts_add(&made, FACT_TOTP, "0011", true), 0);
	assert_int_equal(facts_add(&made, FACT_FIDO2, "", false), 0);
	assert_int_equal(facts_add(&f, FACT_TOTP, "2233", false), 0);
	facts_copy(&copy, &f);
	assert_int_equal(facts_put(&copy, &made.v[0]), 0);
	assert_int_equal(copy.n, 1);
	assert_memory_equal(&copy.v[0], &made.v[0], sizeof(made.v[0]));
	assert_int_equal(facts_put(&copy, &made.v[1]), 0);
	assert_int_equal(copy.n, 2);
	assert_string_equal(f.v[0].enrolment, "2233");
	facts_copy(&copy, &f);
	assert_int_equal(copy.n, 1);
	assert_string_equal(copy.v[0].enrolment, "2233");
	for (size_t i = 1; i < FACTS_MAX; i++)
		copy.v[copy.n++].name = FACT_KEY_SOURCE;
	assert_int_equal(facts_put(&copy, &made.v[1]), -ENOSPC);
	assert_int_equal(facts_put(&copy, &made.v[0]), 0);
}

/* One of each type. */
static void
sample(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->v[0] = (struct fact){ .name = FACT_TOTP, .type = FACT_T_BOOL,
	    .b = true, .proven = { 7, BOOT }, .enrolment = "00ff",
	    .local = true };
	f->v[1] = (struct fact){ .name = FACT_OIDC_AUTH_TIME,
	    .type = FACT_T_INT, .i = INT64_MIN, .proven = { 8, BOOT } };
	f->v[2] = (struct fact){ .name = FACT_OIDC_ACR, .type = FACT_T_STR,
	    .str = { "loa2" }, .n_str = 1, .proven = { 9, BOOT } };
	f->v[3] = (struct fact){ .name = FACT_OIDC_AMR, .type = FACT_T_SET,
	    .str = { "pwd", "" }, .n_str = 2, .proven = { 9, BOOT } };
	f->n = 4;
}

static void
round_trip(void **state)
{
	static struct facts f, back;
	uint8_t room[FACTS_LEN_MAX];
	size_t len = 0;

	(void)state;
	sample(&f);
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len), 0);
	assert_int_equal(facts_decode(aia_span_of(room, len), &back), 0);
	assert_memory_equal(&f, &back, sizeof(f));
	for (size_t cap = 0; cap < len; cap++) {
		size_t none = 0;

		assert_int_equal(facts_encode(&f, room, cap, &none), -ENOBUFS);
		assert_int_equal(facts_decode(aia_span_of(room, cap), &back),
		    AIA_EPROTO);
		assert_int_equal(back.n, 0);
	}
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len), 0);
	room[len] = 0;
	assert_int_equal(facts_decode(aia_span_of(room, len + 1), &back),
	    AIA_EPROTO);
	f.n = 0;
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len), 0);
	assert_int_equal(facts_decode(aia_span_of(room, len), &back), 0);
}

/* One byte of the sample changed, so that it says what the table forbids. */
static struct flip { const char *name; size_t at; uint8_t to; } flips[] = {
	{ "format 2", 0, 2 },
	{ "33 facts", 1, 33 },
	{ "name 0", 2, 0 },
	{ "name past the table", 2, FACT_KEY_SOURCE + 1 },
	{ "name of another type", 2, FACT_OIDC_ACR },
	{ "type that is not the name's", 3, FACT_T_INT },
	{ "boolean 2", 4, 2 },
	{ "boot id too long", 14, 37 },
	{ "boot id not hex", 15, 'g' },
	{ "control character in enrolment", 53, '\n' },
	{ "local 2", 57, 2 },
};

static void
refuses(void **state)
{
	const struct flip *row = *state;
	static struct facts f, back;
	uint8_t room[FACTS_LEN_MAX];
	size_t len = 0;

	sample(&f);
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len), 0);
	assert_int_not_equal(room[row->at], row->to);
	room[row->at] = row->to;
	assert_int_equal(facts_decode(aia_span_of(room, len), &back),
	    AIA_EPROTO);
	assert_int_equal(back.n, 0);
}

static void
encoder_refuses(void **state)
{
	static struct facts f;
	uint8_t room[FACTS_LEN_MAX];
	size_t len = 0;

	(void)state;
	sample(&f);
	f.v[1].name = FACT_TOTP;		/* another type */
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len),
	    AIA_EPROTO);
	sample(&f);
	f.v[1] = f.v[0];			/* twice */
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len),
	    AIA_EPROTO);
	sample(&f);
	f.v[2].n_str = 2;
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len),
	    AIA_EPROTO);
	sample(&f);
	f.v[0].proven.id[0] = '\0';
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len),
	    AIA_EPROTO);
	sample(&f);
	f.n = FACTS_MAX + 1;
	assert_int_equal(facts_encode(&f, room, sizeof(room), &len),
	    AIA_EPROTO);
}

int
main(void)
{
	struct CMUnitTest tests[8 + ARRAY_LEN(flips)] = {
		cmocka_unit_test(table), cmocka_unit_test(add),
		cmocka_unit_test(add_int), cmocka_unit_test(add_set),
		cmocka_unit_test(smaller_set), cmocka_unit_test(put),
		cmocka_unit_test(round_trip), cmocka_unit_test(encoder_refuses),
	};

	for (size_t i = 0; i < ARRAY_LEN(flips); i++)
		tests[8 + i] = (struct CMUnitTest){ .name = flips[i].name,
		    .test_func = refuses, .initial_state = &flips[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
