/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store.c - entities and their hierarchy.
 */
#include "cedar/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
cedar_store_new(size_t memory_max, struct cedar_store **ret)
{
	struct cedar_store *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	mem_init(&s->mem, memory_max);
	*ret = s;
	return 0;
}

void
cedar_store_free(struct cedar_store *store)
{
	if (store == NULL)
		return;
	mem_clear(&store->mem);
	free(store);
}

static int
uid_cmp(const struct uid *a, const struct uid *b)
{
	int c;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	c = str_cmp(a->type, b->type);
	return c != 0 ? c : str_cmp(a->id, b->id);
}

static int
node_qcmp(const void *a, const void *b)
{
	const struct node *na = a, *nb = b;

	return uid_cmp(&na->uid, &nb->uid);
}

static int
index_qcmp(const void *a, const void *b)
{
	const uint32_t *ia = a, *ib = b;

	return (*ia > *ib) - (*ia < *ib);
}

uint32_t
store_find(const struct cedar_store *store, const struct uid *uid)
{
	uint32_t lo = 0, hi = store->n_nodes;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = uid_cmp(&store->nodes[mid].uid, uid);

		if (c == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NO_NODE;
}

static int
make_nodes(struct cedar_store *store, const struct cedar_entity *e, size_t n)
{
	size_t total = n, kept = 0, k = 0;
	struct node *nodes;

	for (size_t i = 0; i < n; i++)
		total += e[i].n_parents;
	nodes = mem_get(&store->mem, total + 1, sizeof(*nodes));
	if (nodes == NULL || total >= NO_NODE)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		nodes[k++].uid = e[i].uid;
		for (uint32_t j = 0; j < e[i].n_parents; j++)
			nodes[k++].uid = e[i].parents[j];
	}
	qsort(nodes, total, sizeof(*nodes), node_qcmp);
	for (size_t i = 0; i < total; i++)
		if (kept == 0 || uid_cmp(&nodes[kept - 1].uid,
		    &nodes[i].uid) != 0)
			nodes[kept++] = nodes[i];
	store->nodes = nodes;
	store->n_nodes = (uint32_t)kept;
	return 0;
}

static int
parents_of(struct cedar_store *store, const struct cedar_entity *e,
    const uint32_t **ret, uint32_t *ret_n)
{
	uint32_t *up, kept = 0;

	up = mem_get(&store->mem, e->n_parents + (size_t)1, sizeof(*up));
	if (up == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < e->n_parents; i++)
		up[i] = store_find(store, &e->parents[i]);
	qsort(up, e->n_parents, sizeof(*up), index_qcmp);
	for (uint32_t i = 0; i < e->n_parents; i++)
		if (kept == 0 || up[kept - 1] != up[i])
			up[kept++] = up[i];
	*ret = up;
	*ret_n = kept;
	return 0;
}

static bool
same(const struct node *node, const struct cedar_entity *e, const uint32_t *up,
    uint32_t n_up)
{
	return value_eq(&node->attrs, &e->attrs) &&
	    value_eq(&node->tags, &e->tags) && node->n_parents == n_up &&
	    (n_up == 0 || memcmp(node->parents, up, n_up * sizeof(*up)) == 0);
}

static int
place(struct cedar_store *store, const struct cedar_entity *e, const char **why)
{
	struct node *node = &store->nodes[store_find(store, &e->uid)];
	const uint32_t *up;
	uint32_t n_up;

	if (parents_of(store, e, &up, &n_up) < 0)
		return -ENOMEM;
	if (node->known && !same(node, e, up, n_up)) {
		*why = "an entity that stands twice, differently";
		return -EINVAL;
	}
	for (uint32_t i = 0; i < n_up; i++)
		if (uid_is_action(&e->uid) &&
		    !uid_is_action(&store->nodes[up[i]].uid)) {
			*why = "an action whose parent is not an action";
			return -EINVAL;
		}
	node->known = true;
	node->attrs = e->attrs;
	node->tags = e->tags;
	node->parents = up;
	node->n_parents = n_up;
	return 0;
}

/*
 * Take away, again and again, nodes that no node left has as a parent; what
 * cannot be taken away goes in circles.
 */
static int
check_cycles(struct cedar_store *store)
{
	uint32_t n = store->n_nodes, done = 0, n_ready = 0;
	uint32_t *children = calloc(n + (size_t)1, sizeof(*children));
	uint32_t *ready = calloc(n + (size_t)1, sizeof(*ready));
	int r = -ENOMEM;

	if (children == NULL || ready == NULL)
		goto out;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < store->nodes[i].n_parents; k++)
			children[store->nodes[i].parents[k]]++;
	for (uint32_t i = 0; i < n; i++)
		if (children[i] == 0)
			ready[n_ready++] = i;
	for (; done < n_ready; done++) {
		const struct node *node = &store->nodes[ready[done]];

		for (uint32_t k = 0; k < node->n_parents; k++)
			if (--children[node->parents[k]] == 0)
				ready[n_ready++] = node->parents[k];
	}
	r = done == n ? 0 : -EINVAL;
out:
	free(children);
	free(ready);
	return r;
}

int
store_fill(struct cedar_store *store, const struct cedar_entity *entities,
    size_t n, const char **ret_why, size_t *ret_bad)
{
	int r;

	*ret_why = "the entities need more memory than is allowed";
	*ret_bad = 0;
	r = make_nodes(store, entities, n);
	for (size_t i = 0; r == 0 && i < n; i++) {
		*ret_bad = i;
		r = place(store, &entities[i], ret_why);
	}
	if (r < 0)
		return r;
	r = check_cycles(store);
	if (r == -EINVAL)
		*ret_why = "an entity that is above itself";
	return r;
}

int
cedar_store_fill(struct cedar_store *store,
    const struct cedar_entity *entities, size_t n, struct cedar_error *err)
{
	const char *why;
	size_t bad;
	int r;

	*err = (struct cedar_error){ 0 };
	if (store->nodes != NULL)
		return -EEXIST;
	r = store_fill(store, entities, n, &why, &bad);
	if (r < 0) {
		store->n_nodes = 0;
		(void)snprintf(err->text, sizeof(err->text), "%s", why);
	}
	return r;
}

void
cedar_store_reset(struct cedar_store *store)
{
	mem_reset(&store->mem);
	store->nodes = NULL;
	store->n_nodes = 0;
}

bool
store_above(struct cedar_store *store, uint32_t node, struct mem *m,
    const uint32_t **ret, uint32_t *ret_n)
{
	uint32_t n = 0, cap = 16, *list = mem_get(m, cap, sizeof(*list));
	uint32_t at = node;

	if (++store->epoch == 0) {	/* wrapped: no old visit may count */
		for (uint32_t i = 0; i < store->n_nodes; i++)
			store->nodes[i].seen = 0;
		store->epoch = 1;
	}
	for (uint32_t done = 0; list != NULL; at = list[done++]) {
		const struct node *here = &store->nodes[at];

		for (uint32_t k = 0; k < here->n_parents; k++) {
			struct node *up = &store->nodes[here->parents[k]];

			if (up->seen == store->epoch)
				continue;
			up->seen = store->epoch;
			if (n == cap) {
				uint32_t *more = mem_get(m, cap * (size_t)2,
				    sizeof(*more));

				if (more == NULL)
					return false;
				memcpy(more, list, n * sizeof(*list));
				list = more;
				cap *= 2;
			}
			list[n++] = here->parents[k];
		}
		if (done == n)
			break;
	}
	if (list == NULL)
		return false;
	qsort(list, n, sizeof(*list), index_qcmp);
	*ret = list;
	*ret_n = n;
	return true;
}
