/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cedarc.c - answer case files, one JSON object a line on standard input, one
 * answer a line on standard output, so that any oracle can judge this engine.
 *
 *   {"name","kind":"authorize","policies":..,"entities":[..],"requests":[..]}
 *	-> {"name","results":[{"decision","reasons":[..],"errors":[..]}]}
 *   {"name","kind":"parse","policies":TEXT}		-> {"name","ok"}
 *   {"name","kind":"entities"|"context","text":TEXT}	-> {"name","ok"}
 *
 * "policies" is a text, or {"staticPolicies":{id:text},"templates":{id:text},
 * "templateLinks":[{"templateId","newId","values":{"?principal":{..}}}]}.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cedar/load.h"

#define MEMORY_MAX ((size_t)1 << 30)

static void
put_string(struct str s)
{
	putchar('"');
	for (uint32_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
put_error(const struct cedar_error *err)
{
	fputs(",\"error\":", stdout);
	put_string(str_lit(err->text));
	printf(",\"line\":%u,\"column\":%u", err->line, err->column);
}

static bool
uid_of(const struct cedar_json *j, struct uid *ret)
{
	const struct cedar_json *type, *id;

	if (j == NULL)
		return false;
	type = cedar_json_typed(j, "type", J_STRING);
	id = cedar_json_typed(j, "id", J_STRING);
	if (type == NULL || id == NULL)
		return false;
	*ret = uid_make(type->u.s, id->u.s);
	return true;
}

static int
add_each(struct cedar_set *set, const struct cedar_json *object,
    struct cedar_error *err)
{
	int r = 0;

	for (uint32_t i = 0; object != NULL && r == 0 && i < object->n; i++)
		r = object->u.item[i].type != J_STRING ? -EINVAL :
		    cedar_set_add_one(set, object->key[i].p,
		    object->key[i].len, object->u.item[i].u.s.p,
		    object->u.item[i].u.s.len, err);
	return r;
}

static int
add_link(struct cedar_set *set, const struct cedar_json *j,
    struct cedar_error *err)
{
	const struct cedar_json *template = cedar_json_typed(j, "templateId",
	    J_STRING);
	const struct cedar_json *id = cedar_json_typed(j, "newId", J_STRING);
	const struct cedar_json *values = cedar_json_typed(j, "values",
	    J_OBJECT);
	struct uid principal, resource;
	bool has_principal, has_resource;

	if (template == NULL || id == NULL || values == NULL)
		return -EINVAL;
	has_principal = uid_of(cedar_json_member(values, "?principal"),
	    &principal);
	has_resource = uid_of(cedar_json_member(values, "?resource"),
	    &resource);
	return cedar_set_link(set, template->u.s, id->u.s,
	    has_principal ? &principal : NULL,
	    has_resource ? &resource : NULL, err);
}

static int
add_policies(struct cedar_set *set, const struct cedar_json *j,
    struct cedar_error *err)
{
	const struct cedar_json *links;
	int r;

	if (j == NULL)
		return -EINVAL;
	if (j->type == J_STRING)
		return cedar_set_add(set, NULL, j->u.s.p, j->u.s.len,
		    CEDAR_IDS_BY_POSITION, err);
	r = add_each(set, cedar_json_typed(j, "staticPolicies", J_OBJECT), err);
	if (r == 0)
		r = add_each(set, cedar_json_typed(j, "templates",
		    J_OBJECT), err);
	links = cedar_json_typed(j, "templateLinks", J_ARRAY);
	for (uint32_t i = 0; links != NULL && r == 0 && i < links->n; i++)
		r = add_link(set, &links->u.item[i], err);
	return r;
}

static int
str_qcmp(const void *a, const void *b)
{
	const struct str *sa = a, *sb = b;

	return str_cmp(*sa, *sb);
}

static void
put_ids(const char *name, struct str *ids, size_t n)
{
	qsort(ids, n, sizeof(*ids), str_qcmp);
	printf(",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			putchar(',');
		put_string(ids[i]);
	}
	putchar(']');
}

static int
put_answer(const struct cedar_set *set, const struct cedar_answer *a,
    struct mem *m)
{
	struct str *ids = mem_get(m, a->n_reasons + a->n_failures + 1,
	    sizeof(*ids));

	if (ids == NULL)
		return -ENOMEM;
	printf("{\"decision\":\"%s\"",
	    a->decision == CEDAR_ALLOW ? "allow" : "deny");
	for (size_t i = 0; i < a->n_reasons; i++)
		ids[i] = cedar_policy_id(set, a->reasons[i]);
	put_ids("reasons", ids, a->n_reasons);
	for (size_t i = 0; i < a->n_failures; i++)
		ids[i] = cedar_policy_id(set, a->failures[i].policy);
	put_ids("errors", ids, a->n_failures);
	putchar('}');
	return 0;
}

static int
one_request(const struct cedar_set *set, struct cedar_store *store,
    const struct cedar_json *j, struct mem *m, struct cedar_error *err)
{
	const struct cedar_json *context = cedar_json_member(j, "context");
	struct cedar_request req = { .context = { .type = V_RECORD } };
	struct cedar_answer answer;
	int r = 0;

	if (!uid_of(cedar_json_member(j, "principal"), &req.principal) ||
	    !uid_of(cedar_json_member(j, "action"), &req.action) ||
	    !uid_of(cedar_json_member(j, "resource"), &req.resource))
		return -EINVAL;
	if (context != NULL)
		r = load_context(m, context, &req.context, err);
	if (r == 0)
		r = cedar_authorize(set, store, &req, m, &answer);
	return r < 0 ? r : put_answer(set, &answer, m);
}

static int
all_requests(struct cedar_set *set, struct cedar_store *store,
    const struct cedar_json *j, struct cedar_error *err)
{
	const struct cedar_json *requests = cedar_json_typed(j, "requests",
	    J_ARRAY);
	struct mem m;
	int r = 0;

	mem_init(&m, MEMORY_MAX);
	fputs(",\"results\":[", stdout);
	for (uint32_t i = 0; requests != NULL && i < requests->n; i++) {
		if (i > 0)
			putchar(',');
		mem_reset(&m);
		r = one_request(set, store, &requests->u.item[i], &m, err);
		if (r < 0)
			fputs("{\"decision\":\"error\"}", stdout);
	}
	putchar(']');
	mem_clear(&m);
	return 0;
}

static int
authorize(const struct cedar_json *j, struct cedar_error *err)
{
	const struct cedar_json *entities = cedar_json_member(j, "entities");
	struct cedar_store *store = NULL;
	struct cedar_set *set = NULL;
	int r;

	r = cedar_set_new(MEMORY_MAX, &set);
	if (r == 0)
		r = cedar_store_new(MEMORY_MAX, &store);
	if (r == 0)
		r = add_policies(set, cedar_json_member(j, "policies"), err);
	if (r == 0 && entities != NULL)
		r = load_entities(store, entities, err);
	if (r == 0)
		r = cedar_set_index(set);
	if (r == 0)
		r = all_requests(set, store, j, err);
	cedar_set_free(set);
	cedar_store_free(store);
	return r;
}

/* Static policies only: a template is not one. */
static int
parse(const struct cedar_json *j, struct cedar_error *err)
{
	const struct cedar_json *text = cedar_json_typed(j, "policies",
	    J_STRING);
	struct cedar_set *set;
	int r;

	if (text == NULL)
		return -EINVAL;
	r = cedar_set_new(MEMORY_MAX, &set);
	if (r < 0)
		return r;
	r = cedar_set_add(set, NULL, text->u.s.p, text->u.s.len,
	    CEDAR_IDS_BY_POSITION, err);
	for (size_t i = 0; r == 0 && i < cedar_set_count(set); i++)
		if (cedar_policy_is_template(set, i))
			r = -EINVAL;
	cedar_set_free(set);
	return r;
}

static int
load(const struct cedar_json *j, bool context, struct cedar_error *err)
{
	const struct cedar_json *text = cedar_json_typed(j, "text", J_STRING);
	struct cedar_store *store;
	struct value v;
	struct mem m;
	int r;

	if (text == NULL)
		return -EINVAL;
	r = cedar_store_new(MEMORY_MAX, &store);
	if (r < 0)
		return r;
	mem_init(&m, MEMORY_MAX);
	r = context ?
	    cedar_context_load(&m, text->u.s.p, text->u.s.len, &v, err) :
	    cedar_store_load(store, text->u.s.p, text->u.s.len, err);
	mem_clear(&m);
	cedar_store_free(store);
	return r;
}

static void
one_case(const struct cedar_json *j)
{
	const struct cedar_json *name = cedar_json_typed(j, "name", J_STRING);
	const struct cedar_json *kind = cedar_json_typed(j, "kind", J_STRING);
	struct cedar_error err = { 0 };
	int r = -EINVAL;

	fputs("{\"name\":", stdout);
	put_string(name == NULL ? str_lit("") : name->u.s);
	if (kind != NULL && str_is(kind->u.s, "authorize")) {
		r = authorize(j, &err);
	} else if (kind != NULL) {
		if (str_is(kind->u.s, "parse"))
			r = parse(j, &err);
		else if (str_is(kind->u.s, "entities") ||
		    str_is(kind->u.s, "context"))
			r = load(j, str_is(kind->u.s, "context"), &err);
		printf(",\"ok\":%s", r == 0 ? "true" : "false");
	}
	if (r < 0)
		put_error(&err);
	puts("}");
}

int
main(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	int status = 0;

	while ((len = getline(&line, &cap, stdin)) > 0) {
		struct cedar_error err = { 0 };
		struct cedar_json j;
		struct mem m;

		mem_init(&m, MEMORY_MAX);
		if (cedar_json_parse(&m, line, (size_t)len, &j, &err) < 0) {
			fprintf(stderr, "cedarc: not a case: %s\n", err.text);
			status = 1;
		} else {
			one_case(&j);
		}
		mem_clear(&m);
	}
	free(line);
	return ferror(stdin) || fflush(stdout) != 0 ? 1 : status;
}
