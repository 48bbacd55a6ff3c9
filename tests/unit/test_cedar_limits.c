/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cedar_limits.c - what is long, deep or large: an answer or an error,
 * and neither a crash nor the square of the length in time.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "cedar/model.h"

#define MEMORY_MAX ((size_t)256 << 20)	/* as much as the daemon gives */
#define CPU_MAX_S 30	/* for a row; below a second, but in valgrind */
#define MANY 100000u
#define LARGE ((size_t)10 << 20)	/* bytes */

/* head, n times part, tail; '#' stands for the number of the time, '$' for
 * the next. */
struct pieces {
	const char *head, *part, *tail;
	size_t n;
};

static char *
text_of(const struct pieces *p, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	assert_non_null(out);
	(void)fputs(p->head, out);
	for (size_t i = 0; i < p->n; i++)
		for (const char *c = p->part; *c != '\0'; c++) {
			if (*c == '#' || *c == '$')
				(void)fprintf(out, "%zu", i + (*c == '$'));
			else
				(void)fputc(*c, out);
		}
	(void)fputs(p->tail, out);
	(void)fclose(out);
	return text;
}

/* SIGXCPU ends the program, and so the test, when a row takes longer. */
static int
limit_cpu(void **state)
{
	struct rusage used;
	struct rlimit lim;

	(void)state;
	if (getrusage(RUSAGE_SELF, &used) < 0 ||
	    getrlimit(RLIMIT_CPU, &lim) < 0)
		return -1;
	lim.rlim_cur = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	    CPU_MAX_S;
	return setrlimit(RLIMIT_CPU, &lim);
}

enum outcome { REFUSED, DENY, ALLOW, FAIL };	/* FAIL: the one policy did */

static enum outcome
decide(const struct cedar_set *set, struct cedar_store *store)
{
	struct cedar_request req = {
		.principal = uid_make(str_lit("U"), str_lit("0")),
		.action = uid_make(str_lit("Action"), str_lit("a")),
		.resource = uid_make(str_lit("R"), str_lit("a")),
	};
	struct field f[] = { { str_lit("n"), value_long(1) },
		{ str_lit("s"), value_str(str_lit("a")) } };
	struct cedar_answer a = { 0 };
	enum outcome ret;
	struct mem m;

	assert_true(value_record(f, CEDAR_LEN(f), &req.context));
	mem_init(&m, MEMORY_MAX);
	assert_int_equal(cedar_authorize(set, store, &req, &m, &a), 0);
	ret = a.n_failures > 0 ? FAIL : a.decision == CEDAR_ALLOW ? ALLOW :
	    DENY;
	mem_clear(&m);
	return ret;
}

/* Whatever it finds: it has to come back, too. */
static void
check(const struct cedar_set *set)
{
	static const struct model_type n = { .kind = MODEL_LONG },
	    s = { .kind = MODEL_STRING };
	static const struct model_member members[] = {
		{ "n", &n, false }, { "s", &s, true },
	};
	static const char *const up[] = { "U", "V", NULL };
	static const struct model_entity types[] = {
		{ "U", members, 2, up }, { "V", NULL, 0, up },
		{ "R", NULL, 0, NULL },
	};
	static const char *const actions[] = { "a" };
	static const struct cedar_model model = {
		.entities = types, .n_entities = CEDAR_LEN(types),
		.principal = "U", .resource = "R", .action = "Action",
		.actions = actions, .n_actions = 1,
		.context = { .kind = MODEL_RECORD, .members = members,
		    .n_members = 2 },
	};
	struct cedar_error err;
	size_t number;

	(void)!cedar_check(set, 0, &model, &number, &err);
}

static enum outcome
ask(const struct pieces *policies, const struct pieces *entities)
{
	struct cedar_set *set = NULL;
	struct cedar_store *store = NULL;
	struct cedar_error err = { 0 };
	enum outcome ret = REFUSED;
	size_t len, json_len;
	char *text = text_of(policies, &len);
	char *json = text_of(entities, &json_len);

	assert_int_equal(cedar_set_new(MEMORY_MAX, &set), 0);
	assert_int_equal(cedar_store_new(MEMORY_MAX, &store), 0);
	if (cedar_set_add(set, NULL, text, len, CEDAR_IDS_BY_POSITION,
	    &err) == 0 && cedar_set_index(set) == 0 &&
	    cedar_store_load(store, json, json_len, &err) == 0) {
		check(set);
		ret = decide(set, store);
	}
	cedar_set_free(set);
	cedar_store_free(store);
	free(text);
	free(json);
	return ret;
}

#define WHEN "permit(principal,action,resource)when{"
#define EPOCH "datetime(\"1970-01-01\")"

static const struct pieces none = { "[", "", "]", 0 };

static struct policy_row {
	const char	*name;
	struct pieces	 p;
	enum outcome	 want;
} policy_rows[] = {
	/* long: loops, however many */
	{ "and", { WHEN, "true&&", "true};", MANY }, ALLOW },
	{ "and of what is not constant", { WHEN, "context.n==1&&", "true};",
	    MANY }, ALLOW },
	{ "and of what may be missing", { WHEN, "context has s&&context.s=="
	    "\"a\"&&", "true};", MANY }, ALLOW },
	{ "or", { WHEN, "false||", "true};", MANY }, ALLOW },
	{ "sum", { WHEN "0", "+1", "==100000};", MANY }, ALLOW },
	{ "difference", { WHEN "100000", "-1", "==0};", MANY }, ALLOW },
	{ "product", { WHEN "1", "*1", "==1};", MANY }, ALLOW },
	{ "set", { WHEN "[", "#,", "].contains(99999)};", MANY }, ALLOW },
	{ "set of the same", { WHEN "[", "7,", "]==[7]};", MANY }, ALLOW },
	{ "set, in falling order", { WHEN "[", "-#,", "].contains(-99999)};",
	    MANY }, ALLOW },
	{ "set of what is not constant", { WHEN "[", "context.n+#,",
	    "].contains(100000)};", MANY }, ALLOW },
	{ "set of sets", { WHEN "[", "[#,[$]],", "].contains([[100000],99999])};",
	    MANY }, ALLOW },
	{ "set in a set", { WHEN "[", "#,", "100000].containsAll([1,2,3])};",
	    MANY }, ALLOW },
	{ "record", { WHEN "{", "a#:#,", "}.a99999==99999};", MANY }, ALLOW },
	{ "record with a key twice", { WHEN "{", "a#:1,", "a0:1}.a1==1};",
	    MANY }, REFUSED },
	{ "has path", { WHEN "context has a", ".a", "};", MANY }, DENY },
	{ "has path through what is none", { WHEN "context has n", ".a", "};",
	    MANY }, FAIL },
	{ "members", { WHEN "context.n", ".a", "};", MANY }, FAIL },
	{ "methods", { WHEN EPOCH, ".offset(duration(\"1ms\"))",
	    ".toTime()==duration(\"100000ms\")};", MANY }, ALLOW },
	{ "in a list", { WHEN "principal in[", "U::\"#\",", "]};", MANY },
	    ALLOW },
	{ "actions", { "permit(principal,action in[", "Action::\"#\",",
	    "Action::\"a\"],resource);", MANY }, ALLOW },
	{ "clauses", { "permit(principal,action,resource)", "when{true}", ";",
	    MANY }, ALLOW },
	{ "annotations", { "", "@a# ", "permit(principal,action,resource);",
	    MANY }, ALLOW },
	{ "an annotation twice", { "@a0 ", "@a# ",
	    "permit(principal,action,resource);", MANY }, REFUSED },
	{ "name of a type", { WHEN "principal is U", "::U", "};", MANY },
	    DENY },
	{ "arguments", { WHEN "ip(", "context.s,", ")==1};", MANY }, FAIL },
	{ "policies", { "", "permit(principal==U::\"#\",action,resource);", "",
	    MANY }, ALLOW },
	/* deep: refused beyond a limit */
	{ "brackets", { WHEN, "(", "true", MANY }, REFUSED },
	{ "brackets that are closed", { WHEN "((((((((((((((((((((((((((((((((",
	    "", "true))))))))))))))))))))))))))))))))};", 0 }, ALLOW },
	{ "sets in sets", { WHEN, "[", "", MANY }, REFUSED },
	{ "records in records", { WHEN, "{a:", "", MANY }, REFUSED },
	{ "if in then", { WHEN, "if true then ", "", MANY }, REFUSED },
	{ "if in else", { WHEN, "if true then 1 else ", "1 == 1};", MANY },
	    REFUSED },
	{ "calls in calls", { WHEN, "ip(", "", MANY }, REFUSED },
	{ "methods in methods", { WHEN, "[].contains(", "", MANY }, REFUSED },
	{ "not", { WHEN, "!", "true};", MANY }, REFUSED },
	{ "not of brackets", { WHEN, "!(", "", MANY }, REFUSED },
	{ "minus", { WHEN, "-", "1==1};", MANY }, REFUSED },
	/* large */
	{ "comment", { "//", "0123456789abcdef", "\n" WHEN "true};",
	    LARGE / 16 }, ALLOW },
	{ "white space", { WHEN, "        ", "true};", LARGE / 8 }, ALLOW },
	{ "string", { WHEN "\"", "0123456789abcdef", "\"!=\"\"};",
	    LARGE / 16 }, ALLOW },
	{ "escapes", { WHEN "\"", "\\u{1f600}", "\"!=\"\"};", LARGE / 9 },
	    ALLOW },
	{ "number", { WHEN, "1", "==1};", LARGE }, REFUSED },
	{ "number of zeros", { WHEN, "0", "1==1};", LARGE }, ALLOW },
	{ "string without an end", { WHEN "\"", "0123456789abcdef", "",
	    LARGE / 16 }, REFUSED },
	{ "one name", { WHEN "context has ", "a", "};", LARGE }, DENY },
	{ "no policy", { "", "x", "", LARGE }, REFUSED },
	{ "10 MB of policies", { "", "permit(principal == U::\"#\", action, "
	    "resource) when { context.n == 1 && context.s like \"a*\" };\n",
	    "", MANY }, ALLOW },
	{ "more memory than is allowed", { "", "permit(principal,action,"
	    "resource);", "", LARGE / 34 }, REFUSED },
	{ "that of one condition", { WHEN, "context.n == 1 && ", "true};",
	    LARGE / 18 }, REFUSED },
};

static void
policies(void **state)
{
	const struct policy_row *row = *state;

	assert_int_equal(ask(&row->p, &none), row->want);
}

#define UID(type, id) "{\"type\":\"" type "\",\"id\":\"" id "\"}"
#define ENTITY(type, id, attrs, parents) "{\"uid\":" UID(type, id) \
	",\"attrs\":{" attrs "},\"parents\":[" parents "]}"

static struct entity_row {
	const char	*name;
	struct pieces	 policies, entities;
	enum outcome	 want;
} entity_rows[] = {
	{ "a chain of parents", { "permit(principal in U::\"100000\",action,"
	    "resource);", "", "", 0 }, { "[", ENTITY("U", "#", "",
	    UID("U", "$")) ",", ENTITY("U", "x", "", "") "]", MANY }, ALLOW },
	{ "in none of a chain", { WHEN "principal in U::\"x\"};", "", "", 0 },
	    { "[", ENTITY("U", "#", "", UID("U", "$")) ",",
	    ENTITY("U", "x", "", "") "]", MANY }, DENY },
	{ "a circle of parents", { "", "", "", 0 }, { "[", ENTITY("U", "#", "",
	    UID("U", "$")) ",", ENTITY("U", "100000", "", UID("U", "0")) "]",
	    MANY }, REFUSED },
	{ "two ways up from each", { WHEN "principal in V::\"50000\"};", "",
	    "", 0 }, { "[", ENTITY("U", "#", "", UID("U", "$") ","
	    UID("V", "$")) "," ENTITY("V", "#", "", UID("U", "$") ","
	    UID("V", "$")) ",", ENTITY("U", "x", "", "") "]", MANY / 2 },
	    ALLOW },
	{ "parents of one", { WHEN "principal in U::\"99999\"};", "", "", 0 },
	    { "[{\"uid\":" UID("U", "0") ",\"attrs\":{},\"parents\":[",
	    UID("U", "$") ",", UID("U", "x") "]}]", MANY }, ALLOW },
	{ "children of one", { WHEN "principal in U::\"x\"};", "", "", 0 },
	    { "[", ENTITY("U", "#", "", UID("U", "x")) ",",
	    ENTITY("U", "x", "", "") "]", MANY }, ALLOW },
	{ "the same entity", { "", "permit(principal,action,resource);", "",
	    1 }, { "[", ENTITY("U", "0", "", "") ",",
	    ENTITY("U", "0", "", "") "]", MANY }, ALLOW },
	{ "attributes", { WHEN "principal.a99999==99999};", "", "", 0 },
	    { "[{\"uid\":" UID("U", "0") ",\"parents\":[],\"attrs\":{",
	    "\"a#\":#,", "\"z\":1}}]", MANY }, ALLOW },
	{ "an attribute twice", { "", "", "", 0 }, { "[{\"uid\":" UID("U", "0")
	    ",\"parents\":[],\"attrs\":{", "\"a#\":#,", "\"a0\":1}}]", MANY },
	    REFUSED },
	{ "a set", { WHEN "principal.s.contains(99999)};", "", "", 0 },
	    { "[{\"uid\":" UID("U", "0") ",\"parents\":[],\"attrs\":{\"s\":[",
	    "#,", "7]}}]", MANY }, ALLOW },
	{ "arrays in arrays", { "", "", "", 0 }, { "", "[", "", MANY },
	    REFUSED },
	{ "objects in objects", { "", "", "", 0 }, { "", "{\"a\":", "", MANY },
	    REFUSED },
	{ "a string of 10 MB", { WHEN "principal.s like \"*f\"};", "", "", 0 },
	    { "[{\"uid\":" UID("U", "0") ",\"parents\":[],\"attrs\":{\"s\":\"",
	    "0123456789abcdef", "\"}}]", LARGE / 16 }, ALLOW },
	{ "10 MB of white space", { WHEN "true};", "", "", 0 },
	    { "[", "                ", "]", LARGE / 16 }, ALLOW },
	{ "like: many stars", { WHEN "principal.s like \"", "*a", "*b\"};",
	    MANY / 2 }, { "[{\"uid\":" UID("U", "0")
	    ",\"parents\":[],\"attrs\":{\"s\":\"", "a", "\"}}]", LARGE }, DENY },
	{ "like: nearly, at each place", { WHEN "principal.s like \"*", "a",
	    "b*\"};", LARGE / 2 }, { "[{\"uid\":" UID("U", "0")
	    ",\"parents\":[],\"attrs\":{\"s\":\"", "a", "\"}}]", LARGE }, DENY },
};

static void
entities(void **state)
{
	const struct entity_row *row = *state;

	assert_int_equal(ask(&row->policies, &row->entities), row->want);
}

int
main(void)
{
	enum { N = CEDAR_LEN(policy_rows), N_ALL = N + CEDAR_LEN(entity_rows) };
	struct CMUnitTest tests[N_ALL] = { 0 };

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ .name = policy_rows[i].name,
		    .test_func = policies, .setup_func = limit_cpu,
		    .initial_state = &policy_rows[i] };
	for (size_t i = N; i < N_ALL; i++)
		tests[i] = (struct CMUnitTest){ .name = entity_rows[i - N].name,
		    .test_func = entities, .setup_func = limit_cpu,
		    .initial_state = &entity_rows[i - N] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
