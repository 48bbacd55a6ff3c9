/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph.c - Microsoft Graph, by delta queries of users and of groups.
 *
 * A full listing is a round that begins without a token.  An object may come
 * several times in a round, a group with other members each time, so the
 * listing merges.  A round ends with a link by which the next one asks for what
 * changed; both links together are the cursor.
 */
#include "config.h"

#include "netd/idp/graph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/graph_page.h"
#include "netd/idp/standing.h"

#define MEDIA_TYPE "application/json"
#define URL_MAX (CONF_VALUE_MAX + GRAPH_LINK_MAX + 64)
#define IDS_MAX 10000		/* of one page; none has so many */

static const char *const places[] = {
	[GRAPH_USER] = "users", [GRAPH_GROUP] = "groups",
};

/* The server's name for what is wrong says more than a status. */
static void
end_status(struct graph *g, const struct http_answer *answer)
{
	char code[GRAPH_CODE_MAX];

	ask_end_status(g->ask, answer);
	graph_code_read(answer->body, code);
	if (code[0] != '\0')
		idp_end_set(g->end,
		    (enum netcall_outcome)g->end->result.outcome,
		    "%s: HTTP status %ld, %s", g->job->source->url,
		    answer->status, code);
}

/*
 * A link that is too old, or that the server forgot: 410, or 400 with a code
 * such as syncStateNotFound.  Whatever else it says to a link of changes that
 * it once gave, only a new round can help.
 */
static bool
is_forgotten(const struct graph *g, long status)
{
	return g->mode == NETCALL_DELTA &&
	    (status == 400 || status == 404 || status == 410);
}

static int
broken(struct graph *g, enum graph_kind kind, const char *what)
{
	idp_end_set(g->end, NETCALL_BROKEN, "%s/%s: %s", g->job->source->url,
	    places[kind], what);
	return AIA_EPROTO;
}

static int
put_gone(struct graph *g, struct aia_span id)
{
	const struct netcall_gone gone = { .object_id = id };

	return feed_object(g->feed, &netcall_m_gone, &gone);
}

/* For later: its page is in the way. */
static int
ids_add(struct graph *g, enum graph_kind kind, struct aia_span id)
{
	struct graph_ids *ids = &g->ids;
	void *v;

	if (ids->n == IDS_MAX)
		return broken(g, kind, "a page of too many objects");
	if (ids->n == ids->cap) {
		size_t cap = ids->cap == 0 ? 64 : ids->cap * 2;

		v = reallocarray(ids->v, cap, sizeof(*ids->v));
		if (v == NULL)
			return -ENOMEM;
		ids->v = v;
		ids->cap = cap;
	}
	memcpy(ids->v[ids->n], id.p, id.len);
	ids->v[ids->n++][id.len] = '\0';
	return 0;
}

static int
user_put(struct graph *g, const struct json *user)
{
	graph_user_read(user, g->job, &g->rec);
	return feed_object(g->feed, &netcall_m_user, &g->rec.user);
}

/* One that is no security group may have been one, or may become none while all
 * is listed. */
static int
group_put(struct graph *g, const struct json *group)
{
	bool is_other = graph_group_is_other(group);
	int r;

	graph_group_read(group, g->job, &g->rec);
	r = feed_see(g->feed, is_other ? GRAPH_OTHER : GRAPH_GROUP,
	    g->rec.group.object_id);
	if (r < 0 && r != -EEXIST)
		return r;
	return is_other ? put_gone(g, g->rec.group.object_id) :
	    feed_object(g->feed, &netcall_m_group, &g->rec.group);
}

static int
members_put(struct graph *g, struct aia_span group, struct aia_span members)
{
	struct graph_member member;
	int r;

	while ((r = graph_member_next(&members, &member)) > 0) {
		r = feed_member(g->feed, member.is_removed ?
		    &netcall_m_member_del : &netcall_m_member_add, group,
		    aia_span_str(member.id));
		if (r < 0)
			return r;
	}
	return r;
}

/*
 * Of a full listing, when it was whole before: more members.  When it was not,
 * nobody knows whether they count.
 */
static int
part_take(struct graph *g, struct aia_span id, struct aia_span members)
{
	if (feed_has_seen(g->feed, GRAPH_GROUP, id))
		return members_put(g, id, members);
	if (!feed_has_seen(g->feed, GRAPH_OTHER, id))
		feed_partial(g->feed, "groups came without their properties");
	return feed_count(g->feed);
}

/*
 * Of a group that is not whole among changes the members that came or went are
 * said at once, and it is asked for afterwards: if it turns out to be no
 * security group, it is gone, and they with it.
 */
static int
group_take(struct graph *g, struct aia_span id,
    const struct graph_object *obj)
{
	bool is_whole = graph_group_is_whole(obj->json);
	int r;

	if (!is_whole && g->mode == NETCALL_FULL)
		return part_take(g, id, obj->members);
	r = is_whole ? group_put(g, obj->json) :
	    ids_add(g, GRAPH_GROUP, id);
	if (r < 0 || graph_group_is_other(obj->json))
		return r;
	return members_put(g, id, obj->members);
}

static int
object_take(struct graph *g, enum graph_kind kind,
    const struct graph_object *obj)
{
	struct aia_span id;

	if (json_get_str(obj->json, "id", OBJECT_ID_LEN_MAX, &id) < 0 ||
	    id.len == 0) {
		feed_partial(g->feed, "%s came without an id", places[kind]);
		return feed_count(g->feed);
	}
	if (obj->is_removed)
		return put_gone(g, id);
	if (kind == GRAPH_GROUP)
		return group_take(g, id, obj);
	return g->mode == NETCALL_FULL ||
	    graph_user_is_whole(obj->json, g->job) ? user_put(g, obj->json) :
	    ids_add(g, kind, id);
}

static int
page_take(struct graph *g, enum graph_kind kind, struct graph_page *page)
{
	struct graph_object obj;
	bool is_empty = true;
	int r;

	while ((r = graph_page_next(page, &obj)) > 0) {
		is_empty = false;
		r = object_take(g, kind, &obj);
		if (r < 0)
			break;
	}
	/* There may be some in between, but not for ever. */
	if (r == 0 && is_empty)
		r = feed_count(g->feed);
	return r == -EBADMSG ? broken(g, kind, "an object in it cannot be "
	    "read") : r;
}

/* A user or a group by itself, as it is now. */
static int
one_take(struct graph *g, enum graph_kind kind, struct aia_span body)
{
	struct json *json = NULL;
	int r;

	r = json_parse(body.p, body.len, GRAPH_OBJECT_MAX, &json);
	if (r < 0)
		return r == -ENOMEM ? r : broken(g, kind, "one that was asked "
		    "for cannot be read");
	r = kind == GRAPH_USER ? user_put(g, json) : group_put(g, json);
	json_free(json);
	return r;
}

static int
one_ask(struct graph *g, enum graph_kind kind, const char *id)
{
	char url[URL_MAX], segment[IDP_SEGMENT_MAX];
	struct http_answer answer = { 0 };
	int r;

	if (idp_segment(aia_span_str(id), segment) < 0)
		return broken(g, kind, "an id of no use");
	(void)snprintf(url, sizeof(url), "%.*s/%s/%s?%s", (int)idp_base_len(g->job),
	    g->job->source->url, places[kind], segment, g->select);
	r = ask_patiently(g->ask, url, MEDIA_TYPE, &answer);
	if (r < 0)
		return r;
	if (answer.status == 200)
		return one_take(g, kind, answer.body);
	if (answer.status == 404)
		return put_gone(g, aia_span_str(id));
	end_status(g, &answer);
	return AIA_EOFFLINE;
}

static int
rest_ask(struct graph *g, enum graph_kind kind)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->ids.n; i++)
		r = one_ask(g, kind, g->ids.v[i]);
	g->ids.n = 0;
	return r;
}

/*
 * Links that go in a circle: one of them is kept, another one after 2, 4, 8 ...
 * pages, so that a circle of any length meets it.  Links that are new for ever
 * end with objects_max, or at the deadline.
 */
static bool
is_circle(struct graph *g, const struct graph_link *next)
{
	if (strcmp(next->s, g->mark.s) == 0)
		return true;
	if (++g->n_pages == g->mark_at) {
		g->mark = *next;
		g->mark_at *= 2;
	}
	return false;
}

/* 1 and where to go on, 0 and what the next round begins with. */
static int
links_take(struct graph *g, enum graph_kind kind,
    const struct graph_page *page, struct graph_link *ret)
{
	struct aia_span next = graph_page_next_link(page);
	struct graph_link link;

	if (graph_link_parse(g->job->source->url, next.len > 0 ? next :
	    graph_page_delta_link(page), &link) < 0)
		return broken(g, kind, "a link to another host, or none that "
		    "could be one");
	if (next.len > 0 && is_circle(g, &link))
		return broken(g, kind, "the pages go in a circle");
	*ret = link;
	return next.len > 0;
}

/* One page: as links_take(). */
static int
page_ask(struct graph *g, enum graph_kind kind, struct graph_link *link)
{
	struct http_answer answer = { 0 };
	struct graph_page *page = NULL;
	char url[URL_MAX];
	int r, more;

	(void)snprintf(url, sizeof(url), "%.*s%s",
	    (int)graph_origin_len(g->job->source->url), g->job->source->url,
	    link->s);
	r = ask_patiently(g->ask, url, MEDIA_TYPE, &answer);
	if (r < 0)
		return r;
	if (answer.status != 200) {
		end_status(g, &answer);
		if (is_forgotten(g, answer.status))
			g->end->result.outcome = NETCALL_START_OVER;
		return AIA_EOFFLINE;
	}
	r = graph_page_parse(answer.body, &page);
	if (r < 0)
		return r == -ENOMEM ? r : broken(g, kind, "the answer is no "
		    "page of a delta query");
	more = links_take(g, kind, page, link);
	r = more < 0 ? more : page_take(g, kind, page);
	graph_page_free(page);
	if (r == 0)
		r = rest_ask(g, kind);
	return r < 0 ? r : more;
}

static int
round_run(struct graph *g, enum graph_kind kind, struct graph_link *link)
{
	const char *url = g->job->source->url;
	int r;

	if (graph_select(g->job, kind == GRAPH_USER, g->select) < 0) {
		idp_end_set(g->end, NETCALL_CONFIG, "%s: a configured name is "
		    "no property of %s", url, places[kind]);
		return AIA_ECONF;
	}
	if (g->mode == NETCALL_FULL)
		(void)snprintf(link->s, sizeof(link->s), "%.*s/%s/delta?%s%s",
		    (int)(idp_base_len(g->job) - graph_origin_len(url)),
		    url + graph_origin_len(url), places[kind], g->select,
		    kind == GRAPH_GROUP ? ",members" : "");
	g->mark = *link;
	g->n_pages = 0;
	g->mark_at = 2;
	do
		r = page_ask(g, kind, link);
	while (r > 0);
	return r;
}

static int
list_all(struct graph *g)
{
	int r = round_run(g, GRAPH_USER, &g->cursor.users);

	return r < 0 ? r : round_run(g, GRAPH_GROUP, &g->cursor.groups);
}

static int
listing_end(struct graph *g)
{
	static char room[GRAPH_CURSOR_MAX];

	graph_cursor_format(g->job, &g->cursor, room);
	return feed_end(g->feed, aia_span_str(room), g->end);
}

static int
listing_run(struct graph *g)
{
	const struct netcall_listing_begin begin = { .merges = 1,
	    .has = g->mode == NETCALL_FULL ?
		AIA_BIT(NETCALL_BEGIN_F_MERGES) : 0 };
	int r = feed_begin(g->feed, &begin);

	if (r == 0)
		r = list_all(g);
	if (r == -EFBIG)
		idp_end_too_many(g->end, g->job->source);
	return r < 0 ? r : listing_end(g);
}

static int
graph_sync(const struct idp_job *job, struct idp_end *end)
{
	/* One process makes one listing. */
	static struct graph g;
	int r;

	g = (struct graph){ .job = job, .end = end, .mode = job->mode };
	if (g.mode == NETCALL_DELTA &&
	    graph_cursor_parse(job, job->cursor, &g.cursor) < 0) {
		idp_end_set(end, NETCALL_START_OVER, "the configuration of "
		    "this source is another one now");
		return 0;
	}
	r = ask_new(job, end, GRAPH_PAGE_MAX, &g.ask);
	if (r == 0)
		r = feed_new(job, g.mode, &g.feed);
	if (r == 0)
		r = listing_run(&g);
	free(g.ids.v);
	feed_free(g.feed);
	ask_free(g.ask);
	return end->result.outcome != 0 ? 0 : r;
}

static int
graph_check(const struct idp_job *job, struct idp_end *end)
{
	char query[1 + GRAPH_SELECT_MAX] = "?";

	if (graph_select(job, true, query + 1) < 0) {
		idp_end_set(end, NETCALL_CONFIG, "%s: a configured name is no "
		    "property of users", job->source->url);
		return 0;
	}
	return standing_ask(job, end, "users", query, MEDIA_TYPE,
	    graph_user_read);
}

const struct idp_ops idp_graph = {
	.name = "graph", .has_deltas = true,
	.sync = graph_sync,
	.check = graph_check,
};
