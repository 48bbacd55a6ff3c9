/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_record.h - one SCIM resource as a record for the caller.
 */
#ifndef AIA_NETD_IDP_SCIM_RECORD_H
#define AIA_NETD_IDP_SCIM_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netd/idp/idp.h"
#include "netd/idp/record.h"
#include "netd/idp/scim_page.h"

enum scim_kind { SCIM_USER = 1, SCIM_GROUP };

struct scim_record {
	enum scim_kind		 kind;
	struct record		 r;
	struct aia_span		 members;	/* those still to come */
	uint8_t			 member[OBJECT_ID_LEN_MAX];
};

/*
 * Read one resource.  The job says which POSIX extensions and which attributes
 * to look for.  Spans point into the resource and into *ret.
 */
void scim_record_read(const struct scim_resource *resource,
    enum scim_kind kind, const struct idp_job *job, struct scim_record *ret);

/* The same of what must be a user: a group has that for a defect. */
void scim_user_read(const struct json *user, const struct idp_job *job,
    struct record *ret);

/* What the resource says it is in 'schemas'; a user if it says nothing. */
enum scim_kind scim_record_kind(const struct json *resource);
struct aia_span scim_record_id(const struct scim_record *rec);

/*
 * Walk a group's members, once: 1 and the next one's object id, valid until the
 * next call, or 0 at the end.  *skipped counts those that name no user or
 * group.  Or -ENOMEM, or -EBADMSG: what comes next is not JSON, or mad.
 */
AIA_MUST_USE int scim_record_member(struct scim_record *rec, size_t *skipped,
    struct aia_span *ret);

#endif
