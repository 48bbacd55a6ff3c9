/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_cursor.h - links of Microsoft Graph, and two of them as the keeper
 * stores them.
 *
 * Without scheme and host: what is asked next is on the configured host,
 * whatever a server or a stored cursor says.
 */
#ifndef AIA_NETD_IDP_GRAPH_CURSOR_H
#define AIA_NETD_IDP_GRAPH_CURSOR_H

#include "netd/idp/graph_page.h"
#include "netd/idp/idp.h"

/* From the '/' behind the host; terminated. */
struct graph_link { char s[GRAPH_LINK_MAX + 1]; };

/* What follows the origin (scheme, host, port) of url: of a base URL its path,
 * without a '/' at the end. */
size_t graph_origin_len(const char *url);

/*
 * A link from an answer.  AIA_EPROTO: it is not of url's origin, or holds
 * something else than printable ASCII, or a fragment.
 */
AIA_MUST_USE int graph_link_parse(const char *url, struct aia_span link,
    struct graph_link *ret);

#define GRAPH_CURSOR_MAX NETCALL_CURSOR_MAX

struct graph_cursor { struct graph_link users, groups; };

/* Terminated; any two links fit. */
void graph_cursor_format(const struct idp_job *job,
    const struct graph_cursor *cursor, char room[GRAPH_CURSOR_MAX]);
/* 0 or AIA_EPROTO: not a cursor of this source as it is configured. */
AIA_MUST_USE int graph_cursor_parse(const struct idp_job *job,
    struct aia_span text, struct graph_cursor *ret);

#endif
