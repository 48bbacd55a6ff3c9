/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grow.h - room for one more element of an array on the heap.
 */
#ifndef AIA_KEEPER_GROW_H
#define AIA_KEEPER_GROW_H

#include <stddef.h>

/*
 * v has n elements of 'size' bytes in use and room for *cap.  Returns the array
 * with room for n + 1 of them, or NULL: v and *cap are then as they were.
 */
void *grow_one(void *v, size_t n, size_t *cap, size_t size);

#endif
