/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * feed.c - the records of one listing on their way to the caller.
 */
#include "config.h"

#include "netd/idp/feed.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netd/idset.h"

struct feed {
	const struct idp_job	*job;
	enum netcall_mode	 mode;
	struct idset		*seen;
	uint64_t		 n_objects;	/* of all kinds */
	char			 partial[160];	/* "": complete so far */
	/* Members that wait, and of which group. */
	const struct aia_message *m;		/* NULL: none wait */
	uint8_t			 group[OBJECT_ID_LEN_MAX];
	size_t			 group_len;
	struct aia_wr		 wr;
	uint8_t			 members[60000];
};

int
feed_new(const struct idp_job *job, enum netcall_mode mode, struct feed **ret)
{
	struct feed *f = calloc(1, sizeof(*f));
	int r;

	if (f == NULL)
		return -ENOMEM;
	r = idset_new(&f->seen);
	if (r < 0) {
		free(f);
		return r;
	}
	f->job = job;
	f->mode = mode;
	*ret = f;
	return 0;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	idset_free(f->seen);
	free(f);
}

static int
put(struct feed *f, const struct aia_message *m, const void *record)
{
	return f->job->sink->put(f->job->sink->arg, m, record);
}

int
feed_begin(struct feed *f, const struct netcall_listing_begin *begin)
{
	struct netcall_listing_begin m = *begin;

	m.source = f->job->source->name;
	m.mode = f->mode;
	return put(f, &netcall_m_listing_begin, &m);
}

int
feed_see(struct feed *f, uint8_t kind, struct aia_span id)
{
	return idset_add(f->seen, kind, id);
}

bool
feed_has_seen(const struct feed *f, uint8_t kind, struct aia_span id)
{
	return idset_has(f->seen, kind, id);
}

int
feed_count(struct feed *f)
{
	if (f->n_objects >= f->job->source->objects_max)
		return -EFBIG;
	f->n_objects++;
	return 0;
}

int
feed_object(struct feed *f, const struct aia_message *m, const void *record)
{
	int r = feed_flush(f);

	if (r == 0)
		r = feed_count(f);
	return r < 0 ? r : put(f, m, record);
}

int
feed_flush(struct feed *f)
{
	const struct aia_message *m = f->m;
	const struct netcall_members record = {
		.group = aia_span_of(f->group, f->group_len),
		.members = aia_span_of(f->wr.p, f->wr.len),
	};

	f->m = NULL;
	return m == NULL ? 0 : put(f, m, &record);
}

int
feed_member(struct feed *f, const struct aia_message *m,
    struct aia_span group, struct aia_span member)
{
	bool fits = f->m == m &&
	    aia_span_eq(aia_span_of(f->group, f->group_len), group) &&
	    f->wr.cap - f->wr.len >= sizeof(uint16_t) + member.len;
	int r;

	if (group.len > sizeof(f->group) || member.len > OBJECT_ID_LEN_MAX)
		return -EINVAL;
	if (!fits) {
		r = feed_flush(f);
		if (r < 0)
			return r;
		f->m = m;
		memcpy(f->group, group.p, group.len);
		f->group_len = group.len;
		aia_wr_init(&f->wr, f->members, sizeof(f->members));
	}
	aia_list_add(&f->wr, member.p, member.len);
	return 0;
}

void
feed_partial(struct feed *f, const char *format, ...)
{
	va_list ap;

	if (f->partial[0] != '\0')
		return;
	va_start(ap, format);
	(void)vsnprintf(f->partial, sizeof(f->partial), format, ap);
	va_end(ap);
}

const char *
feed_cause(const struct feed *f)
{
	return f->partial[0] != '\0' ? f->partial : NULL;
}

int
feed_end(struct feed *f, struct aia_span cursor, struct idp_end *end)
{
	const char *why = feed_cause(f);
	const struct netcall_listing_end m = {
	    .has = cursor.len > 0 ? AIA_BIT(NETCALL_END_F_CURSOR) : 0,
	    .complete = why == NULL, .cursor = cursor };
	int r = feed_flush(f);

	if (r == 0)
		r = put(f, &netcall_m_listing_end, &m);
	if (r == 0)
		idp_end_set(end, NETCALL_OK, "%s", why == NULL ? "complete" :
		    why);
	return r;
}
