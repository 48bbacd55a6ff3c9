/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cedar_unknown.c - decisions while part of the context is unknown, and
 * limits.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cedar/cedar.h"

static struct unknown_row {
	const char *name, *text;
	bool allow, unsure;
} rows[] = {	/* context = { known: 1, src: unknown } */
	{ "a permit that depends counts", "permit(principal,action,resource) "
	    "when { context.src == 1 };", true, true },
	{ "so does one that asks for it", "permit(principal,action,resource) "
	    "when { context has src };", true, true },
	{ "unknown is not absent", "permit(principal,action,resource) "
	    "unless { context has src };", true, true },
	{ "false decides", "permit(principal,action,resource) "
	    "when { context.src == 1 && false };", false, false },
	{ "false first", "permit(principal,action,resource) "
	    "when { false && context.src == 1 };", false, false },
	{ "true decides", "permit(principal,action,resource) "
	    "when { context.src == 1 || true };", true, false },
	{ "a later clause decides", "permit(principal,action,resource) "
	    "when { context.src == 1 } when { context.known == 2 };", false,
	    false },
	{ "a forbid that depends does not count",
	    "permit(principal,action,resource); "
	    "forbid(principal,action,resource) when { context.src == 1 };",
	    true, true },
	{ "a forbid that is sure counts", "permit(principal,action,resource); "
	    "forbid(principal,action,resource) when { context.known == 1 || "
	    "context.src == 1 };", false, false },
	{ "an error behind it is not sure", "permit(principal,action,resource)"
	    " when { context.src == 1 && 1 };", true, true },
	{ "an error before it is", "permit(principal,action,resource) "
	    "when { (1 + true == 2) && context.src == 1 };", false, false },
	{ "methods of it", "permit(principal,action,resource) "
	    "when { context.src.contains(1) };", true, true },
	{ "members of it", "permit(principal,action,resource) "
	    "when { context.src.a.b == 2 };", true, true },
	{ "in a set", "permit(principal,action,resource) "
	    "when { [1, context.src].contains(1) };", true, true },
	{ "as a whole", "permit(principal,action,resource) "
	    "when { context == {known: 1} };", true, true },
	{ "if", "permit(principal,action,resource) "
	    "when { if context.src == 1 then true else false };", true, true },
	{ "known members are known", "permit(principal,action,resource) "
	    "when { context.known == 2 };", false, false },
};

static int
decide(const char *text, bool doubt_denies, struct cedar_answer *ret,
    struct mem *m)
{
	struct cedar_request req = {
		.doubt_denies = doubt_denies,
		.principal = uid_make(str_lit("U"), str_lit("a")),
		.action = uid_make(str_lit("Action"), str_lit("a")),
		.resource = uid_make(str_lit("R"), str_lit("a")),
	};
	struct field f[2] = {
		{ str_lit("known"), value_long(1) },
		{ str_lit("src"), value_unknown() },
	};
	struct cedar_set *set = NULL;
	struct cedar_store *store = NULL;
	struct cedar_error err;
	int r;

	assert_true(value_record(f, 2, &req.context));
	assert_int_equal(cedar_set_new((size_t)1 << 20, &set), 0);
	assert_int_equal(cedar_store_new((size_t)1 << 16, &store), 0);
	assert_int_equal(cedar_set_add(set, NULL, text, strlen(text),
	    CEDAR_IDS_BY_POSITION, &err), 0);
	assert_int_equal(cedar_set_index(set), 0);
	r = cedar_authorize(set, store, &req, m, ret);
	cedar_set_free(set);
	cedar_store_free(store);
	return r;
}

static void
unknown(void **state)
{
	const struct unknown_row *row = *state;
	struct cedar_answer a = { 0 };
	struct mem m;

	mem_init(&m, (size_t)1 << 16);
	assert_int_equal(decide(row->text, false, &a, &m), 0);
	assert_int_equal(a.decision, row->allow ? CEDAR_ALLOW : CEDAR_DENY);
	assert_int_equal(a.unsure, row->unsure);
	/* Whatever is not sure is denied then, and nothing else. */
	assert_int_equal(decide(row->text, true, &a, &m), 0);
	assert_int_equal(a.decision, row->allow && !row->unsure ? CEDAR_ALLOW :
	    CEDAR_DENY);
	assert_int_equal(a.unsure, row->unsure);
	mem_clear(&m);
}

/* A policy that would need more memory than there is fails, alone. */
static void
out_of_memory(void **state)
{
	static const char head[] = "permit(principal,action,resource); "
	    "forbid(principal,action,resource) when { [context.known";
	char text[8192];
	struct cedar_answer a = { 0 };
	struct mem m;
	size_t n = sizeof(head) - 1;

	(void)state;
	memcpy(text, head, n);
	for (int i = 0; i < 200; i++, n += 15)
		memcpy(text + n, ",context.known ", 15);
	memcpy(text + n, "].isEmpty() };", 15);
	mem_init(&m, 2048);
	assert_int_equal(decide(text, false, &a, &m), 0);
	assert_int_equal(a.decision, CEDAR_ALLOW);
	assert_int_equal(a.n_failures, 1);
	assert_true(a.forbid_failed);
	mem_clear(&m);
}

/* What is added stays out when its memory does not suffice. */
static void
set_limit(void **state)
{
	static const char text[] = "permit(principal,action,resource);";
	struct cedar_set *set = NULL;
	struct cedar_error err;
	int r = 0;

	(void)state;
	assert_int_equal(cedar_set_new(20000, &set), 0);
	for (int i = 0; r == 0 && i < 10000; i++)
		r = cedar_set_add(set, NULL, text, sizeof(text) - 1,
		    CEDAR_IDS_BY_POSITION, &err);
	assert_int_equal(r, -ENOMEM);
	assert_true(cedar_set_count(set) > 0);
	cedar_set_free(set);
}

static void
same_id(void **state)
{
	static const char text[] = "@id(\"x\") permit(principal,action,"
	    "resource);\n@id(\"x\") forbid(principal,action,resource);";
	struct cedar_set *set = NULL;
	struct cedar_error err;

	(void)state;
	assert_int_equal(cedar_set_new((size_t)1 << 16, &set), 0);
	assert_int_equal(cedar_set_add(set, "f", text, sizeof(text) - 1,
	    CEDAR_IDS_BY_ANNOTATION, &err), -EINVAL);
	assert_int_equal(err.line, 2);
	assert_int_equal(cedar_set_count(set), 0);
	assert_int_equal(cedar_set_add(set, "f", text, sizeof(text) - 1,
	    CEDAR_IDS_BY_POSITION, &err), 0);
	assert_int_equal(cedar_set_count(set), 2);
	cedar_set_free(set);
}

/* The condition that keeps a permit from counting, by its column. */
static struct unmet_row {
	const char *name, *text;
	unsigned column;	/* 0: about another request, or it counts */
} unmet_rows[] = {
	{ "another principal", "permit(principal == U::\"b\",action,resource)"
	    " when { false };", 0 },
	{ "it counts", "permit(principal,action,resource) when { true };", 0 },
	{ "when", "permit(principal,action,resource) when { false };", 42 },
	{ "unless", "permit(principal,action,resource) unless { true };",
	    44 },
	{ "the second", "permit(principal,action,resource) when { true } "
	    "when { 1 == 2 };", 56 },
	{ "a link of a chain", "permit(principal,action,resource) "
	    "when { true && (true && 1 == 2) };", 59 },
	{ "a link of unless", "permit(principal,action,resource) "
	    "unless { false || 1 == 1 };", 53 },
	{ "alternatives are one", "permit(principal,action,resource) "
	    "when { true && (false || 1 == 2) };", 51 },
	{ "a template", "permit(principal == ?principal,action,resource) "
	    "when { false };", 0 },
	{ "one that fails is none", "permit(principal,action,resource) "
	    "when { 1 + true == 2 };", 0 },
};

static void
unmet(void **state)
{
	const struct unmet_row *row = *state;
	const struct cedar_request req = {
		.principal = uid_make(str_lit("U"), str_lit("a")),
		.action = uid_make(str_lit("Action"), str_lit("a")),
		.resource = uid_make(str_lit("R"), str_lit("a")),
	};
	struct cedar_set *set = NULL;
	struct cedar_store *store = NULL;
	struct cedar_error err;
	unsigned line = 0, column = 0;
	struct mem m;

	mem_init(&m, (size_t)1 << 20);
	assert_int_equal(cedar_set_new((size_t)1 << 20, &set), 0);
	assert_int_equal(cedar_set_add(set, NULL, row->text,
	    strlen(row->text), CEDAR_IDS_BY_POSITION, &err), 0);
	assert_int_equal(cedar_set_index(set), 0);
	assert_int_equal(cedar_store_new((size_t)1 << 20, &store), 0);
	assert_int_equal(cedar_policy_unmet(set, store, &req, &m, 0, &line,
	    &column), row->column > 0);
	assert_int_equal(column, row->column);
	cedar_store_free(store);
	cedar_set_free(set);
	mem_clear(&m);
}

int
main(void)
{
	struct CMUnitTest tests[CEDAR_LEN(rows) + CEDAR_LEN(unmet_rows) + 3] = {
		cmocka_unit_test(out_of_memory),
		cmocka_unit_test(set_limit),
		cmocka_unit_test(same_id),
	};
	size_t n = 3;

	for (size_t i = 0; i < CEDAR_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
		    .test_func = unknown, .initial_state = &rows[i] };
	for (size_t i = 0; i < CEDAR_LEN(unmet_rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = unmet_rows[i].name,
		    .test_func = unmet, .initial_state = &unmet_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
