/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_cedar_json.c - entities and contexts from JSON.
 */
#include "cedar/cedar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cedar_store *store = NULL;
	struct cedar_error err;
	struct value v;
	struct mem m;

	mem_init(&m, (size_t)16 << 20);
	if (cedar_store_new((size_t)16 << 20, &store) == 0) {
		(void)!cedar_store_load(store, (const char *)data, size, &err);
		(void)!cedar_context_load(&m, (const char *)data, size, &v,
		    &err);
	}
	mem_clear(&m);
	cedar_store_free(store);
	return 0;
}
