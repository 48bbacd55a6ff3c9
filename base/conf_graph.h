/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_graph.h - what must agree in a source of provider graph.
 */
#ifndef AIA_BASE_CONF_GRAPH_H
#define AIA_BASE_CONF_GRAPH_H

#include "base/conf_types.h"

/*
 * 0 or AIA_ECONF.  What is missing is told one by one, as "needs 'KEY'", so that
 * set-up can ask for it.
 */
AIA_MUST_USE int conf_graph_check(const struct conf_source *s,
    struct conf_error *why);

#endif
