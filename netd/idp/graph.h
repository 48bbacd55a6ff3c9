/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph.h - one round of delta queries, of users or of groups.
 */
#ifndef AIA_NETD_IDP_GRAPH_H
#define AIA_NETD_IDP_GRAPH_H

#include "netd/idp/ask.h"
#include "netd/idp/feed.h"
#include "netd/idp/graph_cursor.h"
#include "netd/idp/graph_record.h"
#include "netd/idp/record.h"

enum graph_kind { GRAPH_USER = 1, GRAPH_GROUP, GRAPH_OTHER };

/* GRAPH_OTHER: a group that does not count here. */

/* Those of one page that must be asked for by themselves. */
struct graph_ids {
	char	(*v)[OBJECT_ID_LEN_MAX + 1];
	size_t	 n, cap;
};

struct graph {
	const struct idp_job	*job;
	struct idp_end		*end;	/* filled by whoever fails first */
	struct ask		*ask;
	struct feed		*feed;
	enum netcall_mode	 mode;
	struct graph_ids	 ids;
	struct record		 rec;
	char			 select[GRAPH_SELECT_MAX];
	struct graph_cursor	 cursor;
	/* Of the round: a link that was, kept to see whether it comes again. */
	struct graph_link	 mark;
	uint32_t		 n_pages, mark_at;
};

#endif
