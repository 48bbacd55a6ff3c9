/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse_expr.c - expressions, by recursive descent.
 *
 * Recursion follows brackets and 'if' alone and is counted; chains are loops.
 */
#include "cedar/parse.h"

static int
product(struct parse *p, const struct expr **ret)
{
	struct vec list = { 0 };
	const struct expr *x = NULL;
	struct expr *all;
	int r;

	do {
		r = parse_operand(p, &x);
		if (r == 0)
			r = parse_add(p, &list, x);
		if (r < 0)
			return r;
	} while (parse_skip(p, T_STAR));
	*ret = x;
	if (list.n == 1)
		return 0;
	r = parse_make_of(p, X_PRODUCT, list.p, list.n, &all);
	if (r == 0)
		*ret = all;
	return r;
}

static int
sum(struct parse *p, const struct expr **ret)
{
	struct vec list = { 0 }, signs = { 0 };
	const struct expr *x = NULL;
	struct expr *all;
	char sign = '+', *at;
	int r;

	for (;;) {
		r = product(p, &x);
		if (r == 0)
			r = parse_add(p, &list, x);
		if (r < 0)
			return r;
		at = vec_add(p->m, &signs, 1);
		if (at == NULL)
			return parse_no_memory(p);
		*at = sign;
		if (p->lx.token != T_PLUS && p->lx.token != T_MINUS)
			break;
		sign = p->lx.token == T_PLUS ? '+' : '-';
		lex_next(&p->lx);
	}
	*ret = x;
	if (list.n == 1)
		return 0;
	r = parse_make_of(p, X_SUM, list.p, list.n, &all);
	if (r < 0)
		return r;
	all->op_list = signs.p;
	*ret = all;
	return 0;
}

static int
has_path(struct parse *p, struct expr *x)
{
	struct vec keys = { 0 };
	struct str *key;
	int r;

	do {
		key = vec_add(p->m, &keys, sizeof(*key));
		if (key == NULL)
			return parse_no_memory(p);
		if (keys.n == 1 && p->lx.token == T_STRING) {
			r = parse_string(p, key);
			x->key = keys.p;
			x->n_keys = 1;
			return r;
		}
		r = parse_ident(p, key);
		if (r < 0)
			return r;
	} while (parse_skip(p, T_DOT));
	x->key = keys.p;
	x->n_keys = (uint32_t)keys.n;
	return 0;
}

static int
like_pattern(struct parse *p, struct expr *x)
{
	struct str *key = mem_get(p->m, 1, sizeof(*key));
	const char *why;

	if (key == NULL)
		return parse_no_memory(p);
	if (p->lx.token != T_STRING)
		return parse_expected(p, "a pattern in quotes");
	if (!unescape_pattern(p->m, p->lx.text, key, &why))
		return why == NULL ? parse_no_memory(p) : parse_fail(p, why);
	x->key = key;
	x->n_keys = 1;
	lex_next(&p->lx);
	return 0;
}

static int
is_type(struct parse *p, const struct expr *left, struct expr *x)
{
	struct str *key = mem_get(p->m, 1, sizeof(*key));
	const struct expr **a;
	int r;

	if (key == NULL)
		return parse_no_memory(p);
	r = parse_path(p, key);
	if (r < 0)
		return r;
	x->key = key;
	x->n_keys = 1;
	if (!parse_at_word(p, "in"))
		return 0;
	lex_next(&p->lx);
	a = mem_get(p->m, 2, sizeof(*a));
	if (a == NULL)
		return parse_no_memory(p);
	a[0] = left;
	x->a = a;
	x->n = 2;
	return sum(p, &a[1]);
}

static int
compare(struct parse *p, const struct expr *left, enum expr_kind kind,
    enum token op, const struct expr **ret)
{
	const struct expr *a[2] = { left, NULL };
	struct expr *x;
	int r;

	lex_next(&p->lx);
	r = sum(p, &a[1]);
	if (r == 0)
		r = parse_make_of(p, kind, a, 2, &x);
	if (r < 0)
		return r;
	x->op = (uint8_t)op;
	*ret = x;
	return 0;
}

static int
word_operator(struct parse *p, const struct expr *left,
    const struct expr **ret)
{
	struct expr *x;
	int r;

	if (parse_at_word(p, "in"))
		return compare(p, left, X_IN, T_IDENT, ret);
	r = parse_make_of(p, X_HAS, &left, 1, &x);
	if (r < 0)
		return r;
	*ret = x;
	if (parse_at_word(p, "has")) {
		lex_next(&p->lx);
		return has_path(p, x);
	}
	if (parse_at_word(p, "like")) {
		x->kind = X_LIKE;
		lex_next(&p->lx);
		return like_pattern(p, x);
	}
	x->kind = X_IS;
	lex_next(&p->lx);
	return is_type(p, left, x);
}

static int
relation(struct parse *p, const struct expr **ret)
{
	int r;

	r = sum(p, ret);
	if (r < 0)
		return r;
	switch (p->lx.token) {
	case T_EQ: case T_NE: case T_LT: case T_LE: case T_GT: case T_GE:
		return compare(p, *ret, X_COMPARE, p->lx.token, ret);
	default:
		break;
	}
	if (parse_at_word(p, "in") || parse_at_word(p, "has") ||
	    parse_at_word(p, "like") || parse_at_word(p, "is"))
		return word_operator(p, *ret, ret);
	return 0;
}

/* x op x op .. as one node. */
static int
chain(struct parse *p, enum token op, enum expr_kind kind,
    int (*part)(struct parse *, const struct expr **),
    const struct expr **ret)
{
	struct vec list = { 0 };
	const struct expr *x = NULL;
	struct expr *all;
	int r;

	do {
		r = part(p, &x);
		if (r == 0)
			r = parse_add(p, &list, x);
		if (r < 0)
			return r;
	} while (parse_skip(p, op));
	*ret = x;
	if (list.n == 1)
		return 0;
	r = parse_make_of(p, kind, list.p, list.n, &all);
	if (r == 0)
		*ret = all;
	return r;
}

static int
conjunction(struct parse *p, const struct expr **ret)
{
	return chain(p, T_AND, X_AND, relation, ret);
}

static int
word(struct parse *p, const char *w)
{
	if (!parse_at_word(p, w))
		return parse_expected(p, w);
	lex_next(&p->lx);
	return 0;
}

static int
conditional(struct parse *p, const struct expr **ret)
{
	const struct expr *a[3];
	struct expr *x;
	int r;

	r = parse_enter(p);
	if (r < 0)
		return r;
	lex_next(&p->lx);
	r = parse_expr(p, &a[0]);
	if (r == 0)
		r = word(p, "then");
	if (r == 0)
		r = parse_expr(p, &a[1]);
	if (r == 0)
		r = word(p, "else");
	if (r == 0)
		r = parse_expr(p, &a[2]);
	if (r == 0)
		r = parse_make_of(p, X_IF, a, 3, &x);
	if (r < 0)
		return r;
	parse_leave(p);
	*ret = x;
	return 0;
}

int
parse_expr(struct parse *p, const struct expr **ret)
{
	if (parse_at_word(p, "if"))
		return conditional(p, ret);
	return chain(p, T_OR, X_OR, conjunction, ret);
}
