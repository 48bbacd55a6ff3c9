/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - policies against a model: scopes, names, suggestions.
 */
#include "cedar/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cedar/set.h"

#define SCRATCH_MAX ((size_t)1 << 20)	/* bytes for the paths of one policy */
#define WORD_MAX 40			/* longer words get no suggestion */

int
check_fail(struct check *ck, uint32_t line, uint32_t column,
    const char *format, ...)
{
	va_list ap;

	ck->err->line = line;
	ck->err->column = column;
	va_start(ap, format);
	(void)vsnprintf(ck->err->text, sizeof(ck->err->text), format, ap);
	va_end(ap);
	return -EINVAL;
}

/* Edit distance of two short words. */
static unsigned
distance(struct str a, const char *b, size_t b_len)
{
	unsigned row[WORD_MAX + 1], next, diagonal;

	for (size_t j = 0; j <= b_len; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a.len; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			next = diagonal + (a.p[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < next)
				next = row[j] + 1;
			if (row[j - 1] + 1 < next)
				next = row[j - 1] + 1;
			row[j] = next;
		}
	}
	return row[b_len];
}

const char *
check_suggest(struct str word, const char *const *names, size_t n,
    size_t stride)
{
	static _Thread_local char text[80];
	unsigned best = word.len / 2 < 3 ? word.len / 2 + 2 : 4;
	const char *found = NULL;

	for (size_t i = 0; word.len <= WORD_MAX && i < n; i++) {
		const char *name = *(const char *const *)(const void *)
		    ((const char *)names + i * stride);
		size_t len = strlen(name);
		unsigned d;

		if (len > WORD_MAX)
			continue;
		d = distance(word, name, len);
		if (d < best) {
			best = d;
			found = name;
		}
	}
	text[0] = '\0';
	if (found != NULL)
		(void)snprintf(text, sizeof(text), "; did you mean '%s'?",
		    found);
	return text;
}

const struct model_entity *
check_entity(const struct check *ck, struct str type)
{
	for (size_t i = 0; i < ck->model->n_entities; i++)
		if (str_is(type, ck->model->entities[i].name))
			return &ck->model->entities[i];
	return NULL;
}

int
check_type_name(struct check *ck, struct str type, uint32_t line,
    uint32_t column)
{
	const struct cedar_model *mo = ck->model;

	if (check_entity(ck, type) != NULL || str_is(type, mo->action))
		return 0;
	return check_fail(ck, line, column,
	    "there is no entity type '%.*s'%s", (int)type.len, type.p,
	    check_suggest(type, &mo->entities->name, mo->n_entities,
	    sizeof(*mo->entities)));
}

int
check_uid(struct check *ck, const struct uid *uid, uint32_t line,
    uint32_t column)
{
	const struct cedar_model *mo = ck->model;

	if (!str_is(uid->type, mo->action))
		return check_type_name(ck, uid->type, line, column);
	for (size_t i = 0; i < mo->n_actions; i++)
		if (str_is(uid->id, mo->actions[i]))
			return 0;
	return check_fail(ck, line, column, "there is no action '%.*s'%s",
	    (int)uid->id.len, uid->id.p, check_suggest(uid->id, mo->actions,
	    mo->n_actions, sizeof(*mo->actions)));
}

int
check_no_group(struct check *ck, const struct uid *uid, uint32_t line,
    uint32_t column)
{
	const struct cedar_model *mo = ck->model;

	if (!str_is(uid->type, mo->action))
		return 0;
	for (size_t i = mo->n_actions - mo->n_groups; i < mo->n_actions; i++)
		if (str_is(uid->id, mo->actions[i]))
			return check_fail(ck, line, column, "'%s' is a group "
			    "of actions, which no action is equal to; did you "
			    "mean 'in'?", mo->actions[i]);
	return 0;
}

static bool
may_be_in(const struct check *ck, const char *type, const char *above,
    unsigned depth)
{
	const struct model_entity *e = check_entity(ck, str_lit(type));

	if (strcmp(type, above) == 0)
		return true;
	for (size_t i = 0; e != NULL && e->parents != NULL &&
	    e->parents[i] != NULL && depth > 0; i++)
		if (strcmp(e->parents[i], type) != 0 &&
		    may_be_in(ck, e->parents[i], above, depth - 1))
			return true;
	return false;
}

bool
check_may_be_in(const struct check *ck, const char *type, const char *above)
{
	return may_be_in(ck, type, above, 8);
}

/* 'principal' and 'resource' in the scope; type is what they always are. */
static int
check_scope(struct check *ck, const struct scope *s, const char *type)
{
	const struct model_entity *of;
	int r = 0;

	if (s->op == S_IS || s->op == S_IS_IN) {
		r = check_type_name(ck, s->type, s->line, s->column);
		if (r == 0 && !str_is(s->type, type))
			r = check_fail(ck, s->line, s->column, "this can "
			    "never be '%.*s': it is always '%s'",
			    (int)s->type.len, s->type.p, type);
	}
	if (r < 0 || s->e == NULL)
		return r;
	r = check_uid(ck, s->e, s->line, s->column);
	if (r < 0)
		return r;
	of = check_entity(ck, s->e->type);
	if (of == NULL || (s->op == S_EQ ? strcmp(of->name, type) != 0 :
	    !check_may_be_in(ck, type, of->name)))
		return check_fail(ck, s->line, s->column, "'%s' can never "
		    "be %s '%.*s'", type, s->op == S_EQ ? "equal to a" : "in a",
		    (int)s->e->type.len, s->e->type.p);
	return 0;
}

static int
check_action(struct check *ck, const struct scope *s)
{
	int r = 0;

	if (s->e != NULL)
		r = check_uid(ck, s->e, s->line, s->column);
	if (r == 0 && s->e != NULL && s->op == S_EQ)
		r = check_no_group(ck, s->e, s->line, s->column);
	for (uint32_t i = 0; r == 0 && i < s->n; i++)
		r = check_uid(ck, &s->list[i], s->line, s->column);
	return r;
}

static int
check_policy(struct check *ck, const struct policy *p)
{
	struct checked c;
	present given = 0;
	int r;

	r = check_scope(ck, &p->principal, ck->model->principal);
	if (r == 0)
		r = check_action(ck, &p->action);
	if (r == 0)
		r = check_scope(ck, &p->resource, ck->model->resource);
	for (uint32_t i = 0; r == 0 && i < p->n_clauses; i++) {
		const struct clause *cl = &p->clauses[i];

		r = check_expr(ck, cl->x, given, &c);
		if (r == 0 && c.type.kind != MODEL_BOOL &&
		    c.type.kind != MODEL_ANY)
			r = check_fail(ck, cl->x->line, cl->x->column,
			    "a clause must be true or false");
		if (r == 0)
			given |= cl->unless ? c.if_false : c.if_true;
	}
	return r;
}

int
cedar_check(const struct cedar_set *set, size_t first,
    const struct cedar_model *model, size_t *ret_policy,
    struct cedar_error *err)
{
	const struct policy *policies = set->policies.p;
	struct mem m;
	int r = 0;

	mem_init(&m, SCRATCH_MAX);
	*err = (struct cedar_error){ 0 };
	for (size_t i = first; r == 0 && i < set->policies.n; i++) {
		struct check ck = { .model = model, .err = err, .m = &m };

		mem_reset(&m);
		*ret_policy = i;
		r = check_policy(&ck, &policies[i]);
	}
	mem_clear(&m);
	return r;
}
