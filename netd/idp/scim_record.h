/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_record.h - one SCIM resource as a record for the caller.
 *
 * Everything is taken by type; nothing is judged (a uid of 0 passes, the
 * keeper refuses it).  What is there but of no use to us in
 *
 *   - id, userName, displayName of a group, active, POSIX ids, home, shell
 *     and keys: fills 'defect', and the record still goes out;
 *   - anything else (mail, phone, gecos, externalId, attributes for policies,
 *     meta.created): is left out.
 *
 * An id that cannot be used leaves object_id empty; a name that is too long is
 * cut, so that people can still find the record by it.
 */
#ifndef AIA_NETD_IDP_SCIM_RECORD_H
#define AIA_NETD_IDP_SCIM_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netd/idp/idp.h"
#include "netd/idp/scim_page.h"

enum scim_kind { SCIM_USER = 1, SCIM_GROUP };

struct scim_record {
	enum scim_kind		 kind;
	struct netcall_user	 user;		/* SCIM_USER */
	struct netcall_group	 group;		/* SCIM_GROUP */
	struct aia_span		 members;	/* those still to come */
	uint8_t			 member[OBJECT_ID_LEN_MAX];
	char			 defect[256];	/* "": none */
	uint8_t			 keys[32768];
	uint8_t			 attributes[16384];
};

/*
 * Read one resource.  The job says which POSIX extensions and which attributes
 * to look for.  Spans point into the resource and into *ret.
 */
void scim_record_read(const struct scim_resource *resource,
    enum scim_kind kind, const struct idp_job *job, struct scim_record *ret);

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
