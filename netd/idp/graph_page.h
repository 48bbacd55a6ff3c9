/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_page.h - one answer of Microsoft Graph to a delta query, and what its
 * errors are called.
 */
#ifndef AIA_NETD_IDP_GRAPH_PAGE_H
#define AIA_NETD_IDP_GRAPH_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/identity.h"
#include "common/bytes.h"
#include "common/err.h"

/* A page is held as text, one object of it, and one member of that, as a
 * tree. */
#define GRAPH_PAGE_MAX (16 * 1024 * 1024)	/* bytes */
#define GRAPH_OBJECT_MAX (1024 * 1024)		/* without members@delta */
#define GRAPH_LINK_MAX 8000			/* bytes */
#define GRAPH_CODE_MAX 64			/* with the terminator */

struct json;
struct graph_page;

struct graph_object {
	const struct json	*json;		/* any JSON value */
	struct aia_span		 members;	/* for graph_member_next() */
	bool			 is_removed;	/* deleted, for now or ever */
};

/*
 * Parse a page, whose text is borrowed until it is freed.  Returns 0, -ENOMEM,
 * -EMSGSIZE or AIA_EPROTO: not JSON as base/json.h takes it, not an object, no
 * array 'value', a link longer than GRAPH_LINK_MAX, or no link at all.
 */
AIA_MUST_USE int graph_page_parse(struct aia_span text,
    struct graph_page **ret);
void graph_page_free(struct graph_page *page);

/* As they came; not there, but one of the two is.  Where there is a next one
 * the round is not over. */
struct aia_span graph_page_next_link(const struct graph_page *page);
struct aia_span graph_page_delta_link(const struct graph_page *page);

/* The next object, valid until the next call: 1; 0 at the end.  Or -ENOMEM, or
 * -EBADMSG: what comes next is not JSON, or too long. */
AIA_MUST_USE int graph_page_next(struct graph_page *page,
    struct graph_object *ret);

struct graph_member {
	char	 id[OBJECT_ID_LEN_MAX + 1];
	bool	 is_removed;
};

/* 1 and the next user or group among the members, 0 at the end; devices and the
 * like are passed over.  Or -ENOMEM, or -EBADMSG, as of one without an id. */
AIA_MUST_USE int graph_member_next(struct aia_span *members,
    struct graph_member *ret);

/* The code of {"error": {"code": ...}}; "": none. */
void graph_code_read(struct aia_span text, char ret[GRAPH_CODE_MAX]);

#endif
