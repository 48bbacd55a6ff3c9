/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse.c - policies: annotations, scope, clauses; and what all of the parser
 * needs.
 */
#include "cedar/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
vec_add_n(struct mem *m, struct vec *v, size_t n, size_t item_size)
{
	void *at;

	if (n > v->cap - v->n) {
		size_t cap = v->cap == 0 ? 4 : v->cap * 2;
		void *p;

		if (cap < v->n + n)
			cap = v->n + n;
		p = mem_get(m, cap, item_size);
		if (p == NULL)
			return NULL;
		if (v->n != 0)
			memcpy(p, v->p, v->n * item_size);
		v->p = p;
		v->cap = cap;
	}
	at = (char *)v->p + v->n * item_size;
	v->n += n;
	return at;
}

void *
vec_add(struct mem *m, struct vec *v, size_t item_size)
{
	return vec_add_n(m, v, 1, item_size);
}

static int
str_qcmp(const void *a, const void *b)
{
	const struct str *sa = a, *sb = b;

	return str_cmp(*sa, *sb);
}

bool
parse_twice(struct parse *p, const struct str *s, size_t n, size_t stride)
{
	struct str *sorted = mem_get(p->m, n + 1, sizeof(*sorted));

	if (sorted == NULL)
		return true;
	for (size_t i = 0; i < n; i++)
		sorted[i] = *(const struct str *)(const void *)
		    ((const char *)s + i * stride);
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), str_qcmp);
	for (size_t i = 1; i < n; i++)
		if (str_eq(sorted[i - 1], sorted[i]))
			return true;
	return false;
}

static int
fail_at(struct parse *p, const char *text)
{
	p->err->line = p->lx.token_line;
	p->err->column = p->lx.token_column;
	(void)snprintf(p->err->text, sizeof(p->err->text), "%s", text);
	return -EINVAL;
}

int
parse_fail(struct parse *p, const char *what)
{
	return fail_at(p, p->lx.token == T_BAD ? p->lx.why : what);
}

int
parse_expected(struct parse *p, const char *what)
{
	char text[200];
	int n;

	if (p->lx.token == T_BAD)
		return fail_at(p, p->lx.why);
	if (p->lx.token == T_IDENT) {
		n = p->lx.text.len > 40 ? 40 : (int)p->lx.text.len;
		(void)snprintf(text, sizeof(text), "expected %s, found '%.*s'",
		    what, n, p->lx.text.p);
	} else {
		(void)snprintf(text, sizeof(text), "expected %s, found %s",
		    what, token_name(p->lx.token));
	}
	return fail_at(p, text);
}

int
parse_no_memory(struct parse *p)
{
	(void)fail_at(p, "the policies need more memory than is allowed");
	return -ENOMEM;
}

int
parse_enter(struct parse *p)
{
	if (p->depth == CEDAR_DEPTH_MAX)
		return parse_fail(p, "nested too deeply");
	p->depth++;
	return 0;
}

void
parse_leave(struct parse *p)
{
	p->depth--;
}

bool
parse_skip(struct parse *p, enum token t)
{
	if (p->lx.token != t)
		return false;
	lex_next(&p->lx);
	return true;
}

int
parse_take(struct parse *p, enum token t)
{
	return parse_skip(p, t) ? 0 : parse_expected(p, token_name(t));
}

bool
parse_at_word(const struct parse *p, const char *word)
{
	return p->lx.token == T_IDENT && str_is(p->lx.text, word);
}

bool
parse_reserved(struct str word)
{
	static const char *const words[] = { "true", "false", "if", "then",
	    "else", "in", "is", "like", "has", "__cedar" };

	for (size_t i = 0; i < CEDAR_LEN(words); i++)
		if (str_is(word, words[i]))
			return true;
	return false;
}

int
parse_ident(struct parse *p, struct str *ret)
{
	if (p->lx.token != T_IDENT || parse_reserved(p->lx.text))
		return parse_expected(p, "a name");
	if (!str_copy(p->m, p->lx.text, ret))
		return parse_no_memory(p);
	lex_next(&p->lx);
	return 0;
}

int
parse_string(struct parse *p, struct str *ret)
{
	const char *why;

	if (p->lx.token != T_STRING)
		return parse_expected(p, "a string");
	if (!unescape(p->m, p->lx.text, ret, &why))
		return why == NULL ? parse_no_memory(p) : parse_fail(p, why);
	lex_next(&p->lx);
	return 0;
}

static int
add_bytes(struct parse *p, struct vec *v, const char *bytes, size_t n)
{
	char *at = vec_add_n(p->m, v, n, 1);

	if (at == NULL)
		return parse_no_memory(p);
	memcpy(at, bytes, n);
	return 0;
}

int
parse_path_rest(struct parse *p, struct str first, struct str *ret_path,
    const struct uid **ret_uid)
{
	struct vec path = { 0 };
	struct str part = first;
	struct uid *uid;
	int r;

	for (;;) {
		r = add_bytes(p, &path, part.p, part.len);
		if (r < 0)
			return r;
		if (!parse_skip(p, T_PATH)) {
			*ret_path = str_make(path.p, path.n);
			return 0;
		}
		if (p->lx.token == T_STRING && ret_uid != NULL)
			break;
		r = parse_ident(p, &part);
		if (r == 0)
			r = add_bytes(p, &path, "::", 2);
		if (r < 0)
			return r;
	}
	r = parse_string(p, &part);
	if (r < 0)
		return r;
	uid = mem_get(p->m, 1, sizeof(*uid));
	if (uid == NULL)
		return parse_no_memory(p);
	*uid = uid_make(str_make(path.p, path.n), part);
	*ret_uid = uid;
	return 0;
}

int
parse_path(struct parse *p, struct str *ret)
{
	struct str first;
	int r;

	r = parse_ident(p, &first);
	return r < 0 ? r : parse_path_rest(p, first, ret, NULL);
}

int
parse_uid(struct parse *p, const struct uid **ret)
{
	struct str first, path;
	int r;

	*ret = NULL;
	r = parse_ident(p, &first);
	if (r == 0)
		r = parse_path_rest(p, first, &path, ret);
	if (r == 0 && *ret == NULL)
		return parse_expected(p, "'::' and the entity's id");
	return r;
}

/* An entity or the slot that belongs here; parentheses are tolerated. */
static int
scope_ref(struct parse *p, struct scope *s, enum token slot)
{
	int r;

	if (p->lx.token == T_LPAREN) {
		r = parse_enter(p);
		if (r < 0)
			return r;
		lex_next(&p->lx);
		r = scope_ref(p, s, slot);
		parse_leave(p);
		return r < 0 ? r : parse_take(p, T_RPAREN);
	}
	if (slot != T_BAD && parse_skip(p, slot)) {
		s->slot = true;
		return 0;
	}
	if (p->lx.token == T_SLOT_PRINCIPAL || p->lx.token == T_SLOT_RESOURCE)
		return parse_fail(p, "this slot cannot stand here");
	return parse_uid(p, &s->e);
}

static int
scope_is(struct parse *p, struct scope *s, enum token slot)
{
	int r;

	s->op = S_IS;
	r = parse_path(p, &s->type);
	if (r < 0 || !parse_at_word(p, "in"))
		return r;
	lex_next(&p->lx);
	s->op = S_IS_IN;
	return scope_ref(p, s, slot);
}

static int
scope_entity(struct parse *p, const char *var, enum token slot,
    struct scope *s)
{
	if (!parse_at_word(p, var))
		return parse_expected(p, var);
	s->line = p->lx.token_line;
	s->column = p->lx.token_column;
	lex_next(&p->lx);
	if (parse_skip(p, T_EQ)) {
		s->op = S_EQ;
		return scope_ref(p, s, slot);
	}
	if (parse_at_word(p, "in")) {
		lex_next(&p->lx);
		s->op = S_IN;
		return scope_ref(p, s, slot);
	}
	if (parse_at_word(p, "is")) {
		lex_next(&p->lx);
		return scope_is(p, s, slot);
	}
	return 0;
}

static int
action_ref(struct parse *p, struct scope *s)
{
	unsigned line = p->lx.token_line, column = p->lx.token_column;
	int r;

	r = scope_ref(p, s, T_BAD);
	if (r == 0 && !uid_is_action(s->e)) {
		r = parse_fail(p, "an action's type must end in 'Action'");
		p->err->line = line;
		p->err->column = column;
	}
	return r;
}

static int
action_list(struct parse *p, struct scope *s)
{
	struct vec list = { 0 };
	int r;

	s->op = S_IN_LIST;
	while (p->lx.token != T_RBRACKET) {
		struct scope one = { 0 };
		struct uid *uid;

		r = action_ref(p, &one);
		if (r < 0)
			return r;
		uid = vec_add(p->m, &list, sizeof(*uid));
		if (uid == NULL)
			return parse_no_memory(p);
		*uid = *one.e;
		if (!parse_skip(p, T_COMMA))
			break;
	}
	s->list = list.p;
	s->n = (uint32_t)list.n;
	return parse_take(p, T_RBRACKET);
}

static int
scope_action(struct parse *p, struct scope *s)
{
	if (!parse_at_word(p, "action"))
		return parse_expected(p, "action");
	s->line = p->lx.token_line;
	s->column = p->lx.token_column;
	lex_next(&p->lx);
	if (parse_skip(p, T_EQ)) {
		s->op = S_EQ;
		return action_ref(p, s);
	}
	if (!parse_at_word(p, "in"))
		return 0;
	lex_next(&p->lx);
	if (parse_skip(p, T_LBRACKET))
		return action_list(p, s);
	s->op = S_IN;
	return action_ref(p, s);
}

static int
scope(struct parse *p, struct policy *pol)
{
	int r;

	r = parse_take(p, T_LPAREN);
	if (r == 0)
		r = scope_entity(p, "principal", T_SLOT_PRINCIPAL,
		    &pol->principal);
	if (r == 0)
		r = parse_take(p, T_COMMA);
	if (r == 0)
		r = scope_action(p, &pol->action);
	if (r == 0)
		r = parse_take(p, T_COMMA);
	if (r == 0)
		r = scope_entity(p, "resource", T_SLOT_RESOURCE,
		    &pol->resource);
	if (r < 0)
		return r;
	(void)parse_skip(p, T_COMMA);
	return parse_take(p, T_RPAREN);
}

static int
clauses(struct parse *p, struct policy *pol)
{
	struct vec list = { 0 };
	int r;

	while (parse_at_word(p, "when") || parse_at_word(p, "unless")) {
		struct clause *c = vec_add(p->m, &list, sizeof(*c));

		if (c == NULL)
			return parse_no_memory(p);
		c->unless = parse_at_word(p, "unless");
		lex_next(&p->lx);
		r = parse_take(p, T_LBRACE);
		if (r == 0)
			r = parse_expr(p, &c->x);
		if (r == 0)
			r = parse_take(p, T_RBRACE);
		if (r < 0)
			return r;
	}
	pol->clauses = list.p;
	pol->n_clauses = (uint32_t)list.n;
	return 0;
}

static int
annotation(struct parse *p, struct vec *list)
{
	struct annotation *a;
	struct str key;
	int r;

	if (p->lx.token != T_IDENT)
		return parse_expected(p, "the annotation's name");
	if (!str_copy(p->m, p->lx.text, &key))
		return parse_no_memory(p);
	lex_next(&p->lx);
	a = vec_add(p->m, list, sizeof(*a));
	if (a == NULL)
		return parse_no_memory(p);
	a->key = key;
	a->value = str_lit("");
	if (!parse_skip(p, T_LPAREN))
		return 0;
	r = parse_string(p, &a->value);
	return r < 0 ? r : parse_take(p, T_RPAREN);
}

static int
policy(struct parse *p, struct policy *pol)
{
	struct vec notes = { 0 };
	int r;

	pol->file = p->file;
	while (parse_skip(p, T_AT)) {
		r = annotation(p, &notes);
		if (r < 0)
			return r;
	}
	pol->annotations = notes.p;
	pol->n_annotations = (uint32_t)notes.n;
	if (notes.n > 1 && parse_twice(p, &pol->annotations->key, notes.n,
	    sizeof(*pol->annotations)))
		return parse_fail(p, "an annotation stands twice");
	pol->line = p->lx.token_line;
	pol->permit = parse_at_word(p, "permit");
	if (!pol->permit && !parse_at_word(p, "forbid"))
		return parse_expected(p, "permit or forbid");
	lex_next(&p->lx);
	r = scope(p, pol);
	if (r == 0)
		r = clauses(p, pol);
	return r < 0 ? r : parse_take(p, T_SEMICOLON);
}

int
parse_policies(struct parse *p, struct vec *policies)
{
	while (p->lx.token != T_END) {
		struct policy *pol = vec_add(p->m, policies, sizeof(*pol));
		int r;

		if (pol == NULL)
			return parse_no_memory(p);
		r = policy(p, pol);
		if (r < 0)
			return r;
	}
	return 0;
}
