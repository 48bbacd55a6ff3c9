/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.h - who somebody is: (source, immutable object id), never a name
 * or a uid.  Enrolments, counters and records belong to it.
 *
 * Accounts of /etc/passwd have the source "local" and the object id
 * "NAME:UID", so that neither a reused name nor a reused uid inherits.
 */
#ifndef AIA_BASE_IDENTITY_H
#define AIA_BASE_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "common/name.h"

#define OBJECT_ID_LEN_MAX 128	/* bytes */
#define SOURCE_LOCAL "local"	/* no configured source may be called so */

struct identity {
	struct aia_name	source;
	char		object_id[OBJECT_ID_LEN_MAX + 1];
};

/*
 * object_id: 1..OBJECT_ID_LEN_MAX bytes of printable ASCII without space; not
 * terminated.  Returns 0 or AIA_ENAME.
 */
AIA_MUST_USE int identity_make(const struct aia_name *source,
    const char *object_id, size_t object_id_len, struct identity *ret);
AIA_MUST_USE int identity_make_local(const struct aia_name *name,
    uint32_t uid, struct identity *ret);
bool identity_eq(const struct identity *a, const struct identity *b);

#endif
