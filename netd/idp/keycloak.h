/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keycloak.h - one listing of a realm, and how its parts ask.
 */
#ifndef AIA_NETD_IDP_KEYCLOAK_H
#define AIA_NETD_IDP_KEYCLOAK_H

#include "netd/idp/ask.h"
#include "netd/idp/feed.h"
#include "netd/idp/record.h"

enum keycloak_kind { KEYCLOAK_USER = 1, KEYCLOAK_GROUP };	/* or role */

struct keycloak {
	const struct idp_job	*job;
	struct idp_end		*end;	/* filled by whoever fails first */
	struct ask		*ask;
	struct feed		*feed;
	struct record		 rec;
};

/* An id, terminated. */
struct keycloak_id { char s[OBJECT_ID_LEN_MAX + 1]; };
/* false: there is none in obj, or none that we would keep. */
bool keycloak_id_read(const struct json *obj, struct keycloak_id *ret);

/*
 * Walk the list at a path under the url, page by page; path and what it has of
 * ids and names is escaped already, query is "" or "&name=value".  each: what
 * to do with one of them, which must not ask for anything else: the page it is
 * in would be gone.
 *
 * A page begins with the last one of the page before.  If it does not, the list
 * changed meanwhile, some may be lost, and the listing is partial.
 *
 * Returns 0, or what each said, or an error of which *end says the cause.  A
 * list that is not there (404) is empty, and the listing partial, if may_vanish.
 */
typedef int keycloak_each_fn(struct keycloak *k, const struct json *item,
    void *arg);
struct keycloak_list {
	const char	*path, *query;
	bool		 may_vanish;
	keycloak_each_fn *each;
	void		*arg;
};
AIA_MUST_USE int keycloak_list(struct keycloak *k,
    const struct keycloak_list *list);

/* GET of a list that has no pages. */
AIA_MUST_USE int keycloak_list_whole(struct keycloak *k,
    const struct keycloak_list *list);

/* Each has an id that is put in as a member of the group whose id is arg, a
 * struct aia_span. */
int keycloak_member_put(struct keycloak *k, const struct json *item,
    void *arg);

/* "groups/ID/members" and the like: what stands between is escaped.  -EINVAL:
 * it cannot be. */
#define KEYCLOAK_PATH_MAX (IDP_SEGMENT_MAX + 64)
AIA_MUST_USE int keycloak_path(char room[KEYCLOAK_PATH_MAX],
    const char *before, const char *name, const char *after);

/* The parts of a listing. */
AIA_MUST_USE int keycloak_groups_run(struct keycloak *k, uint64_t *ret_n);
AIA_MUST_USE int keycloak_roles_run(struct keycloak *k);

#endif
