/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eval_member.c - attributes, tags, methods and extension functions.
 */
#include "cedar/eval.h"

static const struct node *
entity_of(const struct eval *ev, const struct value *v)
{
	uint32_t at = store_find(ev->store, v->u.e);

	return at == NO_NODE || !ev->store->nodes[at].known ? NULL :
	    &ev->store->nodes[at];
}

/* *ret NULL: there is none. */
static int
attribute(struct eval *ev, const struct expr *x, const struct value *of,
    struct str key, const struct value **ret)
{
	const struct node *node;

	if (of->type == V_RECORD) {
		*ret = record_get(of, key);
		return 0;
	}
	if (of->type != V_ENTITY)
		return eval_fail(ev, x, "only entities and records have "
		    "attributes");
	node = entity_of(ev, of);
	*ret = node == NULL ? NULL : record_get(&node->attrs, key);
	return 0;
}

/*
 * Where the context itself is meant as a whole and part of it is unknown, so
 * is the whole; its members are looked at one by one below.
 */
static int
eval_base(struct eval *ev, const struct expr *x, struct value *ret)
{
	if (x->kind == X_VAR && x->op == VAR_CONTEXT) {
		*ret = ev->req->context;
		return 0;
	}
	return eval_expr(ev, x, ret);
}

int
eval_has(struct eval *ev, const struct expr *x, struct value *ret)
{
	const struct value *at = NULL;
	struct value v;
	int r;

	r = eval_base(ev, x->a[0], &v);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < x->n_keys; i++) {
		if (v.type == V_UNKNOWN)
			break;
		r = attribute(ev, x, &v, x->key[i], &at);
		if (r < 0)
			return r;
		if (at == NULL) {
			*ret = value_bool(false);
			return 0;
		}
		v = *at;
	}
	*ret = v.type == V_UNKNOWN ? v : value_bool(true);
	return 0;
}

static int
run_ext(struct eval *ev, uint32_t line, uint32_t column,
    const struct ext_op *op, const struct value *a, uint32_t n,
    struct value *ret)
{
	const char *why;

	for (uint32_t i = 0; i < n; i++)
		if (a[i].type == V_UNKNOWN) {
			*ret = value_unknown();
			return 0;
		}
	if (n != op->n_args)
		return eval_fail_at(ev, line, column, "an extension function "
		    "with the wrong number of arguments");
	why = op->run(ev->m, a, ret);
	return why == NULL ? 0 : eval_fail_at(ev, line, column, why);
}

static int
eval_args(struct eval *ev, const struct expr *const *a, uint32_t n,
    struct value *room, uint32_t cap)
{
	struct value spare;
	int r = 0;

	/* too many are an error anyway, but theirs may come first */
	for (uint32_t i = 0; r == 0 && i < n; i++)
		r = eval_expr(ev, a[i], i < cap ? &room[i] : &spare);
	return r;
}

int
eval_call(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value a[2];
	int r;

	r = eval_args(ev, x->a, x->n, a, CEDAR_LEN(a));
	return r < 0 ? r : run_ext(ev, x->line, x->column, x->ext, a, x->n,
	    ret);
}

static int
get(struct eval *ev, const struct expr *x, const struct member *mb,
    struct value *v)
{
	const struct value *at = NULL;
	int r;

	r = attribute(ev, x, v, mb->key, &at);
	if (r == 0 && at == NULL)
		r = eval_fail(ev, x,
		    v->type == V_ENTITY && entity_of(ev, v) == NULL
		    ? "an attribute of an entity that does not exist"
		    : "an attribute that does not exist");
	if (r < 0) {
		ev->line = mb->line;
		ev->column = mb->column;
		return r;
	}
	*v = *at;
	return 0;
}

static bool
has_all(const struct value *set, const struct value *of)
{
	for (uint32_t i = 0; i < of->n; i++)
		if (!set_has(set, &of->u.set[i]))
			return false;
	return true;
}

static bool
has_any(const struct value *set, const struct value *of)
{
	for (uint32_t i = 0; i < of->n; i++)
		if (set_has(set, &of->u.set[i]))
			return true;
	return false;
}

static int
set_method(struct eval *ev, const struct member *mb, const struct value *arg,
    struct value *v)
{
	if (v->type != V_SET || ((mb->method == M_CONTAINS_ALL ||
	    mb->method == M_CONTAINS_ANY) && arg->type != V_SET))
		return eval_fail_at(ev, mb->line, mb->column,
		    "this method is for sets");
	switch (mb->method) {
	case M_IS_EMPTY:
		*v = value_bool(v->n == 0);
		return 0;
	case M_CONTAINS:
		*v = value_bool(set_has(v, arg));
		return 0;
	case M_CONTAINS_ALL:
		*v = value_bool(has_all(v, arg));
		return 0;
	default:
		*v = value_bool(has_any(v, arg));
		return 0;
	}
}

static int
tag_method(struct eval *ev, const struct member *mb, const struct value *arg,
    struct value *v)
{
	const struct node *node;
	const struct value *tag;

	if (v->type != V_ENTITY || arg->type != V_STRING)
		return eval_fail_at(ev, mb->line, mb->column,
		    "tags are of entities and have names that are strings");
	node = entity_of(ev, v);
	tag = node == NULL ? NULL : record_get(&node->tags, arg->u.s);
	if (mb->method == M_HAS_TAG)
		*v = value_bool(tag != NULL);
	else if (tag == NULL)
		return eval_fail_at(ev, mb->line, mb->column,
		    "a tag that does not exist");
	else
		*v = *tag;
	return 0;
}

static int
method(struct eval *ev, const struct member *mb, struct value *v)
{
	struct value a[3] = { *v };
	int r;

	r = eval_args(ev, mb->a, mb->n, a + 1, CEDAR_LEN(a) - 1);
	if (r < 0)
		return r;
	if (mb->method == M_EXT)
		return run_ext(ev, mb->line, mb->column, mb->ext, a,
		    mb->n < CEDAR_LEN(a) - 1 ? mb->n + 1 : CEDAR_LEN(a), v);
	if (v->type == V_UNKNOWN || (mb->n > 0 && eval_has_unknown(&a[1]))) {
		*v = value_unknown();
		return 0;
	}
	if (mb->method == M_GET_TAG || mb->method == M_HAS_TAG)
		return tag_method(ev, mb, &a[1], v);
	return set_method(ev, mb, &a[1], v);
}

int
eval_member(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value v;
	int r;

	r = eval_base(ev, x->a[0], &v);
	for (uint32_t i = 0; r == 0 && i < x->n_members; i++) {
		const struct member *mb = &x->member[i];

		if (mb->method != M_GET)
			r = method(ev, mb, &v);
		else if (v.type != V_UNKNOWN)
			r = get(ev, x, mb, &v);
	}
	if (r == 0)
		*ret = v;
	return r;
}
