/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_json.c - any bytes as a document, walked to its leaves; and with one
 * array of it read item by item, which must come to the same.
 */
#include "config.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

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

/* How many there are.  whole: what json_parse() made of the text, or NULL. */
static size_t
items_count(struct aia_span items, const struct json *whole)
{
	struct aia_span text;
	size_t n = 0;
	int r;

	while ((r = json_items_next(&items, &text)) > 0) {
		struct json *item = NULL;

		r = json_parse_any(text.p, text.len, 65536, &item);
		if (r == 0)
			walk(item);
		else if (whole != NULL)
			abort();
		json_free(item);
		n++;
	}
	if (r < 0 && whole != NULL)
		abort();
	return n;
}

static void
by_items(const uint8_t *data, size_t size, const struct json *whole)
{
	const struct json *arr = NULL;
	struct aia_span items;
	struct json *root = NULL;
	size_t n;

	/* A key with an escape in it is refused where it has items. */
	if (json_parse_but(data, size, 65536, "a", &root, &items) < 0) {
		if (whole != NULL && memchr(data, '\\', size) == NULL)
			abort();
		return;
	}
	walk(root);
	n = items_count(items, whole);
	if (whole != NULL && json_get_arr(whole, "a", &arr) < 0 && n > 0)
		abort();
	if (whole != NULL && json_arr_len(arr) != n)
		abort();
	json_free(root);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *root = NULL;

	if (json_parse(data, size, 65536, &root) == 0)
		walk(root);
	by_items(data, size, root);
	json_free(root);
	return 0;
}
