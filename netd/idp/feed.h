/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * feed.h - the records of one listing on their way to the caller.
 *
 * What every provider needs besides its own paging: objects are counted against
 * objects_max, an object id that comes again is known, members go out in
 * packets that are full, and the first reason why the listing is not complete
 * is kept.
 */
#ifndef AIA_NETD_IDP_FEED_H
#define AIA_NETD_IDP_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "netd/idp/idp.h"

struct feed;

/* Borrows the job for its life.  mode: what the listing is. */
AIA_MUST_USE int feed_new(const struct idp_job *job, enum netcall_mode mode,
    struct feed **ret);
void feed_free(struct feed *f);

/* LISTING_BEGIN; of its has, since_s and merges.  What the sink said. */
AIA_MUST_USE int feed_begin(struct feed *f,
    const struct netcall_listing_begin *begin);

/*
 * Any id was seen before, of this kind (the provider's own number)?  0: it was
 * not, -EEXIST, -EINVAL (longer than OBJECT_ID_LEN_MAX), -ENOMEM.
 */
AIA_MUST_USE int feed_see(struct feed *f, uint8_t kind, struct aia_span id);
/* Was it? */
bool feed_has_seen(const struct feed *f, uint8_t kind, struct aia_span id);

/* One object more that is of no use; -EFBIG as below. */
AIA_MUST_USE int feed_count(struct feed *f);

/*
 * USER, GROUP, GONE.  -EFBIG: more than objects_max of the source; or what the
 * sink said.  Of a group, before the next object comes, follow the members.
 */
AIA_MUST_USE int feed_object(struct feed *f, const struct aia_message *m,
    const void *record);

/*
 * A member of group comes (m is netcall_m_member_add) or goes
 * (netcall_m_member_del), sent when a packet is full, or when something else
 * comes.  Or what the sink said.
 */
AIA_MUST_USE int feed_member(struct feed *f, const struct aia_message *m,
    struct aia_span group, struct aia_span member);
/* Send those members that wait. */
AIA_MUST_USE int feed_flush(struct feed *f);

/* The first reason is the one people are told. */
void feed_partial(struct feed *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* NULL: complete so far.  Otherwise why not, for a person. */
const char *feed_cause(const struct feed *f);

/* LISTING_END, with cursor if it is there, and how it ended.  What the sink
 * said. */
AIA_MUST_USE int feed_end(struct feed *f, struct aia_span cursor,
    struct idp_end *end);

#endif
