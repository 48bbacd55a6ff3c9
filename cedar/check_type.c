/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_type.c - types of the model: their names, of values, beside each other.
 */
#include "cedar/check.h"

#include <errno.h>
#include <string.h>

const char *
check_kind_name(const struct model_type *t)
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

struct model_type
check_simple(enum model_kind kind)
{
	return (struct model_type){ .kind = kind };
}

struct model_type
check_entity_type(const char *name)
{
	return (struct model_type){ .kind = MODEL_ENTITY, .entity = name };
}

int
check_need(struct check *ck, const struct expr *x, const struct model_type *t,
    enum model_kind kind)
{
	struct model_type want = check_simple(kind);

	if (t->kind == kind || t->kind == MODEL_ANY)
		return 0;
	return check_fail(ck, x->line, x->column, "expected %s, this is %s",
	    check_kind_name(&want), check_kind_name(t));
}

bool
check_compatible(const struct model_type *a, const struct model_type *b)
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
		    check_compatible(a->of, b->of);
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

int
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

int
check_value_type(struct check *ck, const struct expr *x, const struct value *v,
    struct model_type *ret)
{
	static const struct model_type any = { .kind = MODEL_ANY };
	struct model_type *of;
	int r = 0;

	switch (v->type) {
	case V_BOOL:	*ret = check_simple(MODEL_BOOL); break;
	case V_LONG:	*ret = check_simple(MODEL_LONG); break;
	case V_STRING:	*ret = check_simple(MODEL_STRING); break;
	case V_DECIMAL:	*ret = check_simple(MODEL_DECIMAL); break;
	case V_IP:	*ret = check_simple(MODEL_IP); break;
	case V_DATETIME: *ret = check_simple(MODEL_DATETIME); break;
	case V_DURATION: *ret = check_simple(MODEL_DURATION); break;
	case V_RECORD:
	case V_UNKNOWN:	*ret = any; break;
	case V_ENTITY:
		r = check_uid(ck, v->u.e, x->line, x->column);
		if (r == 0) {
			const struct model_entity *e = check_entity(ck,
			    v->u.e->type);

			*ret = check_entity_type(e == NULL ? ck->model->action :
			    e->name);
		}
		break;
	case V_SET:
		*ret = check_simple(MODEL_SET);
		of = mem_get(ck->m, 1, sizeof(*of));
		if (of == NULL)
			return -ENOMEM;
		for (uint32_t i = 0; r == 0 && i < v->n; i++)
			r = check_value_type(ck, x, &v->u.set[i], of);
		ret->of = v->n == 0 ? NULL : of;
		break;
	}
	return r;
}
