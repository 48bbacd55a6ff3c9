/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_json.c - any bytes as a document, walked to its leaves.
 */
#include "config.h"

#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(const struct json *v)
{
	const struct json *item = NULL;
	struct aia_span key;
	void *iter = NULL;
	int64_t i;
	bool b;

	while (json_obj_next(v, &iter, &key, &item))
		walk(item);
	for (size_t at = 0; at < json_arr_len(v); at++)
		walk(json_arr_at(v, at));
	if (json_as_str(v, 64, &key) == 0 && key.len > 64)
		abort();
	if (json_as_i64(v, 0, 9, &i) == 0 && (i < 0 || i > 9))
		abort();
	(void)!json_as_bool(v, &b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *root = NULL;

	if (json_parse(data, size, 65536, &root) == 0)
		walk(root);
	json_free(root);
	return 0;
}
