/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value.c - values: making them, their order, sets and records.
 */
#include "cedar/value.h"

#include <stdlib.h>
#include <string.h>

#define CMP(a, b) (((a) > (b)) - ((a) < (b)))

struct uid
uid_make(struct str type, struct str id)
{
	return (struct uid){ .type = type, .id = id,
	    .hash = hash_mix(type.hash, id.hash) };
}

bool
uid_eq(const struct uid *a, const struct uid *b)
{
	return a == b || (a->hash == b->hash && str_eq(a->id, b->id) &&
	    str_eq(a->type, b->type));
}

bool
uid_is_action(const struct uid *uid)
{
	static const char word[] = "Action";
	size_t n = sizeof(word) - 1;

	if (uid->type.len < n ||
	    memcmp(uid->type.p + uid->type.len - n, word, n) != 0)
		return false;
	return uid->type.len == n || uid->type.p[uid->type.len - n - 1] == ':';
}

struct value
value_bool(bool b)
{
	return (struct value){ .type = V_BOOL, .u.b = b };
}

struct value
value_long(int64_t i)
{
	return value_ms(V_LONG, i);
}

struct value
value_str(struct str s)
{
	return (struct value){ .type = V_STRING, .u.s = s };
}

struct value
value_entity(const struct uid *e)
{
	return (struct value){ .type = V_ENTITY, .u.e = e };
}

struct value
value_ms(enum value_type type, int64_t i)
{
	return (struct value){ .type = type, .u.i = i };
}

struct value
value_unknown(void)
{
	return (struct value){ .type = V_UNKNOWN };
}

static int
ip_cmp(const struct ip *a, const struct ip *b)
{
	int c = CMP(a->is_v4, b->is_v4);

	if (c == 0)
		c = memcmp(a->addr, b->addr, sizeof(a->addr));
	return c != 0 ? c : CMP(a->prefix, b->prefix);
}

static int
uid_cmp(const struct uid *a, const struct uid *b)
{
	int c = str_cmp(a->type, b->type);

	return c != 0 ? c : str_cmp(a->id, b->id);
}

static int
sets_cmp(const struct value *a, const struct value *b)
{
	int c = CMP(a->n, b->n);

	for (uint32_t i = 0; c == 0 && i < a->n; i++)
		c = value_cmp(&a->u.set[i], &b->u.set[i]);
	return c;
}

static int
records_cmp(const struct value *a, const struct value *b)
{
	int c = CMP(a->n, b->n);

	for (uint32_t i = 0; c == 0 && i < a->n; i++) {
		c = str_cmp(a->u.record[i].key, b->u.record[i].key);
		if (c == 0)
			c = value_cmp(&a->u.record[i].v, &b->u.record[i].v);
	}
	return c;
}

int
value_cmp(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return CMP(a->type, b->type);
	switch (a->type) {
	case V_BOOL:	return CMP(a->u.b, b->u.b);
	case V_STRING:	return str_cmp(a->u.s, b->u.s);
	case V_ENTITY:	return uid_cmp(a->u.e, b->u.e);
	case V_SET:	return sets_cmp(a, b);
	case V_RECORD:	return records_cmp(a, b);
	case V_IP:	return ip_cmp(a->u.ip, b->u.ip);
	case V_LONG:
	case V_DECIMAL:
	case V_DATETIME:
	case V_DURATION:
		return CMP(a->u.i, b->u.i);
	case V_UNKNOWN:	return 0;
	}
	return 0;
}

bool
value_eq(const struct value *a, const struct value *b)
{
	if (a->type == b->type && a->type == V_STRING)
		return str_eq(a->u.s, b->u.s);
	if (a->type == b->type && a->type == V_ENTITY)
		return uid_eq(a->u.e, b->u.e);
	return value_cmp(a, b) == 0;
}

static int
value_qcmp(const void *a, const void *b)
{
	return value_cmp(a, b);
}

static int
field_qcmp(const void *a, const void *b)
{
	const struct field *fa = a, *fb = b;

	return str_cmp(fa->key, fb->key);
}

struct value
value_set(struct value *v, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(v, n, sizeof(*v), value_qcmp);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || value_cmp(&v[kept - 1], &v[i]) != 0)
			v[kept++] = v[i];
	return (struct value){ .type = V_SET, .n = (uint32_t)kept,
	    .u.set = v };
}

bool
value_record(struct field *f, size_t n, struct value *ret)
{
	if (n > 1)
		qsort(f, n, sizeof(*f), field_qcmp);
	for (size_t i = 1; i < n; i++)
		if (str_eq(f[i - 1].key, f[i].key))
			return false;
	*ret = (struct value){ .type = V_RECORD, .n = (uint32_t)n,
	    .u.record = f };
	return true;
}

bool
set_has(const struct value *set, const struct value *v)
{
	uint32_t lo = 0, hi = set->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = value_cmp(&set->u.set[mid], v);

		if (c == 0)
			return true;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

const struct value *
record_get(const struct value *record, struct str key)
{
	uint32_t lo = 0, hi = record->n;

	if (hi <= 8) {	/* comparing hashes beats a search that branches */
		for (uint32_t i = 0; i < hi; i++)
			if (str_eq(record->u.record[i].key, key))
				return &record->u.record[i].v;
		return NULL;
	}
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(record->u.record[mid].key, key);

		if (c == 0)
			return &record->u.record[mid].v;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
