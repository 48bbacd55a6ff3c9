/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * set.c - policies, templates and links.
 */
#include "cedar/set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
cedar_set_new(size_t memory_max, struct cedar_set **ret)
{
	struct cedar_set *set = calloc(1, sizeof(*set));

	if (set == NULL)
		return -ENOMEM;
	mem_init(&set->mem, memory_max);
	*ret = set;
	return 0;
}

void
cedar_set_free(struct cedar_set *set)
{
	if (set == NULL)
		return;
	mem_clear(&set->mem);
	free(set);
}

static struct policy *
policy_at(const struct cedar_set *set, size_t i)
{
	return (struct policy *)set->policies.p + i;
}

bool
policy_is_template(const struct policy *p)
{
	return p->principal.slot || p->resource.slot;
}

static int
fail(struct cedar_error *err, unsigned line, const char *text)
{
	err->line = line;
	err->column = line == 0 ? 0 : 1;
	(void)snprintf(err->text, sizeof(err->text), "%s", text);
	return -EINVAL;
}

static const struct str *
annotation(const struct policy *p, const char *key)
{
	for (uint32_t i = 0; i < p->n_annotations; i++)
		if (str_is(p->annotations[i].key, key))
			return &p->annotations[i].value;
	return NULL;
}

static int
give_id(struct cedar_set *set, size_t i, enum cedar_ids ids)
{
	struct policy *p = policy_at(set, i);
	const struct str *id = annotation(p, "id");
	char text[32];
	int n;

	if (ids == CEDAR_IDS_BY_ANNOTATION && id != NULL) {
		p->id = *id;
		return 0;
	}
	n = snprintf(text, sizeof(text), "policy%zu", i);
	return str_copy(&set->mem, str_make(text, (size_t)n), &p->id) ? 0 :
	    -ENOMEM;
}

static int
id_qcmp(const void *a, const void *b)
{
	const struct policy *const *pa = a, *const *pb = b;

	return str_cmp((*pa)->id, (*pb)->id);
}

/* Of two policies with one id the later is the one complained about. */
static int
check_ids(struct cedar_set *set, struct cedar_error *err)
{
	size_t n = set->policies.n;
	const struct policy **sorted = calloc(n + 1, sizeof(*sorted));
	int r = 0;

	if (sorted == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = policy_at(set, i);
	qsort(sorted, n, sizeof(*sorted), id_qcmp);
	for (size_t i = 1; r == 0 && i < n; i++)
		if (str_eq(sorted[i - 1]->id, sorted[i]->id))
			r = fail(err, sorted[i - 1] > sorted[i] ?
			    sorted[i - 1]->line : sorted[i]->line,
			    "another policy has this id");
	free(sorted);
	return r;
}

static int
parse_all(struct cedar_set *set, const char *file, const char *text,
    size_t len, struct cedar_error *err)
{
	struct parse p = { .m = &set->mem, .err = err };
	struct str name;

	if (file != NULL) {
		if (!str_copy(&set->mem, str_lit(file), &name))
			return -ENOMEM;
		p.file = name.p;
	}
	set->indexed = false;
	lex_init(&p.lx, text, len);
	return parse_policies(&p, &set->policies);
}

int
cedar_set_add(struct cedar_set *set, const char *file, const char *text,
    size_t len, enum cedar_ids ids, struct cedar_error *err)
{
	size_t before = set->policies.n;
	int r;

	*err = (struct cedar_error){ 0 };
	r = parse_all(set, file, text, len, err);
	for (size_t i = before; r == 0 && i < set->policies.n; i++)
		r = give_id(set, i, ids);
	if (r == 0)
		r = check_ids(set, err);
	if (r < 0)
		set->policies.n = before;
	return r;
}

int
cedar_set_add_one(struct cedar_set *set, const char *id, size_t id_len,
    const char *text, size_t len, struct cedar_error *err)
{
	size_t before = set->policies.n;
	int r;

	*err = (struct cedar_error){ 0 };
	r = parse_all(set, NULL, text, len, err);
	if (r == 0 && set->policies.n != before + 1)
		r = fail(err, 1, "expected exactly one policy");
	if (r == 0 && !str_copy(&set->mem, str_make(id, id_len),
	    &policy_at(set, before)->id))
		r = -ENOMEM;
	if (r == 0)
		r = check_ids(set, err);
	if (r < 0)
		set->policies.n = before;
	return r;
}

static bool
copy_uid(struct mem *m, const struct uid *in, const struct uid **ret)
{
	struct uid *uid = mem_get(m, 1, sizeof(*uid));
	struct str type, id;

	if (uid == NULL || !str_copy(m, in->type, &type) ||
	    !str_copy(m, in->id, &id))
		return false;
	*uid = uid_make(type, id);
	*ret = uid;
	return true;
}

static int
fill_slot(struct cedar_set *set, struct scope *s, const struct uid *uid,
    struct cedar_error *err)
{
	if (s->slot != (uid != NULL))
		return fail(err, 0, s->slot ? "a slot is not filled" :
		    "a slot that the template does not have");
	if (!s->slot)
		return 0;
	s->slot = false;
	return copy_uid(&set->mem, uid, &s->e) ? 0 : -ENOMEM;
}

int
cedar_set_link(struct cedar_set *set, struct str template_id, struct str id,
    const struct uid *principal, const struct uid *resource,
    struct cedar_error *err)
{
	struct policy link = { 0 }, *at;
	int r;

	*err = (struct cedar_error){ 0 };
	for (size_t i = 0; i < set->policies.n; i++)
		if (str_eq(policy_at(set, i)->id, template_id))
			link = *policy_at(set, i);
	if (!policy_is_template(&link))
		return fail(err, 0, "no template has this id");
	r = fill_slot(set, &link.principal, principal, err);
	if (r == 0)
		r = fill_slot(set, &link.resource, resource, err);
	if (r < 0)
		return r;
	at = vec_add(&set->mem, &set->policies, sizeof(*at));
	if (at == NULL)
		return -ENOMEM;
	*at = link;
	set->indexed = false;
	r = str_copy(&set->mem, id, &at->id) ? check_ids(set, err) : -ENOMEM;
	if (r < 0)
		set->policies.n--;
	return r;
}

size_t
cedar_set_count(const struct cedar_set *set)
{
	return set->policies.n;
}

struct str
cedar_policy_id(const struct cedar_set *set, size_t i)
{
	return policy_at(set, i)->id;
}

bool
cedar_policy_is_template(const struct cedar_set *set, size_t i)
{
	return policy_is_template(policy_at(set, i));
}

bool
cedar_policy_is_permit(const struct cedar_set *set, size_t i)
{
	return policy_at(set, i)->permit;
}

bool
cedar_policy_annotation(const struct cedar_set *set, size_t i,
    const char *key, struct str *ret)
{
	const struct str *v = annotation(policy_at(set, i), key);

	if (v != NULL)
		*ret = *v;
	return v != NULL;
}

void
cedar_policy_place(const struct cedar_set *set, size_t i, const char **file,
    unsigned *line)
{
	*file = policy_at(set, i)->file;
	*line = policy_at(set, i)->line;
}
