/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_cursor.c - links of Microsoft Graph.
 *
 * In the text of a cursor: a version, a hash over what the configuration says
 * of the source, and the two links, a line each.
 */
#include "config.h"

#include "netd/idp/graph_cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HEAD_MAX 32
#define SCHEME "https://"

size_t
graph_origin_len(const char *url)
{
	size_t at = strlen(SCHEME);

	return strncmp(url, SCHEME, at) != 0 ? strlen(url) :
	    at + strcspn(url + at, "/?#");
}

static bool
is_path(struct aia_span s)
{
	if (s.len == 0 || s.len > GRAPH_LINK_MAX || s.p[0] != '/')
		return false;
	/* "//host" would be another host to some. */
	if (s.len > 1 && s.p[1] == '/')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '#' ||
		    s.p[i] == '\\')
			return false;
	return true;
}

static int
path_take(struct aia_span s, struct graph_link *ret)
{
	if (!is_path(s))
		return AIA_EPROTO;
	memcpy(ret->s, s.p, s.len);
	ret->s[s.len] = '\0';
	return 0;
}

/* "https://h:443" is "https://h". */
static size_t
without_port(const char *url, size_t len)
{
	static const char port[] = ":443";
	size_t n = sizeof(port) - 1;

	return len > n && memcmp(url + len - n, port, n) == 0 ? len - n : len;
}

int
graph_link_parse(const char *url, struct aia_span link,
    struct graph_link *ret)
{
	char text[GRAPH_LINK_MAX + 1];
	size_t ours = without_port(url, graph_origin_len(url)), end, theirs;

	if (link.len == 0 || link.len > GRAPH_LINK_MAX ||
	    memchr(link.p, '\0', link.len) != NULL)
		return AIA_EPROTO;
	memcpy(text, link.p, link.len);
	text[link.len] = '\0';
	end = graph_origin_len(text);
	theirs = without_port(text, end);
	/* Names of hosts have no case; "user@" is no part of ours. */
	if (theirs != ours || strncasecmp(text, url, ours) != 0)
		return AIA_EPROTO;
	return path_take(aia_span_of(text + end, link.len - end), ret);
}

static int
head_format(const struct idp_job *job, char ret[HEAD_MAX])
{
	return snprintf(ret, HEAD_MAX, "1 %016" PRIx64 "\n",
	    idp_job_hash(job));
}

_Static_assert(HEAD_MAX + 2 * sizeof(struct graph_link) < GRAPH_CURSOR_MAX,
    "the two longest links fit");

void
graph_cursor_format(const struct idp_job *job,
    const struct graph_cursor *cursor, char room[GRAPH_CURSOR_MAX])
{
	char head[HEAD_MAX];

	(void)head_format(job, head);
	(void)snprintf(room, GRAPH_CURSOR_MAX, "%s%s\n%s", head,
	    cursor->users.s, cursor->groups.s);
}

int
graph_cursor_parse(const struct idp_job *job, struct aia_span text,
    struct graph_cursor *ret)
{
	char head[HEAD_MAX];
	size_t len = (size_t)head_format(job, head), users;
	const uint8_t *end;
	int r;

	if (text.len < len || memcmp(text.p, head, len) != 0)
		return AIA_EPROTO;
	text = aia_span_of(text.p + len, text.len - len);
	end = memchr(text.p, '\n', text.len);
	if (end == NULL)
		return AIA_EPROTO;
	users = (size_t)(end - text.p);
	r = path_take(aia_span_of(text.p, users), &ret->users);
	return r < 0 ? r : path_take(aia_span_of(end + 1,
	    text.len - users - 1), &ret->groups);
}
