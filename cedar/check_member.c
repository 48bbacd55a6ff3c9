/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_member.c - attributes, methods and extension functions; which optional
 * members 'has' makes sure of.
 */
#include "cedar/check.h"

#include <errno.h>
#include <string.h>

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
		    check_kind_name(t));
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
		*ret = check_entity_type(ck->model->principal);
		break;
	case VAR_ACTION:
		*ret = check_entity_type(ck->model->action);
		break;
	case VAR_RESOURCE:
		*ret = check_entity_type(ck->model->resource);
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
		*t = check_simple(MODEL_ANY);
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

int
check_call(struct check *ck, const struct expr *x, const struct ext_op *op,
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
		r = check_need(ck, x, receiver, ext_types[i].of);
	for (uint32_t k = 0; r == 0 && k < n; k++) {
		r = check_expr(ck, a[k], given, &c);
		if (r == 0)
			r = check_need(ck, a[k], &c.type, receiver == NULL ?
			    ext_types[i].of :
			    ext_arg_kind(op, ext_types[i].of));
	}
	*ret = check_simple(ext_types[i].gives);
	return r;
}

static int
set_method(struct check *ck, const struct expr *x, const struct member *mb,
    present given, struct model_type *t)
{
	struct model_type of = t->of == NULL ? check_simple(MODEL_ANY) : *t->of;
	struct checked c;
	int r;

	r = check_need(ck, x, t, MODEL_SET);
	if (r < 0 || mb->n == 0)
		goto out;
	r = check_expr(ck, mb->a[0], given, &c);
	if (r < 0)
		goto out;
	if (mb->method == M_CONTAINS) {
		if (!check_compatible(&of, &c.type))
			r = check_fail(ck, mb->a[0]->line, mb->a[0]->column,
			    "this set holds %s, never %s", check_kind_name(&of),
			    check_kind_name(&c.type));
	} else {
		r = check_need(ck, mb->a[0], &c.type, MODEL_SET);
		if (r == 0 && c.type.of != NULL &&
		    !check_compatible(&of, c.type.of))
			r = check_fail(ck, mb->a[0]->line, mb->a[0]->column,
			    "this set holds %s, never %s", check_kind_name(&of),
			    check_kind_name(c.type.of));
	}
	if (r == 0)
		r = check_words(ck, mb->a[0], &of);
out:
	*t = check_simple(MODEL_BOOL);
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
		return check_call(ck, x, mb->ext, &receiver, mb->a, mb->n,
		    given, t);
	if (mb->method != M_GET_TAG && mb->method != M_HAS_TAG)
		return set_method(ck, x, mb, given, t);
	r = check_need(ck, x, t, MODEL_ENTITY);
	if (r == 0)
		r = check_expr(ck, mb->a[0], given, &c);
	if (r == 0)
		r = check_need(ck, mb->a[0], &c.type, MODEL_STRING);
	*t = check_simple(mb->method == M_HAS_TAG ? MODEL_BOOL : MODEL_ANY);
	return r;
}

int
check_chain(struct check *ck, const struct expr *x, present given,
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
	r = check_chain(ck, x->a[0], given, ret, &path);
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

int
check_has(struct check *ck, const struct expr *x, present given,
    struct checked *ret)
{
	struct model_type t;
	struct str path;
	int r;

	ret->type = check_simple(MODEL_BOOL);
	r = check_chain(ck, x->a[0], given, &t, &path);
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
		t = m == NULL ? check_simple(MODEL_ANY) : *m->type;
	}
	return r;
}
