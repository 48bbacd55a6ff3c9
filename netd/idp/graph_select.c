/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * graph_select.c - which properties are asked for, each once.
 *
 * Only what is asked for is reported when it changes.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "netd/idp/graph_record.h"

struct list {
	char	*s;
	size_t	 len;
	bool	 bad;
};

static bool
has(const struct list *l, const char *name, size_t len)
{
	for (const char *p = strchr(l->s, '='); p != NULL;
	    p = strchr(p, ',')) {
		p++;
		if (strcspn(p, ",") == len && strncmp(p, name, len) == 0)
			return true;
	}
	return false;
}

/* The property of a path. */
static void
add(struct list *l, const char *path)
{
	size_t len = strcspn(path, ".");

	if (len == 0 || strspn(path, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") < len ||
	    l->len + 1 + len >= GRAPH_SELECT_MAX) {
		l->bad = true;
		return;
	}
	if (!has(l, path, len))
		l->len += (size_t)snprintf(l->s + l->len,
		    GRAPH_SELECT_MAX - l->len, ",%.*s", (int)len, path);
}

static void
add_posix(struct list *l, const char *extension, const char *name)
{
	char property[GRAPH_PROPERTY_MAX];

	if (graph_property(extension, name, property))
		add(l, property);
}

static void
user_add(struct list *l, const struct idp_job *job)
{
	static const char *const fixed[] = { "accountEnabled",
	    "createdDateTime", "displayName", "mail", "mobilePhone" };
	const struct conf_source *source = job->source;
	const struct record_names own = record_names_of(source);
	const char *const posix[] = { own.uid, own.gid, own.home, own.shell,
	    own.gecos, own.keys };

	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		add(l, fixed[i]);
	add(l, graph_name_property(source));
	for (size_t i = 0; i < ARRAY_LEN(posix); i++)
		add_posix(l, source->user_extension, posix[i]);
	/* A URN is of another kind of source. */
	for (size_t i = 0; i < job->n_attributes; i++)
		if (strchr(conf_attribute_from(&job->attributes[i]), ':') ==
		    NULL)
			add(l, conf_attribute_from(&job->attributes[i]));
}

int
graph_select(const struct idp_job *job, bool is_user,
    char ret[GRAPH_SELECT_MAX])
{
	struct list l = { .s = ret };

	l.len = (size_t)snprintf(ret, GRAPH_SELECT_MAX, "$select=id");
	if (is_user) {
		user_add(&l, job);
	} else {
		add(&l, "createdDateTime");
		add(&l, "displayName");
		add(&l, "securityEnabled");
		add_posix(&l, job->source->group_extension,
		    job->source->group_gid_attribute);
	}
	return l.bad ? AIA_EPROTO : 0;
}
