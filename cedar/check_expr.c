/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_expr.c - the type of an expression, and which optional members its
 * truth makes sure of: operators.
 */
#include "cedar/check.h"

#include <errno.h>
#include <string.h>

#include "cedar/lex.h"

#define ALL (~(present)0)

static int
check_logic(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	bool and = x->kind == X_AND;
	struct checked c;
	int r;

	ret->type = check_simple(MODEL_BOOL);
	ret->if_true = and ? 0 : ALL;
	ret->if_false = and ? ALL : 0;
	for (uint32_t i = 0; i < x->n; i++) {
		r = check_expr(ck, x->a[i], given, &c);
		if (r == 0)
			r = check_need(ck, x->a[i], &c.type, MODEL_BOOL);
		if (r < 0)
			return r;
		if (and) {	/* the next is reached if this one is true */
			given |= c.if_true;
			ret->if_true |= c.if_true;
			ret->if_false &= c.if_false;
		} else {
			given |= c.if_false;
			ret->if_true &= c.if_true;
			ret->if_false |= c.if_false;
		}
	}
	return 0;
}

static int
check_if(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked c, a, b;
	int r;

	r = check_expr(ck, x->a[0], given, &c);
	if (r == 0)
		r = check_need(ck, x->a[0], &c.type, MODEL_BOOL);
	if (r == 0)
		r = check_expr(ck, x->a[1], given | c.if_true, &a);
	if (r == 0)
		r = check_expr(ck, x->a[2], given | c.if_false, &b);
	if (r < 0)
		return r;
	if (!check_compatible(&a.type, &b.type))
		return check_fail(ck, x->line, x->column, "'then' gives %s "
		    "but 'else' gives %s", check_kind_name(&a.type),
		    check_kind_name(&b.type));
	ret->type = a.type.kind == MODEL_ANY ? b.type : a.type;
	ret->if_true = (c.if_true | a.if_true) & (c.if_false | b.if_true);
	ret->if_false = (c.if_true | a.if_false) & (c.if_false | b.if_false);
	return 0;
}

static int
check_signs(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked c;
	int r;

	r = check_expr(ck, x->a[0], given, &c);
	if (r == 0)
		r = check_need(ck, x->a[0], &c.type,
		    x->kind == X_NOT ? MODEL_BOOL : MODEL_LONG);
	*ret = c;
	if (x->kind == X_NOT && x->op % 2 == 1) {
		ret->if_true = c.if_false;
		ret->if_false = c.if_true;
	}
	return r;
}

static int
check_equal(struct check *ck, const struct expr *x, const struct model_type *to)
{
	int r = check_words(ck, x, to);

	if (r == 0 && x->kind == X_VALUE && x->v.type == V_ENTITY)
		r = check_no_group(ck, x->v.u.e, x->line, x->column);
	return r;
}

static int
check_compare(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked a, b;
	int r;

	ret->type = check_simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &a);
	if (r == 0)
		r = check_expr(ck, x->a[1], given, &b);
	if (r < 0)
		return r;
	if (!check_compatible(&a.type, &b.type))
		return check_fail(ck, x->line, x->column, "%s and %s can "
		    "never be compared", check_kind_name(&a.type),
		    check_kind_name(&b.type));
	if (x->op == T_EQ || x->op == T_NE) {
		r = check_equal(ck, x->a[1], &a.type);
		return r < 0 ? r : check_equal(ck, x->a[0], &b.type);
	}
	if (a.type.kind == MODEL_LONG || a.type.kind == MODEL_DATETIME ||
	    a.type.kind == MODEL_DURATION || a.type.kind == MODEL_ANY)
		return 0;
	return check_fail(ck, x->line, x->column, "'<' and its like are for "
	    "numbers, datetimes and durations, not for %s",
	    check_kind_name(&a.type));
}

static int
may_hold(struct check *ck, const struct expr *x, const struct model_type *e,
    const struct model_type *of)
{
	if (of->kind == MODEL_SET)
		of = of->of;
	if (of == NULL || of->kind == MODEL_ANY || e->kind == MODEL_ANY)
		return 0;
	if (of->kind != MODEL_ENTITY)
		return check_fail(ck, x->line, x->column, "'in' needs entities "
		    "on its right, this is %s", check_kind_name(of));
	if (e->entity == NULL || of->entity == NULL ||
	    strcmp(e->entity, ck->model->action) == 0 ||
	    check_may_be_in(ck, e->entity, of->entity))
		return 0;
	return check_fail(ck, x->line, x->column, "'%s' can never be in a "
	    "'%s'", e->entity, of->entity);
}

static int
check_in(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked e, of;
	int r;

	ret->type = check_simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &e);
	if (r == 0)
		r = check_need(ck, x->a[0], &e.type, MODEL_ENTITY);
	if (r == 0)
		r = check_expr(ck, x->a[1], given, &of);
	return r < 0 ? r : may_hold(ck, x, &e.type, &of.type);
}

static int
check_is(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked e, of;
	int r;

	ret->type = check_simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &e);
	if (r == 0)
		r = check_need(ck, x->a[0], &e.type, MODEL_ENTITY);
	if (r == 0)
		r = check_type_name(ck, x->key[0], x->line, x->column);
	if (r < 0 || x->n == 1)
		return r;
	r = check_expr(ck, x->a[1], given, &of);
	return r < 0 ? r : may_hold(ck, x, &e.type, &of.type);
}

static int
check_each(struct check *ck, const struct expr *x, present given,
    enum model_kind kind, struct checked *ret)
{
	struct model_type *of = mem_get(ck->m, 1, sizeof(*of));
	struct checked c;
	int r;

	if (of == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < x->n; i++) {
		r = check_expr(ck, x->a[i], given, &c);
		if (r == 0 && kind == MODEL_LONG)
			r = check_need(ck, x->a[i], &c.type, MODEL_LONG);
		if (r < 0)
			return r;
		*of = c.type;
	}
	ret->type = check_simple(kind);
	if (kind == MODEL_SET && x->n > 0)
		ret->type.of = of;
	return 0;
}

static int
check_constant(struct check *ck, const struct expr *x, struct checked *ret)
{
	int r;

	r = check_value_type(ck, x, &x->v, &ret->type);
	if (r == 0 && x->v.type == V_BOOL) {	/* the other never happens */
		ret->if_true = x->v.u.b ? 0 : ALL;
		ret->if_false = x->v.u.b ? ALL : 0;
	}
	return r;
}

int
check_expr(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked c;
	struct str path;
	int r;

	*ret = (struct checked){ .type = check_simple(MODEL_ANY) };
	switch ((enum expr_kind)x->kind) {
	case X_VALUE:	return check_constant(ck, x, ret);
	case X_FAIL:	return check_fail(ck, x->line, x->column, "this "
			    "always fails: %s", x->why);
	case X_VAR:
	case X_MEMBER:	return check_chain(ck, x, given, &ret->type, &path);
	case X_IF:	return check_if(ck, x, given, ret);
	case X_AND:
	case X_OR:	return check_logic(ck, x, given, ret);
	case X_NOT:
	case X_NEG:	return check_signs(ck, x, given, ret);
	case X_COMPARE:	return check_compare(ck, x, given, ret);
	case X_IN:	return check_in(ck, x, given, ret);
	case X_SUM:
	case X_PRODUCT:	return check_each(ck, x, given, MODEL_LONG, ret);
	case X_HAS:	return check_has(ck, x, given, ret);
	case X_LIKE:
		ret->type = check_simple(MODEL_BOOL);
		r = check_expr(ck, x->a[0], given, &c);
		return r < 0 ? r : check_need(ck, x->a[0], &c.type,
		    MODEL_STRING);
	case X_IS:	return check_is(ck, x, given, ret);
	case X_SET:	return check_each(ck, x, given, MODEL_SET, ret);
	case X_RECORD:	return check_each(ck, x, given, MODEL_ANY, ret);
	case X_CALL:	return check_call(ck, x, x->ext, NULL, x->a, x->n,
			    given, &ret->type);
	}
	return check_fail(ck, x->line, x->column, "not an expression");
}
