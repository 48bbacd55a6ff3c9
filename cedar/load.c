/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - entities and contexts from JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cedar/ext.h"
#include "cedar/load.h"
#include "cedar/parse.h"
#include "cedar/store.h"

struct load {
	struct mem	*m;
	struct cedar_error *err;
};

static int
no_memory(const struct cedar_json *at, struct cedar_error *err)
{
	(void)cedar_json_fail(at, err, "the JSON needs more memory than is "
	    "allowed");
	return -ENOMEM;
}

/* IDENT {:: IDENT}, nothing reserved, no white space. */
static bool
type_ok(struct str s)
{
	size_t start = 0;

	for (size_t i = 0; i <= s.len; i++) {
		bool end = i == s.len || s.p[i] == ':';
		char c = end ? '\0' : s.p[i];

		if (!end) {
			bool alpha = (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '_';

			if (!alpha && (i == start || c < '0' || c > '9'))
				return false;
			continue;
		}
		if (i == start || parse_reserved(str_make(s.p + start,
		    i - start)))
			return false;
		if (i == s.len)
			return true;
		if (i + 1 >= s.len || s.p[i + 1] != ':')
			return false;
		start = i + 2;
		i++;
	}
	return false;
}

static int
uid_from(struct load *ld, const struct cedar_json *j, struct uid *ret)
{
	const struct cedar_json *inner = cedar_json_member(j, "__entity");
	const struct cedar_json *type, *id;

	if (inner != NULL && j->n == 1)
		j = inner;
	type = cedar_json_typed(j, "type", J_STRING);
	id = cedar_json_typed(j, "id", J_STRING);
	if (type == NULL || id == NULL)
		return cedar_json_fail(j, ld->err, "expected an entity: "
		    "{\"type\": .., \"id\": ..}");
	if (!type_ok(type->u.s))
		return cedar_json_fail(type, ld->err, "not the name of a type");
	*ret = uid_make(type->u.s, id->u.s);
	return 0;
}

static int value_from(struct load *ld, const struct cedar_json *j,
    struct value *ret);

static int
set_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	struct value *v = mem_get(ld->m, j->n + (size_t)1, sizeof(*v));
	int r;

	if (v == NULL)
		return no_memory(j, ld->err);
	for (uint32_t i = 0; i < j->n; i++) {
		r = value_from(ld, &j->u.item[i], &v[i]);
		if (r < 0)
			return r;
	}
	*ret = value_set(v, j->n);
	return 0;
}

static int
record_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	struct field *f = mem_get(ld->m, j->n + (size_t)1, sizeof(*f));
	int r;

	if (f == NULL)
		return no_memory(j, ld->err);
	for (uint32_t i = 0; i < j->n; i++) {
		f[i].key = j->key[i];
		r = value_from(ld, &j->u.item[i], &f[i].v);
		if (r < 0)
			return r;
	}
	/* json.c refused doubles already */
	return value_record(f, j->n, ret) ? 0 :
	    cedar_json_fail(j, ld->err, "a key of this object stands twice");
}

static int
entity_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	struct uid *uid = mem_get(ld->m, 1, sizeof(*uid));
	int r;

	if (uid == NULL)
		return no_memory(j, ld->err);
	r = uid_from(ld, j, uid);
	if (r == 0)
		*ret = value_entity(uid);
	return r;
}

/* {"fn": .., "arg": ..} or "args": [..]; computed now. */
static int
extension_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	struct str fn = cedar_json_typed(j, "fn", J_STRING)->u.s;
	const struct cedar_json *arg = cedar_json_member(j, "arg");
	const struct cedar_json *list = arg != NULL ? arg :
	    cedar_json_typed(j, "args", J_ARRAY);
	uint32_t n = arg != NULL ? 1 : list->n;
	const struct ext_op *op = ext_find(fn, false);
	struct value v[2];
	const char *why;
	int r;

	if (op == NULL)
		op = ext_find(fn, true);
	if (op == NULL)
		return cedar_json_fail(j, ld->err, "no extension function has "
		    "this name");
	if (n != op->n_args || n > CEDAR_LEN(v))
		return cedar_json_fail(j, ld->err, "an extension function "
		    "with the wrong number of arguments");
	for (uint32_t i = 0; i < n; i++) {
		r = value_from(ld, arg != NULL ? arg : &list->u.item[i], &v[i]);
		if (r < 0)
			return r;
	}
	why = op->run(ld->m, v, ret);
	if (why == ext_no_memory)
		return no_memory(j, ld->err);
	return why == NULL ? 0 : cedar_json_fail(j, ld->err, why);
}

/*
 * An escape is an object with one member of a certain name, well formed
 * inside; all else is an ordinary record.
 */
enum escape { E_NONE, E_ENTITY, E_EXTN, E_EXPR };

static enum escape
escape_of(const struct cedar_json *j)
{
	const struct cedar_json *in;

	if (j->type != J_OBJECT || j->n != 1)
		return E_NONE;
	in = &j->u.item[0];
	if (str_is(j->key[0], "__expr") && in->type == J_STRING)
		return E_EXPR;
	if (str_is(j->key[0], "__entity") &&
	    cedar_json_typed(in, "type", J_STRING) != NULL &&
	    cedar_json_typed(in, "id", J_STRING) != NULL)
		return E_ENTITY;
	if (str_is(j->key[0], "__extn") &&
	    cedar_json_typed(in, "fn", J_STRING) != NULL &&
	    (cedar_json_member(in, "arg") != NULL ||
	    cedar_json_typed(in, "args", J_ARRAY) != NULL))
		return E_EXTN;
	return E_NONE;
}

static int
object_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	switch (escape_of(j)) {
	case E_ENTITY:
		return entity_from(ld, j, ret);
	case E_EXTN:
		return extension_from(ld, &j->u.item[0], ret);
	case E_EXPR:
		return cedar_json_fail(j, ld->err, "__expr is not allowed");
	case E_NONE:
		break;
	}
	return record_from(ld, j, ret);
}

static int
value_from(struct load *ld, const struct cedar_json *j, struct value *ret)
{
	switch (j->type) {
	case J_NULL:
		return cedar_json_fail(j, ld->err, "null is no value");
	case J_BOOL:
		*ret = value_bool(j->u.b);
		return 0;
	case J_INT:
		*ret = value_long(j->u.i);
		return 0;
	case J_STRING:
		*ret = value_str(j->u.s);
		return 0;
	case J_ARRAY:
		return set_from(ld, j, ret);
	case J_OBJECT:
		return object_from(ld, j, ret);
	}
	return cedar_json_fail(j, ld->err, "no value");
}

static int
parents_from(struct load *ld, const struct cedar_json *j,
    struct cedar_entity *e)
{
	struct uid *up = mem_get(ld->m, j->n + (size_t)1, sizeof(*up));
	int r;

	if (up == NULL)
		return no_memory(j, ld->err);
	for (uint32_t i = 0; i < j->n; i++) {
		r = uid_from(ld, &j->u.item[i], &up[i]);
		if (r < 0)
			return r;
	}
	e->parents = up;
	e->n_parents = j->n;
	return 0;
}

static int
one_entity(struct load *ld, const struct cedar_json *j, struct cedar_entity *e)
{
	const struct cedar_json *uid = cedar_json_member(j, "uid");
	const struct cedar_json *attrs = cedar_json_typed(j, "attrs", J_OBJECT);
	const struct cedar_json *parents = cedar_json_typed(j, "parents",
	    J_ARRAY);
	const struct cedar_json *tags = cedar_json_member(j, "tags");
	int r;

	if (uid == NULL || attrs == NULL || parents == NULL)
		return cedar_json_fail(j, ld->err, "an entity needs \"uid\", "
		    "\"attrs\" and \"parents\"");
	if (tags != NULL && tags->type != J_OBJECT)
		return cedar_json_fail(tags, ld->err, "\"tags\" is an object");
	e->tags = (struct value){ .type = V_RECORD };
	r = uid_from(ld, uid, &e->uid);
	if (r == 0)
		r = record_from(ld, attrs, &e->attrs);
	if (r == 0)
		r = parents_from(ld, parents, e);
	if (r == 0 && tags != NULL)
		r = record_from(ld, tags, &e->tags);
	return r;
}

int
load_entities(struct cedar_store *store, const struct cedar_json *j,
    struct cedar_error *err)
{
	struct load ld = { .m = &store->mem, .err = err };
	struct cedar_entity *e;
	const char *why;
	size_t bad;
	int r;

	if (store->nodes != NULL)
		return -EEXIST;
	if (j->type != J_ARRAY)
		return cedar_json_fail(j, err, "expected a list of entities");
	e = mem_get(ld.m, j->n + (size_t)1, sizeof(*e));
	if (e == NULL)
		return no_memory(j, err);
	for (uint32_t i = 0; i < j->n; i++) {
		r = one_entity(&ld, &j->u.item[i], &e[i]);
		if (r < 0)
			return r;
	}
	r = store_fill(store, e, j->n, &why, &bad);
	if (r < 0) {
		store->n_nodes = 0;
		(void)cedar_json_fail(j->n == 0 ? j : &j->u.item[bad], err,
		    why);
	}
	return r;
}

int
cedar_store_load(struct cedar_store *store, const char *json, size_t len,
    struct cedar_error *err)
{
	struct cedar_json j;
	int r;

	*err = (struct cedar_error){ 0 };
	r = cedar_json_parse(&store->mem, json, len, &j, err);
	return r < 0 ? r : load_entities(store, &j, err);
}

int
load_context(struct mem *m, const struct cedar_json *j, struct value *ret,
    struct cedar_error *err)
{
	struct load ld = { .m = m, .err = err };

	if (j->type != J_OBJECT || escape_of(j) != E_NONE)
		return cedar_json_fail(j, err, "a context is an object");
	return record_from(&ld, j, ret);
}

int
cedar_context_load(struct mem *m, const char *json, size_t len,
    struct value *ret, struct cedar_error *err)
{
	struct cedar_json j;
	int r;

	*err = (struct cedar_error){ 0 };
	r = cedar_json_parse(m, json, len, &j, err);
	return r < 0 ? r : load_context(m, &j, ret, err);
}
