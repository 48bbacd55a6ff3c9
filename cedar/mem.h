/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h - memory that is taken piece by piece and given back all at once, up
 * to a limit chosen beforehand, and strings that know their length.
 */
#ifndef CEDAR_MEM_H
#define CEDAR_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CEDAR_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct mem_block;

struct mem {
	struct mem_block *blocks;	/* newest first */
	size_t		 used;		/* bytes handed out, all blocks */
	size_t		 max;		/* bytes that may be handed out */
};

void mem_init(struct mem *m, size_t max);
void mem_clear(struct mem *m);
/* Keep one block for the next use, forget all that was handed out. */
void mem_reset(struct mem *m);
/* n * size zeroed bytes, aligned for anything; NULL when over the limit. */
void *mem_get(struct mem *m, size_t n, size_t size);

/* UTF-8 that may hold any character, U+0000 too; not terminated. */
struct str {
	const char	*p;
	uint32_t	 len;	/* bytes */
	uint32_t	 hash;	/* str_make() fills it */
};

struct str str_make(const char *p, size_t len);
struct str str_lit(const char *terminated);
bool	str_eq(struct str a, struct str b);
bool	str_is(struct str a, const char *terminated);
/* By bytes, then length: a total order, that of code points. */
int	str_cmp(struct str a, struct str b);
/* false when there is no memory. */
bool	str_copy(struct mem *m, struct str in, struct str *ret);
uint32_t hash_mix(uint32_t a, uint32_t b);

#endif
