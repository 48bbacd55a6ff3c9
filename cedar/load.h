/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.h - entities and contexts from JSON that was read already.
 */
#ifndef CEDAR_LOAD_H
#define CEDAR_LOAD_H

#include "cedar/json.h"
#include "cedar/store.h"

/* As cedar_store_load() and cedar_context_load().  j's memory must stay. */
CEDAR_MUST_USE int load_entities(struct cedar_store *store,
    const struct cedar_json *j, struct cedar_error *err);
CEDAR_MUST_USE int load_context(struct mem *m, const struct cedar_json *j,
    struct value *ret, struct cedar_error *err);

#endif
