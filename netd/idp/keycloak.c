/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak.c - a realm of Keycloak, by its Admin REST API.
 *
 * There are no listings of changes.  Lists come in pages by position, which
 * lose and repeat whoever moves meanwhile: see keycloak.h, and how many there
 * are is asked before and after.
 */
#include "config.h"

#include "netd/idp/keycloak.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "netd/idp/keycloak_page.h"
#include "netd/idp/keycloak_record.h"
#include "netd/idp/standing.h"

#define URL_MAX (CONF_VALUE_MAX + KEYCLOAK_PATH_MAX + 128)
#define MEDIA_TYPE "application/json"

bool
keycloak_id_read(const struct json *obj, struct keycloak_id *ret)
{
	struct aia_span id;

	if (json_get_str(obj, "id", OBJECT_ID_LEN_MAX, &id) < 0 || id.len == 0)
		return false;
	memcpy(ret->s, id.p, id.len);
	ret->s[id.len] = '\0';
	return true;
}

int
keycloak_path(char room[KEYCLOAK_PATH_MAX], const char *before,
    const char *name, const char *after)
{
	char segment[IDP_SEGMENT_MAX];

	if (idp_segment(aia_span_str(name), segment) < 0)
		return -EINVAL;
	(void)snprintf(room, KEYCLOAK_PATH_MAX, "%s%s%s", before, segment,
	    after);
	return 0;
}

static void
url_make(const struct idp_job *job, const char *path, const char *query,
    char ret[URL_MAX])
{
	(void)snprintf(ret, URL_MAX, "%.*s/%s%s", (int)idp_base_len(job),
	    job->source->url, path, query);
}

/* -ENOENT: 404; or why there is no answer of use, which *end says. */
static int
get(struct keycloak *k, const char *path, const char *query,
    struct http_answer *ret)
{
	char url[URL_MAX];
	int r;

	url_make(k->job, path, query, url);
	r = ask_patiently(k->ask, url, MEDIA_TYPE, ret);
	if (r < 0)
		return r;
	if (ret->status == 404)
		return -ENOENT;
	if (ret->status == 200)
		return 0;
	ask_end_status(k->ask, ret);
	return AIA_EOFFLINE;
}

static int
end_broken(struct keycloak *k, const char *path, const char *what)
{
	idp_end_set(k->end, NETCALL_BROKEN, "%s/%s: %s", k->job->source->url,
	    path, what);
	return AIA_EPROTO;
}

static int
end_missing(struct keycloak *k, const char *path)
{
	return end_broken(k, path, "HTTP status 404: is this the URL of a "
	    "realm's administration?");
}

/* Where a walk stands. */
struct walk {
	const struct keycloak_list *list;
	uint64_t	 first;		/* position of the next page */
	uint64_t	 n;		/* objects of this page */
	struct keycloak_id last;	/* of the page before; "" at first */
};

static int
item_take(struct keycloak *k, struct walk *w, const struct json *item)
{
	bool overlaps = w->n++ == 0 && w->first > 0;
	struct keycloak_id id;

	if (!keycloak_id_read(item, &id)) {
		feed_partial(k->feed, "%s: one came without an id",
		    w->list->path);
		return feed_count(k->feed);
	}
	if (overlaps && strcmp(id.s, w->last.s) == 0)
		return 0;
	if (overlaps)
		feed_partial(k->feed, "%s: changed while it was listed",
		    w->list->path);
	w->last = id;
	return w->list->each(k, item, w->list->arg);
}

static int
page_take(struct keycloak *k, struct walk *w, struct aia_span text)
{
	struct keycloak_page page = { 0 };
	const struct json *item = NULL;
	int r;

	if (keycloak_page_init(text, &page) < 0)
		return end_broken(k, w->list->path, "the answer is no list");
	while ((r = keycloak_page_next(&page, &item)) > 0) {
		r = item_take(k, w, item);
		if (r < 0)
			break;
	}
	keycloak_page_clear(&page);
	if (r == -EBADMSG)
		return end_broken(k, w->list->path, "an object in it cannot "
		    "be read");
	return r;
}

static int
vanished(struct keycloak *k, const struct keycloak_list *list)
{
	if (!list->may_vanish)
		return end_missing(k, list->path);
	feed_partial(k->feed, "%s: vanished while the realm was listed",
	    list->path);
	return 0;
}

int
keycloak_list(struct keycloak *k, const struct keycloak_list *list)
{
	/* One more than an object that is there already: else it ends here. */
	uint32_t max = k->job->source->page_size < 2 ? 2 :
	    k->job->source->page_size;
	struct walk w = { .list = list };
	struct http_answer answer = { 0 };
	char query[128];
	int r;

	do {
		(void)snprintf(query, sizeof(query), "?first=%" PRIu64
		    "&max=%" PRIu32 "%s", w.first, max, list->query);
		r = get(k, list->path, query, &answer);
		if (r == -ENOENT)
			return vanished(k, list);
		w.n = 0;
		if (r == 0)
			r = page_take(k, &w, answer.body);
		if (r < 0)
			return r;
		w.first += w.n > 0 ? w.n - 1 : 0;
		/* The list shrank below what was there. */
		if (w.n == 0 && w.first > 0)
			feed_partial(k->feed, "%s: changed while it was "
			    "listed", list->path);
	} while (w.n >= max);
	return 0;
}

int
keycloak_list_whole(struct keycloak *k, const struct keycloak_list *list)
{
	struct walk w = { .list = list };
	struct http_answer answer = { 0 };
	int r;

	r = get(k, list->path, list->query, &answer);
	if (r == -ENOENT)
		return vanished(k, list);
	return r < 0 ? r : page_take(k, &w, answer.body);
}

int
keycloak_member_put(struct keycloak *k, const struct json *item, void *arg)
{
	const struct aia_span *group = arg;
	struct keycloak_id id;

	if (!keycloak_id_read(item, &id))
		return 0;
	return feed_member(k->feed, &netcall_m_member_add, *group,
	    aia_span_str(id.s));
}

static int
count(struct keycloak *k, const char *path, uint64_t *ret)
{
	struct http_answer answer = { 0 };
	int r;

	r = get(k, path, "", &answer);
	if (r == -ENOENT)
		return end_missing(k, path);
	if (r < 0)
		return r;
	r = keycloak_count_parse(answer.body, ret);
	return r == AIA_EPROTO ? end_broken(k, path, "no number") : r;
}

/*
 * Fewer than there are means that a page was cut or somebody moved.  More are
 * well: those of a federated store may not be counted.
 */
static void
compare(struct keycloak *k, const char *what, uint64_t came, uint64_t before,
    uint64_t after)
{
	if (before != after)
		feed_partial(k->feed, "the number of %s changed from %" PRIu64
		    " to %" PRIu64, what, before, after);
	else if (came < before)
		feed_partial(k->feed, "%" PRIu64 " %s came, the server spoke "
		    "of %" PRIu64, came, what, before);
}

static int
user_take(struct keycloak *k, const struct json *item, void *arg)
{
	uint64_t *n = arg;
	int r;

	keycloak_user_read(item, k->job, &k->rec);
	r = feed_see(k->feed, KEYCLOAK_USER, k->rec.user.object_id);
	if (r == -EEXIST) {
		feed_partial(k->feed, "users came twice");
		return 0;
	}
	(*n)++;
	return r < 0 ? r : feed_object(k->feed, &netcall_m_user, &k->rec.user);
}

static int
users_run(struct keycloak *k, uint64_t *ret_n)
{
	const struct keycloak_list users = { .path = "users",
	    .query = "&briefRepresentation=false", .each = user_take,
	    .arg = ret_n };

	return keycloak_list(k, &users);
}

static int
list_all(struct keycloak *k)
{
	uint64_t users[2] = { 0 }, groups[2] = { 0 };
	uint64_t n_users = 0, n_groups = 0;
	int r;

	r = count(k, "users/count", &users[0]);
	if (r == 0)
		r = count(k, "groups/count", &groups[0]);
	if (r == 0)
		r = users_run(k, &n_users);
	if (r == 0)
		r = keycloak_groups_run(k, &n_groups);
	if (r == 0 && k->job->source->realm_roles)
		r = keycloak_roles_run(k);
	if (r == 0)
		r = count(k, "users/count", &users[1]);
	if (r == 0)
		r = count(k, "groups/count", &groups[1]);
	if (r < 0)
		return r;
	compare(k, "users", n_users, users[0], users[1]);
	compare(k, "groups", n_groups, groups[0], groups[1]);
	return 0;
}

static int
listing_run(struct keycloak *k)
{
	const struct netcall_listing_begin begin = { 0 };
	int r = feed_begin(k->feed, &begin);

	if (r == 0)
		r = list_all(k);
	if (r == -EFBIG && k->end->result.outcome == 0)
		idp_end_too_many(k->end, k->job->source);
	return r < 0 ? r : feed_end(k->feed, aia_span_str(""), k->end);
}

static int
keycloak_sync(const struct idp_job *job, struct idp_end *end)
{
	/* One process makes one listing. */
	static struct keycloak k;
	int r;

	k = (struct keycloak){ .job = job, .end = end };
	r = ask_new(job, end, KEYCLOAK_PAGE_MAX, &k.ask);
	if (r == 0)
		r = feed_new(job, NETCALL_FULL, &k.feed);
	if (r == 0)
		r = listing_run(&k);
	feed_free(k.feed);
	ask_free(k.ask);
	return end->result.outcome != 0 ? 0 : r;
}

static int
keycloak_check(const struct idp_job *job, struct idp_end *end)
{
	return standing_ask(job, end, "users", "", MEDIA_TYPE,
	    keycloak_user_read);
}

const struct idp_ops idp_keycloak = {
	.name = "keycloak",
	.sync = keycloak_sync,
	.check = keycloak_check,
};
