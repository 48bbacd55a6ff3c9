/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entities.c - a person, their roles, this host and the actions, as the policy
 * language sees them.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aiauthd/policy/inside.h"
#include "common/wire.h"

#define FIXED_MAX 32	/* entities besides roles and host groups */

struct making {
	struct mem		*m;
	struct cedar_entity	*e;
	size_t			 n, cap;
	int			 r;	/* sticky: first failure */
};

static struct value
empty(void)
{
	return (struct value){ .type = V_RECORD };
}

static struct cedar_entity *
add(struct making *mk, const char *type, struct str id)
{
	struct cedar_entity *e;

	if (mk->n == mk->cap)
		mk->r = -ENOMEM;
	if (mk->r < 0)
		return NULL;
	e = &mk->e[mk->n++];
	e->uid = uid_make(str_lit(type), id);
	e->attrs = e->tags = empty();
	return e;
}

static void
add_parent(struct making *mk, struct cedar_entity *e, struct uid *room,
    const char *type, const char *id)
{
	if (e == NULL || mk->r < 0)
		return;
	room[e->n_parents++] = uid_make(str_lit(type), str_lit(id));
	e->parents = room;
}

static struct uid *
uids(struct making *mk, size_t n)
{
	struct uid *room = mem_get(mk->m, n + 1, sizeof(*room));

	if (room == NULL)
		mk->r = -ENOMEM;
	return room;
}

/* A role's text may be pinned to one object: whoever makes a second group of
 * that name in the identity provider gains nothing by it. */
bool
policy_role_counts(const struct policy *p, const struct dir_role *role)
{
	const struct conf *conf = p->conf;

	if (role->ambiguous)
		return false;
	for (size_t i = 0; i < conf->n_roles; i++)
		if (strcmp(conf->roles[i].name, role->text) == 0 &&
		    strcmp(conf->roles[i].object_id,
		    role->object.object_id) != 0)
			return false;
	return true;
}

/* What does not fit is as if it were not there, so that a policy asks with
 * 'has' and is safe. */
bool
attribute_value(struct mem *m, const char *type, struct str text,
    struct value *ret)
{
	const struct model_attribute *a = model_attribute_find(type);
	const char *why;
	struct value *items;
	char *end = NULL, number[24];

	if (a->extension != NULL)
		return cedar_extension(m, a->extension, text, ret, &why) == 0;
	if (strcmp(type, "bool") == 0) {
		*ret = value_bool(str_is(text, "true"));
		return str_is(text, "true") || str_is(text, "false");
	}
	if (strcmp(type, "long") == 0) {
		if (text.len == 0 || text.len >= sizeof(number))
			return false;
		memcpy(number, text.p, text.len);
		number[text.len] = '\0';
		errno = 0;
		*ret = value_long(strtoll(number, &end, 10));
		return errno == 0 && *end == '\0';
	}
	*ret = value_str(text);
	if (strcmp(type, "set") != 0)
		return true;
	items = mem_get(m, 1, sizeof(*items));
	if (items == NULL)
		return false;
	items[0] = *ret;
	*ret = value_set(items, 1);
	return true;
}

static size_t
list_len(struct aia_span list)
{
	struct aia_span item;
	size_t n = 0;

	while (aia_list_next(&list, &item))
		n++;
	return n;
}

/* "name=value" of the provider; a name that comes again adds to a set. */
static int
configured(struct making *mk, const struct conf_attribute *a,
    struct aia_span list, struct field *f, bool *ret_there)
{
	const char *from = conf_attribute_from(a);
	size_t from_len = strlen(from), n = 0, n_all = list_len(list);
	struct value *items = NULL;
	struct aia_span item;

	*ret_there = false;
	f->key = str_lit(a->name);
	while (aia_list_next(&list, &item)) {
		struct value v;

		if (item.len <= from_len || item.p[from_len] != '=' ||
		    memcmp(item.p, from, from_len) != 0)
			continue;
		if (!attribute_value(mk->m, a->type,
		    str_make((const char *)item.p + from_len + 1,
		    item.len - from_len - 1), &v))
			continue;
		if (v.type != V_SET) {
			f->v = v;
			*ret_there = true;
			return 0;
		}
		if (items == NULL)
			items = mem_get(mk->m, n_all, sizeof(*items));
		if (items == NULL)
			return -ENOMEM;
		items[n++] = v.u.set[0];
	}
	if (items != NULL) {
		f->v = value_set(items, n);
		*ret_there = true;
	}
	return 0;
}

static void
user_attributes(struct making *mk, const struct policy *p,
    struct cedar_entity *user)
{
	const struct policy_request *req = &p->req;
	struct field *f = mem_get(mk->m, MODEL_USER_FIXED +
	    CONF_ATTRIBUTES_MAX, sizeof(*f));
	size_t n = 0;
	bool there;

	if (f == NULL) {
		mk->r = -ENOMEM;
		return;
	}
	f[n++] = (struct field){ str_lit("name"),
	    value_str(str_lit(req->principal)) };
	f[n++] = (struct field){ str_lit("source"),
	    value_str(str_lit(req->source)) };
	f[n++] = (struct field){ str_lit("local"), value_bool(req->local) };
	if (req->mail != NULL)
		f[n++] = (struct field){ str_lit("mail"),
		    value_str(str_lit(req->mail)) };
	for (size_t i = 0; mk->r == 0 && i < p->conf->n_attributes; i++) {
		mk->r = configured(mk, &p->conf->attributes[i],
		    req->attributes, &f[n], &there);
		n += there;
	}
	/* [attribute name] and the like take nothing away: a key twice */
	if (mk->r == 0 && !value_record(f, n, &user->attrs))
		mk->r = AIA_EDAMAGED;
}

static void
add_user(struct making *mk, const struct policy *p, bool doubtful)
{
	const struct policy_request *req = &p->req;
	struct uid *up = uids(mk, req->n_roles);
	struct cedar_entity *user = add(mk, "User", str_lit(req->principal));

	if (user == NULL || up == NULL)
		return;
	user_attributes(mk, p, user);
	for (size_t i = 0; i < req->n_roles; i++)
		if (policy_role_counts(p, &req->roles[i]) ||
		    (doubtful && req->roles[i].ambiguous))
			add_parent(mk, user, up, "Role", req->roles[i].text);
}

static struct value
text_set(struct making *mk, const char (*text)[HOST_TEXT_MAX + 1], size_t n)
{
	struct value *v = mem_get(mk->m, n + 1, sizeof(*v));

	if (v == NULL) {
		mk->r = -ENOMEM;
		return empty();
	}
	for (size_t i = 0; i < n; i++)
		v[i] = value_str(str_lit(text[i]));
	return value_set(v, n);
}

static void
host_attributes(struct making *mk, const struct host *h,
    struct cedar_entity *e)
{
	struct field *f = mem_get(mk->m, 5 + h->n_tags, sizeof(*f));
	struct field *tags = f == NULL ? NULL : f + 5;
	size_t n = 0;

	if (f == NULL) {
		mk->r = -ENOMEM;
		return;
	}
	f[n++] = (struct field){ str_lit("hostname"),
	    value_str(str_lit(h->name)) };
	f[n++] = (struct field){ str_lit("labels"),
	    text_set(mk, h->labels, h->n_labels) };
	f[n++] = (struct field){ str_lit("gpu_count"),
	    value_long(h->gpu_count) };
	if (h->gpu_vendor[0] != '\0')
		f[n++] = (struct field){ str_lit("gpu_vendor"),
		    value_str(str_lit(h->gpu_vendor)) };
	if (h->gpu_model[0] != '\0')
		f[n++] = (struct field){ str_lit("gpu_model"),
		    value_str(str_lit(h->gpu_model)) };
	for (size_t i = 0; i < h->n_tags; i++)
		tags[i] = (struct field){ str_lit(h->tags[i].a),
		    value_str(str_lit(h->tags[i].b)) };
	if (!value_record(f, n, &e->attrs) ||
	    !value_record(tags, h->n_tags, &e->tags))
		mk->r = AIA_EDAMAGED;
}

static void
add_host(struct making *mk, const struct host *h)
{
	struct uid *up = uids(mk, h->n_groups);
	struct cedar_entity *e = add(mk, "Host", str_lit(h->name));

	if (e == NULL || up == NULL)
		return;
	host_attributes(mk, h, e);
	for (size_t i = 0; i < h->n_groups; i++)
		add_parent(mk, e, up, "HostGroup", h->groups[i]);
	for (size_t i = 0; i < h->n_above; i++) {
		const char *group = h->above[i].a;
		bool first = true;

		for (size_t j = 0; j < i; j++)
			first &= strcmp(h->above[j].a, group) != 0;
		if (!first)
			continue;
		up = uids(mk, h->n_above);
		e = add(mk, "HostGroup", str_lit(group));
		for (size_t j = i; up != NULL && j < h->n_above; j++)
			if (strcmp(h->above[j].a, group) == 0)
				add_parent(mk, e, up, "HostGroup",
				    h->above[j].b);
	}
}

static void
add_actions(struct making *mk)
{
	for (size_t i = 0; model_actions[i].id != NULL; i++) {
		const struct model_action *a = &model_actions[i];
		struct uid *up = uids(mk, ARRAY_LEN(a->groups));
		struct cedar_entity *e = add(mk, "Action", str_lit(a->id));

		for (size_t j = 0; up != NULL && a->groups[j] != NULL; j++)
			add_parent(mk, e, up, "Action", a->groups[j]);
	}
}

int
entities_fill(struct policy *p, struct cedar_store *store)
{
	struct making mk = { .m = &p->request_mem,
	    .cap = FIXED_MAX + HOST_LIST_MAX };
	struct cedar_error err;

	mk.e = mem_get(mk.m, mk.cap, sizeof(*mk.e));
	if (mk.e == NULL)
		return -ENOMEM;
	add_actions(&mk);
	add_host(&mk, p->req.host);
	if (p->req.known)
		add_user(&mk, p, store == p->store_doubtful);
	if (mk.r < 0)
		return mk.r;
	cedar_store_reset(store);
	return cedar_store_fill(store, mk.e, mk.n, &err);
}
