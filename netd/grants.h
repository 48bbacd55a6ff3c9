/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grants.h - access tokens in force, in the memory of netd's parent alone.
 *
 * A child finds there what an earlier one was granted, and sends back what is
 * granted to it: jobs.h.
 */
#ifndef AIA_NETD_GRANTS_H
#define AIA_NETD_GRANTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/secret.h"
#include "common/err.h"

/* id: of the source and all that the configuration says of its token. */
struct grant {
	uint64_t	id;
	int64_t		until_ms;	/* monotonic; to be used before */
	struct secret	token;
};

uint64_t grant_id(const struct conf_source *source);

/* The parent: keep what a child sent, as jobs_ops.keep. */
bool grants_keep(int fd);

/*
 * The child: the one of this id, if it is in force, with an empty token if
 * there is none.  All others are wiped from the child's memory: what is to come
 * from outside shall not find them.
 */
void grants_take(uint64_t id, int64_t now_ms, struct grant *ret);
/* The child: have it kept.  Where that fails, the next call asks anew. */
void grants_send(int fd, const struct grant *grant);

#endif
