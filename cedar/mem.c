/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.c - bounded memory, counted strings.
 */
#include "cedar/mem.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_MIN 4096	/* bytes; doubles with what is in use already */
#define BLOCK_GROWTH_MAX ((size_t)1 << 20)

struct mem_block {
	struct mem_block *next;
	size_t		 cap, len;	/* bytes */
	alignas(max_align_t) unsigned char room[];
};

void
mem_init(struct mem *m, size_t max)
{
	*m = (struct mem){ .max = max };
}

static void
free_blocks(struct mem_block *b)
{
	while (b != NULL) {
		struct mem_block *next = b->next;

		free(b);
		b = next;
	}
}

void
mem_clear(struct mem *m)
{
	free_blocks(m->blocks);
	m->blocks = NULL;
	m->used = 0;
}

void
mem_reset(struct mem *m)
{
	if (m->blocks == NULL)
		return;
	free_blocks(m->blocks->next);
	m->blocks->next = NULL;
	m->blocks->len = 0;
	m->used = 0;
}

static struct mem_block *
block_new(struct mem *m, size_t need)
{
	size_t cap = m->used < BLOCK_MIN ? BLOCK_MIN : m->used;
	struct mem_block *b;

	if (cap > BLOCK_GROWTH_MAX)
		cap = BLOCK_GROWTH_MAX;
	if (cap < need)
		cap = need;
	b = malloc(sizeof(*b) + cap);
	if (b == NULL)
		return NULL;
	b->next = m->blocks;
	b->cap = cap;
	b->len = 0;
	m->blocks = b;
	return b;
}

void *
mem_get(struct mem *m, size_t n, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct mem_block *b = m->blocks;
	size_t need;
	void *p;

	if (__builtin_mul_overflow(n, size, &need) ||
	    __builtin_add_overflow(need, align - 1, &need))
		return NULL;
	need &= ~(align - 1);
	if (need > m->max - m->used)
		return NULL;
	if (b == NULL || need > b->cap - b->len)
		b = block_new(m, need);
	if (b == NULL)
		return NULL;
	p = b->room + b->len;
	b->len += need;
	m->used += need;
	memset(p, 0, need);
	return p;
}

/* FNV-1a: short keys, no attacker chooses tables that matter here: the number
 * of probes is bounded by the caller's memory limit, not by luck. */
struct str
str_make(const char *p, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619u;
	return (struct str){ .p = p, .len = (uint32_t)len, .hash = h };
}

struct str
str_lit(const char *terminated)
{
	return str_make(terminated, strlen(terminated));
}

bool
str_eq(struct str a, struct str b)
{
	return a.hash == b.hash && a.len == b.len &&
	    (a.p == b.p || a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool
str_is(struct str a, const char *terminated)
{
	return a.len == strlen(terminated) &&
	    memcmp(a.p, terminated, a.len) == 0;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_copy(struct mem *m, struct str in, struct str *ret)
{
	char *p = mem_get(m, in.len + (size_t)1, 1);

	if (p == NULL)
		return false;
	if (in.len != 0)
		memcpy(p, in.p, in.len);
	*ret = (struct str){ .p = p, .len = in.len, .hash = in.hash };
	return true;
}

uint32_t
hash_mix(uint32_t a, uint32_t b)
{
	a ^= b + 0x9e3779b9u + (a << 6) + (a >> 2);
	a ^= a >> 15;
	a *= 0x85ebca6bu;
	return a ^ a >> 13;
}
