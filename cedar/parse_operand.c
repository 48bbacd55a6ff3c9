/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse_operand.c - what stands between operators: literals, names, calls,
 * members, signs.  What is constant is computed here, once.
 */
#include "cedar/parse.h"

#include <errno.h>
#include <string.h>

static struct expr *
make(struct parse *p, enum expr_kind kind)
{
	struct expr *x = mem_get(p->m, 1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->kind = (uint8_t)kind;
	x->line = p->lx.token_line;
	x->column = p->lx.token_column;
	return x;
}

int
parse_make_of(struct parse *p, enum expr_kind kind, const struct expr *const *a,
    size_t n, struct expr **ret)
{
	const struct expr **copy = mem_get(p->m, n,
	    sizeof(const struct expr *));
	struct expr *x = make(p, kind);

	if (x == NULL || copy == NULL)
		return parse_no_memory(p);
	memcpy(copy, a, n * sizeof(*a));
	x->a = copy;
	x->n = (uint32_t)n;
	if (n > 0) {	/* errors point at where the whole begins */
		x->line = a[0]->line;
		x->column = a[0]->column;
	}
	*ret = x;
	return 0;
}

int
parse_add(struct parse *p, struct vec *list, const struct expr *x)
{
	const struct expr **at = vec_add(p->m, list, sizeof(*at));

	if (at == NULL)
		return parse_no_memory(p);
	*at = x;
	return 0;
}

/* expr {, expr} [,] up to the closing token, which is stepped over. */
static int
expr_list(struct parse *p, enum token close, struct vec *ret)
{
	while (p->lx.token != close) {
		const struct expr *x;
		int r;

		r = parse_expr(p, &x);
		if (r == 0)
			r = parse_add(p, ret, x);
		if (r < 0)
			return r;
		if (!parse_skip(p, T_COMMA))
			break;
	}
	return parse_take(p, close);
}

static bool
all_values(const struct expr *const *a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i]->kind != X_VALUE)
			return false;
	return true;
}

static int
set_literal(struct parse *p, struct expr *x)
{
	struct vec list = { 0 };
	struct value *v;
	int r;

	r = expr_list(p, T_RBRACKET, &list);
	if (r < 0)
		return r;
	x->a = list.p;
	x->n = (uint32_t)list.n;
	if (!all_values(x->a, x->n))
		return 0;
	v = mem_get(p->m, x->n + (size_t)1, sizeof(*v));
	if (v == NULL)
		return parse_no_memory(p);
	for (uint32_t i = 0; i < x->n; i++)
		v[i] = x->a[i]->v;
	x->v = value_set(v, x->n);
	x->kind = X_VALUE;
	return 0;
}

static int
record_key(struct parse *p, struct str *ret)
{
	return p->lx.token == T_STRING ? parse_string(p, ret) :
	    parse_ident(p, ret);
}

static int
record_literal(struct parse *p, struct expr *x)
{
	struct vec keys = { 0 }, list = { 0 };
	int r;

	while (p->lx.token != T_RBRACE) {
		const struct expr *v;
		struct str key, *at;

		r = record_key(p, &key);
		if (r == 0)
			r = parse_take(p, T_COLON);
		if (r == 0)
			r = parse_expr(p, &v);
		if (r == 0)
			r = parse_add(p, &list, v);
		if (r < 0)
			return r;
		at = vec_add(p->m, &keys, sizeof(*at));
		if (at == NULL)
			return parse_no_memory(p);
		*at = key;
		if (!parse_skip(p, T_COMMA))
			break;
	}
	x->key = keys.p;
	x->n_keys = (uint32_t)keys.n;
	x->a = list.p;
	x->n = (uint32_t)list.n;
	if (keys.n > 1 && parse_twice(p, x->key, keys.n, sizeof(*x->key)))
		return parse_fail(p, "a key of this record stands twice");
	return parse_take(p, T_RBRACE);
}

/* ip("10.0.0.0/8") and the like are values from here on. */
static int
fold_call(struct parse *p, struct expr *x)
{
	if (x->n != x->ext->n_args) {
		x->kind = X_FAIL;
		x->why = "an extension function with the wrong number of "
		    "arguments";
		return 0;
	}
	if (!all_values(x->a, x->n))
		return 0;
	x->why = x->ext->run(p->m, &x->a[0]->v, &x->v);
	if (x->why == ext_no_memory)
		return parse_no_memory(p);
	x->kind = x->why == NULL ? X_VALUE : X_FAIL;
	return 0;
}

static int
call(struct parse *p, struct str name, struct expr *x)
{
	struct vec list = { 0 };
	int r;

	x->kind = X_CALL;
	x->ext = ext_find(name, false);
	if (x->ext == NULL)
		return parse_fail(p, "no function has this name");
	r = parse_enter(p);
	if (r == 0)
		r = parse_take(p, T_LPAREN);
	if (r == 0)
		r = expr_list(p, T_RPAREN, &list);
	if (r < 0)
		return r;
	parse_leave(p);
	x->a = list.p;
	x->n = (uint32_t)list.n;
	return fold_call(p, x);
}

static int
variable(struct str name, struct expr *x)
{
	static const char *const vars[] = {
		[VAR_PRINCIPAL] = "principal", [VAR_ACTION] = "action",
		[VAR_RESOURCE] = "resource", [VAR_CONTEXT] = "context",
	};

	for (size_t i = 0; i < CEDAR_LEN(vars); i++)
		if (str_is(name, vars[i])) {
			x->kind = X_VAR;
			x->op = (uint8_t)i;
			return 0;
		}
	return -ENOENT;
}

/* What begins with a name: an entity, a call, a variable, true or false. */
static int
named(struct parse *p, struct expr *x)
{
	const struct uid *uid = NULL;
	struct str name, path;
	int r;

	if (parse_at_word(p, "true") || parse_at_word(p, "false")) {
		x->kind = X_VALUE;
		x->v = value_bool(parse_at_word(p, "true"));
		lex_next(&p->lx);
		return 0;
	}
	if (parse_reserved(p->lx.text))
		return parse_expected(p, "an expression");
	r = parse_ident(p, &name);
	if (r < 0)
		return r;
	if (p->lx.token == T_LPAREN)
		return call(p, name, x);
	if (p->lx.token == T_PATH) {
		r = parse_path_rest(p, name, &path, &uid);
		if (r < 0)
			return r;
		if (uid == NULL)
			return parse_expected(p, "'::' and the entity's id");
		x->kind = X_VALUE;
		x->v = value_entity(uid);
		return 0;
	}
	if (variable(name, x) < 0)
		return parse_fail(p, "a name that means nothing here: only "
		    "principal, action, resource and context are variables");
	return 0;
}

static int
number(struct parse *p, bool minus, struct expr *x)
{
	uint64_t n = p->lx.number;

	if (n > (uint64_t)INT64_MAX + minus)
		return parse_fail(p, "a number that does not fit a Long");
	x->kind = X_VALUE;
	x->v = value_long(minus ? (int64_t)(0 - n) : (int64_t)n);
	lex_next(&p->lx);
	return 0;
}

static int
bracketed(struct parse *p, const struct expr **ret)
{
	enum token open = p->lx.token;
	struct expr *x;
	int r;

	r = parse_enter(p);
	if (r < 0)
		return r;
	x = make(p, open == T_LBRACKET ? X_SET : X_RECORD);
	if (x == NULL)
		return parse_no_memory(p);
	lex_next(&p->lx);
	*ret = x;
	if (open == T_LBRACKET)
		r = set_literal(p, x);
	else if (open == T_LBRACE)
		r = record_literal(p, x);
	else
		r = parse_expr(p, ret);
	if (r == 0 && open == T_LPAREN)
		r = parse_take(p, T_RPAREN);
	parse_leave(p);
	return r;
}

static int
primary(struct parse *p, const struct expr **ret)
{
	struct expr *x;
	int r;

	switch (p->lx.token) {
	case T_LPAREN:
	case T_LBRACKET:
	case T_LBRACE:
		return bracketed(p, ret);
	case T_IDENT:
	case T_NUMBER:
	case T_STRING:
		break;
	case T_SLOT_PRINCIPAL:
	case T_SLOT_RESOURCE:
		return parse_fail(p, "slots stand in the scope only");
	default:
		return parse_expected(p, "an expression");
	}
	x = make(p, X_VALUE);
	if (x == NULL)
		return parse_no_memory(p);
	*ret = x;
	if (p->lx.token == T_IDENT)
		return named(p, x);
	if (p->lx.token == T_NUMBER)
		return number(p, false, x);
	x->v.type = V_STRING;
	r = parse_string(p, &x->v.u.s);
	return r;
}

static const struct { const char *name; enum method method; uint32_t n; }
methods[] = {
	{ "contains", M_CONTAINS, 1 }, { "containsAll", M_CONTAINS_ALL, 1 },
	{ "containsAny", M_CONTAINS_ANY, 1 }, { "isEmpty", M_IS_EMPTY, 0 },
	{ "getTag", M_GET_TAG, 1 }, { "hasTag", M_HAS_TAG, 1 },
};

static int
method_call(struct parse *p, struct member *mb)
{
	struct vec list = { 0 };
	size_t want = SIZE_MAX;
	int r;

	mb->ext = ext_find(mb->key, true);
	mb->method = M_EXT;
	for (size_t i = 0; i < CEDAR_LEN(methods); i++)
		if (str_is(mb->key, methods[i].name)) {
			mb->method = methods[i].method;
			want = methods[i].n;
		}
	if (mb->ext == NULL && want == SIZE_MAX)
		return parse_fail(p, "no method has this name");
	lex_next(&p->lx);
	r = expr_list(p, T_RPAREN, &list);
	if (r < 0)
		return r;
	if (want != SIZE_MAX && list.n != want)
		return parse_fail(p, "a method with the wrong number of "
		    "arguments");
	mb->a = list.p;
	mb->n = (uint32_t)list.n;
	return 0;
}

static int
one_member(struct parse *p, struct member *mb)
{
	bool bracket = p->lx.token == T_LBRACKET;
	int r;

	lex_next(&p->lx);	/* '.' or '[' */
	mb->line = p->lx.token_line;
	mb->column = p->lx.token_column;
	if (bracket) {
		r = parse_string(p, &mb->key);
		return r < 0 ? r : parse_take(p, T_RBRACKET);
	}
	r = parse_ident(p, &mb->key);
	if (r < 0 || p->lx.token != T_LPAREN)
		return r;
	r = parse_enter(p);
	if (r == 0)
		r = method_call(p, mb);
	if (r == 0)
		parse_leave(p);
	return r;
}

static int
members(struct parse *p, const struct expr *base, const struct expr **ret)
{
	struct vec list = { 0 };
	struct expr *x;
	int r;

	while (p->lx.token == T_DOT || p->lx.token == T_LBRACKET) {
		struct member *mb = vec_add(p->m, &list, sizeof(*mb));

		if (mb == NULL)
			return parse_no_memory(p);
		r = one_member(p, mb);
		if (r < 0)
			return r;
	}
	*ret = base;
	if (list.n == 0)
		return 0;
	r = parse_make_of(p, X_MEMBER, &base, 1, &x);
	if (r < 0)
		return r;
	x->member = list.p;
	x->n_members = (uint32_t)list.n;
	*ret = x;
	return 0;
}

/*
 * -NUMBER is a literal of its own, so that the least Long can be written;
 * but not if a member follows, which binds tighter than the minus.
 */
static int
minus_literal(struct parse *p, const struct expr **ret)
{
	struct parse before = *p;
	struct expr *x = make(p, X_VALUE);
	int r;

	if (x == NULL)
		return parse_no_memory(p);
	r = number(p, true, x);
	if (r < 0)
		return r;
	if (p->lx.token == T_DOT || p->lx.token == T_LBRACKET) {
		*p = before;
		return -ENOENT;
	}
	*ret = x;
	return 0;
}

int
parse_operand(struct parse *p, const struct expr **ret)
{
	enum token sign = p->lx.token;
	const struct expr *x;
	struct expr *signs;
	unsigned n = 0;
	int r = -ENOENT;

	while ((sign == T_NOT || sign == T_MINUS) && parse_skip(p, sign))
		if (++n > 4)
			return parse_fail(p, "more than four of this sign");
	if (sign == T_MINUS && p->lx.token == T_NUMBER) {
		r = minus_literal(p, &x);
		n -= r == 0;
	}
	if (r == -ENOENT) {
		r = primary(p, &x);
		if (r == 0)
			r = members(p, x, &x);
	}
	if (r < 0)
		return r;
	*ret = x;
	if (n == 0)
		return 0;
	r = parse_make_of(p, sign == T_NOT ? X_NOT : X_NEG, &x, 1, &signs);
	if (r < 0)
		return r;
	signs->op = (uint8_t)n;
	*ret = signs;
	return 0;
}
