/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_cedar_policy.c - policy text, evaluated if it is one.
 */
#include <stdlib.h>
#include <string.h>

#include "cedar/cedar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char entities[] = "[{\"uid\":{\"type\":\"U\",\"id\":\"a\"},"
    "\"attrs\":{\"n\":1,\"s\":\"x\",\"e\":{\"__entity\":{\"type\":\"U\","
    "\"id\":\"b\"}},\"r\":{\"a\":[1,2]}},\"parents\":[{\"type\":\"G\","
    "\"id\":\"g\"}],\"tags\":{\"t\":true}}]";

static void
evaluate(struct cedar_set *set)
{
	struct cedar_request req = {
		.principal = uid_make(str_lit("U"), str_lit("a")),
		.action = uid_make(str_lit("Action"), str_lit("a")),
		.resource = uid_make(str_lit("G"), str_lit("g")),
		.context = { .type = V_RECORD },
	};
	struct cedar_store *store = NULL;
	struct cedar_answer answer;
	struct cedar_error err;
	struct mem m;

	mem_init(&m, (size_t)1 << 20);
	if (cedar_store_new((size_t)1 << 20, &store) == 0 &&
	    cedar_store_load(store, entities, sizeof(entities) - 1,
	    &err) == 0 && cedar_set_index(set) == 0 &&
	    cedar_authorize(set, store, &req, &m, &answer) == 0 &&
	    answer.decision == CEDAR_ALLOW && answer.n_reasons == 0)
		abort();	/* nobody allowed it */
	mem_clear(&m);
	cedar_store_free(store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cedar_set *set = NULL;
	struct cedar_error err;

	if (cedar_set_new((size_t)16 << 20, &set) < 0)
		return 0;
	if (cedar_set_add(set, NULL, (const char *)data, size,
	    CEDAR_IDS_BY_POSITION, &err) == 0)
		evaluate(set);
	else if (memchr(err.text, '\0', sizeof(err.text)) == NULL)
		abort();
	cedar_set_free(set);
	return 0;
}
