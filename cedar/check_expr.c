/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_expr.c - the type of an expression, and which optional members its
 * truth makes sure of.
 */
#include "cedar/check.h"

#include <errno.h>
#include <string.h>

#include "cedar/lex.h"

#define ALL (~(present)0)

static const char *
kind_name(const struct model_type *t)
{
	switch (t->kind) {
	case MODEL_BOOL:	return "a boolean";
	case MODEL_LONG:	return "a number";
	case MODEL_STRING:	return "a string";
	case MODEL_DECIMAL:	return "a decimal";
	case MODEL_IP:		return "an IP address";
	case MODEL_DATETIME:	return "a datetime";
	case MODEL_DURATION:	return "a duration";
	case MODEL_ENTITY:	return t->entity == NULL ? "an entity" :
				    t->entity;
	case MODEL_SET:		return "a set";
	case MODEL_RECORD:	return "a record";
	case MODEL_ANY:		return "anything";
	}
	return "nothing";
}

static struct model_type
simple(enum model_kind kind)
{
	return (struct model_type){ .kind = kind };
}

static struct model_type
entity_type(const char *name)
{
	return (struct model_type){ .kind = MODEL_ENTITY, .entity = name };
}

static int
need(struct check *ck, const struct expr *x, const struct model_type *t,
    enum model_kind kind)
{
	struct model_type want = simple(kind);

	if (t->kind == kind || t->kind == MODEL_ANY)
		return 0;
	return check_fail(ck, x->line, x->column, "expected %s, this is %s",
	    kind_name(&want), kind_name(t));
}

/* Can a value of one ever equal a value of the other? */
static bool
compatible(const struct model_type *a, const struct model_type *b)
{
	if (a->kind == MODEL_ANY || b->kind == MODEL_ANY)
		return true;
	if (a->kind != b->kind)
		return false;
	if (a->kind == MODEL_ENTITY)
		return a->entity == NULL || b->entity == NULL ||
		    strcmp(a->entity, b->entity) == 0;
	if (a->kind == MODEL_SET)
		return a->of == NULL || b->of == NULL ||
		    compatible(a->of, b->of);
	return true;
}

static int
check_word(struct check *ck, const struct expr *at,
    const struct model_type *t, const struct value *v)
{
	if (t->words == NULL || v->type != V_STRING)
		return 0;
	for (size_t i = 0; i < t->n_words; i++)
		if (str_is(v->u.s, t->words[i]))
			return 0;
	return check_fail(ck, at->line, at->column, "there is no %s '%.*s'%s",
	    t->word_name, (int)v->u.s.len, v->u.s.p, check_suggest(v->u.s,
	    t->words, t->n_words, sizeof(*t->words)));
}

/* A literal, or a set of literals, against a type that has words. */
static int
check_words(struct check *ck, const struct expr *x,
    const struct model_type *t)
{
	int r = 0;

	if (t == NULL || x->kind != X_VALUE)
		return 0;
	if (t->kind == MODEL_SET)
		t = t->of;
	if (t == NULL)
		return 0;
	if (x->v.type != V_SET)
		return check_word(ck, x, t, &x->v);
	for (uint32_t i = 0; r == 0 && i < x->v.n; i++)
		r = check_word(ck, x, t, &x->v.u.set[i]);
	return r;
}

static int
value_type(struct check *ck, const struct expr *x, const struct value *v,
    struct model_type *ret)
{
	static const struct model_type any = { .kind = MODEL_ANY };
	struct model_type *of;
	int r = 0;

	switch (v->type) {
	case V_BOOL:	*ret = simple(MODEL_BOOL); break;
	case V_LONG:	*ret = simple(MODEL_LONG); break;
	case V_STRING:	*ret = simple(MODEL_STRING); break;
	case V_DECIMAL:	*ret = simple(MODEL_DECIMAL); break;
	case V_IP:	*ret = simple(MODEL_IP); break;
	case V_DATETIME: *ret = simple(MODEL_DATETIME); break;
	case V_DURATION: *ret = simple(MODEL_DURATION); break;
	case V_RECORD:
	case V_UNKNOWN:	*ret = any; break;
	case V_ENTITY:
		r = check_uid(ck, v->u.e, x->line, x->column);
		if (r == 0) {
			const struct model_entity *e = check_entity(ck,
			    v->u.e->type);

			*ret = entity_type(e == NULL ? ck->model->action :
			    e->name);
		}
		break;
	case V_SET:
		*ret = simple(MODEL_SET);
		of = mem_get(ck->m, 1, sizeof(*of));
		if (of == NULL)
			return -ENOMEM;
		for (uint32_t i = 0; r == 0 && i < v->n; i++)
			r = value_type(ck, x, &v->u.set[i], of);
		ret->of = v->n == 0 ? NULL : of;
		break;
	}
	return r;
}

static const struct model_member *
find(const struct model_member *m, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(key, m[i].name))
			return &m[i];
	return NULL;
}

/* The members of a record or of an entity's type; *ret NULL: not known. */
static int
member_of(struct check *ck, const struct model_type *t, struct str key,
    uint32_t line, uint32_t column, const struct model_member **ret)
{
	const struct model_member *m = t->members;
	const struct model_entity *e;
	size_t n = t->n_members;

	*ret = NULL;
	if (t->kind == MODEL_ANY ||
	    (t->kind == MODEL_ENTITY && t->entity == NULL))
		return 0;
	if (t->kind != MODEL_RECORD && t->kind != MODEL_ENTITY)
		return check_fail(ck, line, column, "%s has no attributes",
		    kind_name(t));
	if (t->kind == MODEL_ENTITY) {
		e = check_entity(ck, str_lit(t->entity));
		m = e == NULL ? NULL : e->members;
		n = e == NULL ? 0 : e->n_members;
	}
	*ret = find(m, n, key);
	if (*ret != NULL)
		return 0;
	return check_fail(ck, line, column, "%s has no attribute '%.*s'%s",
	    t->kind == MODEL_RECORD ? "this record" : t->entity,
	    (int)key.len, key.p, n == 0 ? "" : check_suggest(key, &m->name, n,
	    sizeof(*m)));
}

/* The bit of a path; 0 when it is not one that can be followed. */
static int
path_bit(struct check *ck, const struct expr *x, struct str path,
    present *ret)
{
	for (size_t i = 0; i < ck->n_paths; i++)
		if (str_eq(ck->paths[i], path)) {
			*ret = (present)1 << i;
			return 0;
		}
	if (ck->n_paths == CHECK_PATHS_MAX)
		return check_fail(ck, x->line, x->column, "a policy that asks "
		    "for more than %d optional members", CHECK_PATHS_MAX);
	ck->paths[ck->n_paths] = path;
	*ret = (present)1 << ck->n_paths++;
	return 0;
}

/* Paths are compared as text: the parts with a dot between them. */
static bool
path_add(struct mem *m, struct str *path, struct str key)
{
	char *p = mem_get(m, path->len + (size_t)key.len + 1, 1);

	if (p == NULL)
		return false;
	memcpy(p, path->p, path->len);
	p[path->len] = '\0';	/* cannot be mistaken for part of a name */
	memcpy(p + path->len + 1, key.p, key.len);
	*path = str_make(p, path->len + (size_t)key.len + 1);
	return true;
}

static int
var_type(const struct check *ck, const struct expr *x, struct model_type *ret,
    struct str *ret_path)
{
	static const char *const names[] = {
		[VAR_PRINCIPAL] = "principal", [VAR_ACTION] = "action",
		[VAR_RESOURCE] = "resource", [VAR_CONTEXT] = "context",
	};

	*ret_path = str_lit(names[x->op]);
	switch ((enum var)x->op) {
	case VAR_PRINCIPAL:
		*ret = entity_type(ck->model->principal);
		break;
	case VAR_ACTION:
		*ret = entity_type(ck->model->action);
		break;
	case VAR_RESOURCE:
		*ret = entity_type(ck->model->resource);
		break;
	case VAR_CONTEXT:
		*ret = ck->model->context;
		break;
	}
	return 0;
}

static int
one_get(struct check *ck, const struct expr *x, const struct member *mb,
    present given, struct str *path, struct model_type *t)
{
	const struct model_member *m;
	present bit = 0;
	int r;

	r = member_of(ck, t, mb->key, mb->line, mb->column, &m);
	if (r < 0)
		return r;
	if (path->p != NULL && !path_add(ck->m, path, mb->key))
		return -ENOMEM;
	if (m == NULL) {
		*t = simple(MODEL_ANY);
		return 0;
	}
	*t = *m->type;
	if (!m->optional)
		return 0;
	if (path->p != NULL)
		r = path_bit(ck, x, *path, &bit);
	if (r == 0 && (given & bit) == 0)
		r = check_fail(ck, mb->line, mb->column, "'%.*s' may be "
		    "missing: ask with 'has' before reading it",
		    (int)mb->key.len, mb->key.p);
	return r;
}

static const struct { const char *name; enum model_kind of, gives; }
ext_types[] = {
	{ "decimal", MODEL_STRING, MODEL_DECIMAL },
	{ "ip", MODEL_STRING, MODEL_IP },
	{ "datetime", MODEL_STRING, MODEL_DATETIME },
	{ "duration", MODEL_STRING, MODEL_DURATION },
	{ "lessThan", MODEL_DECIMAL, MODEL_BOOL },
	{ "lessThanOrEqual", MODEL_DECIMAL, MODEL_BOOL },
	{ "greaterThan", MODEL_DECIMAL, MODEL_BOOL },
	{ "greaterThanOrEqual", MODEL_DECIMAL, MODEL_BOOL },
	{ "isIpv4", MODEL_IP, MODEL_BOOL },
	{ "isIpv6", MODEL_IP, MODEL_BOOL },
	{ "isLoopback", MODEL_IP, MODEL_BOOL },
	{ "isMulticast", MODEL_IP, MODEL_BOOL },
	{ "isInRange", MODEL_IP, MODEL_BOOL },
	{ "offset", MODEL_DATETIME, MODEL_DATETIME },
	{ "durationSince", MODEL_DATETIME, MODEL_DURATION },
	{ "toDate", MODEL_DATETIME, MODEL_DATETIME },
	{ "toTime", MODEL_DATETIME, MODEL_DURATION },
	{ "toMilliseconds", MODEL_DURATION, MODEL_LONG },
	{ "toSeconds", MODEL_DURATION, MODEL_LONG },
	{ "toMinutes", MODEL_DURATION, MODEL_LONG },
	{ "toHours", MODEL_DURATION, MODEL_LONG },
	{ "toDays", MODEL_DURATION, MODEL_LONG },
};

/* The argument has the receiver's type, but offset() adds a duration. */
static enum model_kind
ext_arg_kind(const struct ext_op *op, enum model_kind receiver)
{
	return strcmp(op->name, "offset") == 0 ? MODEL_DURATION : receiver;
}

static int
ext_call(struct check *ck, const struct expr *x, const struct ext_op *op,
    const struct model_type *receiver, const struct expr *const *a,
    uint32_t n, present given, struct model_type *ret)
{
	struct checked c;
	size_t i = 0;
	int r = 0;

	while (strcmp(ext_types[i].name, op->name) != 0)
		i++;	/* each op has a row: a test walks both tables */
	if (n + (receiver != NULL) != op->n_args)
		return check_fail(ck, x->line, x->column, "%s() with the "
		    "wrong number of arguments", op->name);
	if (receiver != NULL)
		r = need(ck, x, receiver, ext_types[i].of);
	for (uint32_t k = 0; r == 0 && k < n; k++) {
		r = check_expr(ck, a[k], given, &c);
		if (r == 0)
			r = need(ck, a[k], &c.type, receiver == NULL ?
			    ext_types[i].of :
			    ext_arg_kind(op, ext_types[i].of));
	}
	*ret = simple(ext_types[i].gives);
	return r;
}

static int
set_method(struct check *ck, const struct expr *x, const struct member *mb,
    present given, struct model_type *t)
{
	struct model_type of = t->of == NULL ? simple(MODEL_ANY) : *t->of;
	struct checked c;
	int r;

	r = need(ck, x, t, MODEL_SET);
	if (r < 0 || mb->n == 0)
		goto out;
	r = check_expr(ck, mb->a[0], given, &c);
	if (r < 0)
		goto out;
	if (mb->method == M_CONTAINS) {
		if (!compatible(&of, &c.type))
			r = check_fail(ck, mb->a[0]->line, mb->a[0]->column,
			    "this set holds %s, never %s", kind_name(&of),
			    kind_name(&c.type));
	} else {
		r = need(ck, mb->a[0], &c.type, MODEL_SET);
		if (r == 0 && c.type.of != NULL &&
		    !compatible(&of, c.type.of))
			r = check_fail(ck, mb->a[0]->line, mb->a[0]->column,
			    "this set holds %s, never %s", kind_name(&of),
			    kind_name(c.type.of));
	}
	if (r == 0)
		r = check_words(ck, mb->a[0], &of);
out:
	*t = simple(MODEL_BOOL);
	return r;
}

static int
method(struct check *ck, const struct expr *x, const struct member *mb,
    present given, struct model_type *t)
{
	struct model_type receiver = *t;
	struct checked c;
	int r;

	if (mb->method == M_EXT)
		return ext_call(ck, x, mb->ext, &receiver, mb->a, mb->n,
		    given, t);
	if (mb->method != M_GET_TAG && mb->method != M_HAS_TAG)
		return set_method(ck, x, mb, given, t);
	r = need(ck, x, t, MODEL_ENTITY);
	if (r == 0)
		r = check_expr(ck, mb->a[0], given, &c);
	if (r == 0)
		r = need(ck, mb->a[0], &c.type, MODEL_STRING);
	*t = simple(mb->method == M_HAS_TAG ? MODEL_BOOL : MODEL_ANY);
	return r;
}

/* A chain of members; *ret_path is not there unless it begins with a variable
 * and only reads attributes. */
static int
chain_type(struct check *ck, const struct expr *x, present given,
    struct model_type *ret, struct str *ret_path)
{
	struct str path = { 0 };
	struct checked c;
	int r;

	if (x->kind == X_VAR) {
		r = var_type(ck, x, ret, ret_path);
		return r;
	}
	if (x->kind != X_MEMBER) {
		*ret_path = path;
		r = check_expr(ck, x, given, &c);
		*ret = c.type;
		return r;
	}
	r = chain_type(ck, x->a[0], given, ret, &path);
	for (uint32_t i = 0; r == 0 && i < x->n_members; i++) {
		const struct member *mb = &x->member[i];

		if (mb->method == M_GET) {
			r = one_get(ck, x, mb, given, &path, ret);
		} else {
			path = (struct str){ 0 };
			r = method(ck, x, mb, given, ret);
		}
	}
	*ret_path = path;
	return r;
}

static int
check_has(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct model_type t;
	struct str path;
	int r;

	ret->type = simple(MODEL_BOOL);
	r = chain_type(ck, x->a[0], given, &t, &path);
	for (uint32_t i = 0; r == 0 && i < x->n_keys; i++) {
		const struct model_member *m;
		present bit = 0;

		r = member_of(ck, &t, x->key[i], x->line, x->column, &m);
		if (r < 0)
			return r;
		if (path.p != NULL && !path_add(ck->m, &path, x->key[i]))
			return -ENOMEM;
		if (path.p != NULL && m != NULL && m->optional)
			r = path_bit(ck, x, path, &bit);
		ret->if_true |= bit;
		t = m == NULL ? simple(MODEL_ANY) : *m->type;
	}
	return r;
}

static int
check_logic(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	bool and = x->kind == X_AND;
	struct checked c;
	int r;

	ret->type = simple(MODEL_BOOL);
	ret->if_true = and ? 0 : ALL;
	ret->if_false = and ? ALL : 0;
	for (uint32_t i = 0; i < x->n; i++) {
		r = check_expr(ck, x->a[i], given, &c);
		if (r == 0)
			r = need(ck, x->a[i], &c.type, MODEL_BOOL);
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
		r = need(ck, x->a[0], &c.type, MODEL_BOOL);
	if (r == 0)
		r = check_expr(ck, x->a[1], given | c.if_true, &a);
	if (r == 0)
		r = check_expr(ck, x->a[2], given | c.if_false, &b);
	if (r < 0)
		return r;
	if (!compatible(&a.type, &b.type))
		return check_fail(ck, x->line, x->column, "'then' gives %s "
		    "but 'else' gives %s", kind_name(&a.type),
		    kind_name(&b.type));
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
		r = need(ck, x->a[0], &c.type, x->kind == X_NOT ? MODEL_BOOL :
		    MODEL_LONG);
	*ret = c;
	if (x->kind == X_NOT && x->op % 2 == 1) {
		ret->if_true = c.if_false;
		ret->if_false = c.if_true;
	}
	return r;
}

static int
check_compare(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct checked a, b;
	int r;

	ret->type = simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &a);
	if (r == 0)
		r = check_expr(ck, x->a[1], given, &b);
	if (r < 0)
		return r;
	if (!compatible(&a.type, &b.type))
		return check_fail(ck, x->line, x->column, "%s and %s can "
		    "never be compared", kind_name(&a.type),
		    kind_name(&b.type));
	if (x->op == T_EQ || x->op == T_NE) {
		r = check_words(ck, x->a[1], &a.type);
		return r < 0 ? r : check_words(ck, x->a[0], &b.type);
	}
	if (a.type.kind == MODEL_LONG || a.type.kind == MODEL_DATETIME ||
	    a.type.kind == MODEL_DURATION || a.type.kind == MODEL_ANY)
		return 0;
	return check_fail(ck, x->line, x->column, "'<' and its like are for "
	    "numbers, datetimes and durations, not for %s",
	    kind_name(&a.type));
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
		    "on its right, this is %s", kind_name(of));
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

	ret->type = simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &e);
	if (r == 0)
		r = need(ck, x->a[0], &e.type, MODEL_ENTITY);
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

	ret->type = simple(MODEL_BOOL);
	r = check_expr(ck, x->a[0], given, &e);
	if (r == 0)
		r = need(ck, x->a[0], &e.type, MODEL_ENTITY);
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
			r = need(ck, x->a[i], &c.type, MODEL_LONG);
		if (r < 0)
			return r;
		*of = c.type;
	}
	ret->type = simple(kind);
	if (kind == MODEL_SET && x->n > 0)
		ret->type.of = of;
	return 0;
}

static int
check_constant(struct check *ck, const struct expr *x, struct checked *ret)
{
	int r;

	r = value_type(ck, x, &x->v, &ret->type);
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

	*ret = (struct checked){ .type = simple(MODEL_ANY) };
	switch ((enum expr_kind)x->kind) {
	case X_VALUE:	return check_constant(ck, x, ret);
	case X_FAIL:	return check_fail(ck, x->line, x->column, "this "
			    "always fails: %s", x->why);
	case X_VAR:
	case X_MEMBER:	return chain_type(ck, x, given, &ret->type, &path);
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
		ret->type = simple(MODEL_BOOL);
		r = check_expr(ck, x->a[0], given, &c);
		return r < 0 ? r : need(ck, x->a[0], &c.type, MODEL_STRING);
	case X_IS:	return check_is(ck, x, given, ret);
	case X_SET:	return check_each(ck, x, given, MODEL_SET, ret);
	case X_RECORD:	return check_each(ck, x, given, MODEL_ANY, ret);
	case X_CALL:	return ext_call(ck, x, x->ext, NULL, x->a, x->n,
			    given, &ret->type);
	}
	return check_fail(ck, x->line, x->column, "not an expression");
}
