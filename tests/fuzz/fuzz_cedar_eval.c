/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_cedar_eval.c - expressions made from the fuzzer's bytes, so that all of
 * them parse and evaluation is what is tried; two evaluations must agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cedar/cedar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 65536

struct maker {
	const uint8_t	*p, *end;
	char		 text[TEXT_MAX];
	size_t		 len;
};

static void
put(struct maker *mk, const char *s)
{
	size_t n = strlen(s);

	if (n >= sizeof(mk->text) - mk->len)
		return;		/* the parser refuses what is cut */
	memcpy(mk->text + mk->len, s, n);
	mk->len += n;
}

static unsigned
pick(struct maker *mk, unsigned n)
{
	return mk->p == mk->end ? 0 : *mk->p++ % n;
}

static void expression(struct maker *mk, unsigned depth);

static void
leaf(struct maker *mk)
{
	static const char *const leaves[] = { "true", "false", "0", "1",
	    "9223372036854775807", "-9223372036854775808", "\"\"", "\"x*y\"",
	    "principal", "action", "resource", "context", "context.n",
	    "context.u", "context.s", "U::\"a\"", "G::\"g\"", "[]", "{}",
	    "decimal(\"-0.5\")", "ip(\"10.0.0.0/8\")", "ip(\"::1\")",
	    "datetime(\"1969-12-31T23:00:00Z\")", "duration(\"-1d2h\")" };

	put(mk, leaves[pick(mk, CEDAR_LEN(leaves))]);
}

/* "%" stands for an expression. */
static void
expression(struct maker *mk, unsigned depth)
{
	static const char *const shapes[] = { "(%)&&(%)", "(%)||(%)", "!(%)",
	    "-(%)", "(%)==(%)", "(%)!=(%)", "(%)<(%)", "(%)>=(%)", "(%)in(%)",
	    "(%)+(%)", "(%)-(%)", "(%)*(%)", "(%)has n", "(%)has u.n",
	    "(%)like\"*x\"", "(%)is U", "(%)is U in(%)", "(%).n", "(%).u.n",
	    "(%).contains(%)", "(%).containsAll(%)", "(%).containsAny(%)",
	    "(%).isEmpty()", "(%).getTag(%)", "(%).hasTag(%)", "[%,%]",
	    "{n:%,\"u\":%}", "(if(%)then(%)else(%))", "(%).isInRange(%)",
	    "(%).lessThan(%)", "(%).offset(%)", "(%).durationSince(%)",
	    "(%).toDate()", "(%).toTime()", "(%).toDays()", "ip(%)",
	    "decimal(%)", "datetime(%)", "duration(%)" };
	const char *shape;

	if (depth == 0 || mk->p == mk->end || pick(mk, 4) == 0) {
		leaf(mk);
		return;
	}
	shape = shapes[pick(mk, CEDAR_LEN(shapes))];
	for (; *shape != '\0'; shape++) {
		char one[2] = { *shape, '\0' };

		if (*shape == '%')
			expression(mk, depth - 1);
		else
			put(mk, one);
	}
}

static int
decide(struct cedar_set *set, bool unknown, struct cedar_answer *ret,
    struct mem *m)
{
	static const char json[] = "[{\"uid\":{\"type\":\"U\",\"id\":\"a\"},"
	    "\"attrs\":{\"n\":1,\"u\":{\"n\":2}},\"parents\":[{\"type\":\"G\","
	    "\"id\":\"g\"}],\"tags\":{\"\":true}}]";
	struct field f[3] = {
		{ str_lit("n"), value_long(3) },
		{ str_lit("s"), value_str(str_lit("axb")) },
		{ str_lit("u"), value_unknown() },
	};
	struct cedar_request req = {
		.principal = uid_make(str_lit("U"), str_lit("a")),
		.action = uid_make(str_lit("Action"), str_lit("a")),
		.resource = uid_make(str_lit("G"), str_lit("g")),
	};
	struct cedar_store *store = NULL;
	struct cedar_error err;
	int r;

	if (!unknown)
		f[2].v = value_long(4);
	(void)value_record(f, 3, &req.context);
	if (cedar_store_new((size_t)1 << 20, &store) < 0)
		return -1;
	r = cedar_store_load(store, json, sizeof(json) - 1, &err);
	if (r == 0)
		r = cedar_authorize(set, store, &req, m, ret);
	cedar_store_free(store);
	return r;
}

/*
 * What is decided while 'u' is unknown, and is sure, must hold when it is
 * known: unless its value is of a type that fails, which a model rules out.
 */
static void
compare(struct cedar_set *set)
{
	struct cedar_answer before, after;
	struct mem ma, mb;

	mem_init(&ma, (size_t)1 << 20);
	mem_init(&mb, (size_t)1 << 20);
	if (decide(set, true, &before, &ma) == 0 &&
	    decide(set, false, &after, &mb) == 0 && !before.unsure &&
	    after.n_failures == 0 && before.decision != after.decision)
		abort();
	mem_clear(&ma);
	mem_clear(&mb);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct maker mk;
	struct cedar_set *set = NULL;
	struct cedar_error err;

	mk.p = data;
	mk.end = data + size;
	mk.len = 0;
	put(&mk, "permit(principal,action,resource)when{");
	expression(&mk, 8);
	put(&mk, "};");
	if (cedar_set_new((size_t)16 << 20, &set) < 0)
		return 0;
	if (cedar_set_add(set, NULL, mk.text, mk.len, CEDAR_IDS_BY_POSITION,
	    &err) == 0 && cedar_set_index(set) == 0)
		compare(set);
	cedar_set_free(set);
	return 0;
}
