/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eval.c - expressions to values.
 *
 * Recursion follows the nesting that the parser allowed; chains are loops.
 */
#include "cedar/eval.h"

#include <errno.h>

#include "cedar/lex.h"
#include "cedar/like.h"

int
eval_fail_at(struct eval *ev, uint32_t line, uint32_t column, const char *why)
{
	ev->why = why;
	ev->line = line;
	ev->column = column;
	return -EINVAL;
}

int
eval_fail(struct eval *ev, const struct expr *x, const char *why)
{
	return eval_fail_at(ev, x->line, x->column, why);
}

bool
eval_has_unknown(const struct value *v)
{
	if (v->type != V_RECORD)
		return v->type == V_UNKNOWN;
	for (uint32_t i = 0; i < v->n; i++)
		if (v->u.record[i].v.type == V_UNKNOWN)
			return true;
	return false;
}

void
eval_init(struct eval *ev, struct cedar_store *store,
    const struct cedar_request *req, struct mem *m)
{
	*ev = (struct eval){ .store = store, .req = req, .m = m,
	    .context_unknown = eval_has_unknown(&req->context) };
}

bool
eval_above(struct eval *ev, const struct uid *uid, struct above *ret)
{
	struct above a = { .node = store_find(ev->store, uid) };

	if (a.node == NO_NODE || ev->store->nodes[a.node].n_parents == 0) {
		*ret = a;
		return true;
	}
	for (unsigned i = 0; i < ev->n_memo; i++)
		if (ev->memo[i].node == a.node) {
			*ret = ev->memo[i];
			return true;
		}
	if (!store_above(ev->store, a.node, ev->m, &a.list, &a.n))
		return false;
	if (ev->n_memo < EVAL_MEMO)
		ev->memo[ev->n_memo++] = a;
	*ret = a;
	return true;
}

static bool
list_has(const uint32_t *list, uint32_t n, uint32_t what)
{
	uint32_t lo = 0;

	while (lo < n) {
		uint32_t mid = lo + (n - lo) / 2;

		if (list[mid] == what)
			return true;
		if (list[mid] < what)
			lo = mid + 1;
		else
			n = mid;
	}
	return false;
}

int
eval_in_entity(struct eval *ev, const struct uid *e, const struct uid *x)
{
	struct above a;
	uint32_t node;

	if (uid_eq(e, x))
		return 1;
	if (!eval_above(ev, e, &a))
		return -ENOMEM;
	if (a.n == 0)
		return 0;
	node = store_find(ev->store, x);
	return node != NO_NODE && list_has(a.list, a.n, node);
}

static int
in_set(struct eval *ev, const struct expr *x, const struct uid *e,
    const struct value *set, struct value *ret)
{
	int r = 0;

	for (uint32_t i = 0; i < set->n; i++)
		if (set->u.set[i].type != V_ENTITY)
			return eval_fail(ev, x, "'in' needs a set of entities");
	for (uint32_t i = 0; r == 0 && i < set->n; i++)
		r = eval_in_entity(ev, e, set->u.set[i].u.e);
	if (r < 0)
		return eval_fail(ev, x, "out of memory");
	*ret = value_bool(r > 0);
	return 0;
}

static int
apply_in(struct eval *ev, const struct expr *x, const struct value *e,
    const struct value *of, struct value *ret)
{
	struct value one = { .type = V_SET, .n = 1, .u.set = of };

	if (e->type == V_UNKNOWN || of->type == V_UNKNOWN) {
		*ret = value_unknown();
		return 0;
	}
	if (e->type != V_ENTITY)
		return eval_fail(ev, x, "'in' needs an entity on its left");
	if (of->type != V_ENTITY && of->type != V_SET)
		return eval_fail(ev, x, "'in' needs an entity or a set of "
		    "entities on its right");
	return in_set(ev, x, e->u.e, of->type == V_SET ? of : &one, ret);
}

static int
eval_in(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value a, b;
	int r;

	r = eval_expr(ev, x->a[0], &a);
	if (r == 0)
		r = eval_expr(ev, x->a[1], &b);
	return r < 0 ? r : apply_in(ev, x, &a, &b, ret);
}

/*
 * && and ||: 'stop' is the value that decides at once.  After an unknown
 * operand a failure further right may never happen, so it is unknown too.
 */
static int
eval_chain(struct eval *ev, const struct expr *x, bool stop,
    struct value *ret)
{
	bool unsure = false;
	struct value v;
	int r;

	for (uint32_t i = 0; i < x->n; i++) {
		r = eval_expr(ev, x->a[i], &v);
		if (r == 0 && v.type == V_UNKNOWN) {
			unsure = true;
			continue;
		}
		if (r == 0 && v.type != V_BOOL)
			r = eval_fail(ev, x->a[i],
			    "'&&' and '||' need booleans");
		if (r < 0 && !unsure)
			return r;
		if (r < 0)
			break;
		if (v.u.b == stop) {
			*ret = v;
			return 0;
		}
	}
	*ret = unsure ? value_unknown() : value_bool(!stop);
	return 0;
}

static int
eval_if(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value v;
	int r;

	r = eval_expr(ev, x->a[0], &v);
	if (r < 0)
		return r;
	if (v.type == V_UNKNOWN) {
		*ret = v;
		return 0;
	}
	if (v.type != V_BOOL)
		return eval_fail(ev, x->a[0], "'if' needs a boolean");
	return eval_expr(ev, x->a[v.u.b ? 1 : 2], ret);
}

static int
eval_signs(struct eval *ev, const struct expr *x, struct value *ret)
{
	int r;

	r = eval_expr(ev, x->a[0], ret);
	if (r < 0 || ret->type == V_UNKNOWN)
		return r;
	if (x->kind == X_NOT) {
		if (ret->type != V_BOOL)
			return eval_fail(ev, x, "'!' needs a boolean");
		ret->u.b ^= x->op & 1;
		return 0;
	}
	if (ret->type != V_LONG)
		return eval_fail(ev, x, "'-' needs a number");
	for (unsigned i = 0; i < x->op; i++)
		if (__builtin_sub_overflow(0, ret->u.i, &ret->u.i))
			return eval_fail(ev, x, "a number that is too large");
	return 0;
}

static bool
order(enum token op, int64_t a, int64_t b)
{
	switch (op) {
	case T_LT:	return a < b;
	case T_LE:	return a <= b;
	case T_GT:	return a > b;
	default:	return a >= b;
	}
}

static int
eval_compare(struct eval *ev, const struct expr *x, struct value *ret)
{
	enum token op = x->op;
	struct value a, b;
	int r;

	r = eval_expr(ev, x->a[0], &a);
	if (r == 0)
		r = eval_expr(ev, x->a[1], &b);
	if (r < 0)
		return r;
	if (eval_has_unknown(&a) || eval_has_unknown(&b)) {
		*ret = value_unknown();
		return 0;
	}
	if (op == T_EQ || op == T_NE) {
		*ret = value_bool(value_eq(&a, &b) == (op == T_EQ));
		return 0;
	}
	if (a.type != b.type || (a.type != V_LONG && a.type != V_DATETIME &&
	    a.type != V_DURATION))
		return eval_fail(ev, x, "only two numbers, two datetimes or "
		    "two durations can be compared");
	*ret = value_bool(order(op, a.u.i, b.u.i));
	return 0;
}

/* a + b - c .. and a * b .. */
static int
eval_arithmetic(struct eval *ev, const struct expr *x, struct value *ret)
{
	bool unsure = false, over = false;
	int64_t sum = 0;
	struct value v;
	int r;

	for (uint32_t i = 0; i < x->n; i++) {
		r = eval_expr(ev, x->a[i], &v);
		if (r < 0)
			return r;
		if (v.type == V_UNKNOWN) {
			unsure = true;
			continue;
		}
		if (v.type != V_LONG)
			return eval_fail(ev, x->a[i],
			    "arithmetic needs numbers");
		if (i == 0)
			sum = v.u.i;
		else if (x->kind == X_PRODUCT)
			over = __builtin_mul_overflow(sum, v.u.i, &sum);
		else if (x->op_list[i] == '+')
			over = __builtin_add_overflow(sum, v.u.i, &sum);
		else
			over = __builtin_sub_overflow(sum, v.u.i, &sum);
		if (over && !unsure)
			return eval_fail(ev, x, "a number that is too large");
	}
	*ret = unsure ? value_unknown() : value_long(sum);
	return 0;
}

static int
eval_like(struct eval *ev, const struct expr *x, struct value *ret)
{
	int r;

	r = eval_expr(ev, x->a[0], ret);
	if (r < 0 || ret->type == V_UNKNOWN)
		return r;
	if (ret->type != V_STRING)
		return eval_fail(ev, x, "'like' needs a string");
	*ret = value_bool(like_matches(ret->u.s, x->key[0]));
	return 0;
}

static int
eval_is(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value v, of;
	int r;

	r = eval_expr(ev, x->a[0], &v);
	if (r < 0)
		return r;
	if (v.type == V_UNKNOWN) {
		*ret = v;
		return 0;
	}
	if (v.type != V_ENTITY)
		return eval_fail(ev, x, "'is' needs an entity");
	*ret = value_bool(str_eq(v.u.e->type, x->key[0]));
	if (!ret->u.b || x->n == 1)
		return 0;
	r = eval_expr(ev, x->a[1], &of);
	return r < 0 ? r : apply_in(ev, x, &v, &of, ret);
}

static int
eval_set(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct value *v = mem_get(ev->m, x->n + (size_t)1, sizeof(*v));
	bool unsure = false;
	int r;

	if (v == NULL)
		return eval_fail(ev, x, "out of memory");
	for (uint32_t i = 0; i < x->n; i++) {
		r = eval_expr(ev, x->a[i], &v[i]);
		if (r < 0)
			return r;
		unsure |= eval_has_unknown(&v[i]);
	}
	*ret = unsure ? value_unknown() : value_set(v, x->n);
	return 0;
}

static int
eval_record(struct eval *ev, const struct expr *x, struct value *ret)
{
	struct field *f = mem_get(ev->m, x->n + (size_t)1, sizeof(*f));
	bool unsure = false;
	int r;

	if (f == NULL)
		return eval_fail(ev, x, "out of memory");
	for (uint32_t i = 0; i < x->n; i++) {
		f[i].key = x->key[i];
		r = eval_expr(ev, x->a[i], &f[i].v);
		if (r < 0)
			return r;
		unsure |= eval_has_unknown(&f[i].v);
	}
	if (unsure)
		*ret = value_unknown();
	else
		(void)value_record(f, x->n, ret); /* the parser saw the keys */
	return 0;
}

static int
eval_var(struct eval *ev, const struct expr *x, struct value *ret)
{
	switch ((enum var)x->op) {
	case VAR_PRINCIPAL:
		*ret = value_entity(&ev->req->principal);
		return 0;
	case VAR_ACTION:
		*ret = value_entity(&ev->req->action);
		return 0;
	case VAR_RESOURCE:
		*ret = value_entity(&ev->req->resource);
		return 0;
	case VAR_CONTEXT:
		*ret = ev->context_unknown ? value_unknown() :
		    ev->req->context;
		return 0;
	}
	return eval_fail(ev, x, "no such variable");
}

int
eval_expr(struct eval *ev, const struct expr *x, struct value *ret)
{
	switch ((enum expr_kind)x->kind) {
	case X_VALUE:
		*ret = x->v;
		return 0;
	case X_FAIL:	return eval_fail(ev, x, x->why);
	case X_VAR:	return eval_var(ev, x, ret);
	case X_IF:	return eval_if(ev, x, ret);
	case X_AND:	return eval_chain(ev, x, false, ret);
	case X_OR:	return eval_chain(ev, x, true, ret);
	case X_NOT:
	case X_NEG:	return eval_signs(ev, x, ret);
	case X_COMPARE:	return eval_compare(ev, x, ret);
	case X_IN:	return eval_in(ev, x, ret);
	case X_SUM:
	case X_PRODUCT:	return eval_arithmetic(ev, x, ret);
	case X_HAS:	return eval_has(ev, x, ret);
	case X_LIKE:	return eval_like(ev, x, ret);
	case X_IS:	return eval_is(ev, x, ret);
	case X_MEMBER:	return eval_member(ev, x, ret);
	case X_SET:	return eval_set(ev, x, ret);
	case X_RECORD:	return eval_record(ev, x, ret);
	case X_CALL:	return eval_call(ev, x, ret);
	}
	return eval_fail(ev, x, "not an expression");
}

static int
scope_matches(struct eval *ev, const struct scope *s, const struct uid *uid)
{
	int r = 0;

	switch (s->op) {
	case S_ANY:
		return 1;
	case S_EQ:
		return uid_eq(uid, s->e);
	case S_IN:
		return eval_in_entity(ev, uid, s->e);
	case S_IS:
		return str_eq(uid->type, s->type);
	case S_IS_IN:
		return str_eq(uid->type, s->type) ?
		    eval_in_entity(ev, uid, s->e) : 0;
	case S_IN_LIST:
		for (uint32_t i = 0; r == 0 && i < s->n; i++)
			r = eval_in_entity(ev, uid, &s->list[i]);
		return r;
	}
	return 0;
}

/* 1, 0 or -ENOMEM. */
static int
is_about(struct eval *ev, const struct policy *p)
{
	int r;

	r = scope_matches(ev, &p->principal, &ev->req->principal);
	if (r > 0)
		r = scope_matches(ev, &p->action, &ev->req->action);
	if (r > 0)
		r = scope_matches(ev, &p->resource, &ev->req->resource);
	return r;
}

enum eval_outcome
eval_policy(struct eval *ev, const struct policy *p)
{
	enum eval_outcome outcome = EVAL_YES;
	struct value v;
	int r;

	r = is_about(ev, p);
	if (r < 0)
		(void)eval_fail_at(ev, p->line, 1, "out of memory");
	if (r <= 0)
		return r < 0 ? EVAL_FAILED : EVAL_NO;
	for (uint32_t i = 0; i < p->n_clauses; i++) {
		const struct clause *c = &p->clauses[i];

		r = eval_expr(ev, c->x, &v);
		if (r == 0 && v.type == V_UNKNOWN) {
			outcome = EVAL_UNKNOWN;
			continue;
		}
		if (r == 0 && v.type != V_BOOL)
			r = eval_fail(ev, c->x,
			    "a clause that is not a boolean");
		if (r < 0)
			return outcome == EVAL_YES ? EVAL_FAILED : outcome;
		if (v.u.b == c->unless)
			return EVAL_NO;
	}
	return outcome;
}

static bool
is_bool(struct eval *ev, const struct expr *x, bool want)
{
	struct value v;

	return eval_expr(ev, x, &v) == 0 && v.type == V_BOOL &&
	    v.u.b == want;
}

/* Down to the link of the chain that broke it: the first that is 'broken'. */
static const struct expr *
broken_link(struct eval *ev, const struct expr *x, bool broken)
{
	const uint8_t chain = broken ? X_OR : X_AND;

	while (x->kind == chain) {
		uint32_t i = 0;

		while (i < x->n && !is_bool(ev, x->a[i], broken))
			i++;
		if (i == x->n)
			break;
		x = x->a[i];
	}
	return x;
}

const struct expr *
eval_unmet(struct eval *ev, const struct policy *p)
{
	if (is_about(ev, p) <= 0)
		return NULL;
	for (uint32_t i = 0; i < p->n_clauses; i++) {
		const struct clause *c = &p->clauses[i];

		if (is_bool(ev, c->x, c->unless))
			return broken_link(ev, c->x, c->unless);
	}
	return NULL;
}
