/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_attribute.h - one attribute of a resource, by its path (RFC 7644
 * section 3.10):
 *
 *	department		of the resource, or else of the enterprise
 *				extension (RFC 7643 section 4.3)
 *	name.familyName		of an object in it
 *	URN:costCode		of the extension URN; the core schema's URN
 *				stands for the resource
 *
 * Nothing is judged; what is not there or of no use adds nothing.
 */
#ifndef AIA_NETD_IDP_SCIM_ATTRIBUTE_H
#define AIA_NETD_IDP_SCIM_ATTRIBUTE_H

#include "common/wire.h"

struct json;

/* record_values_add() of the attribute, if it is there. */
void scim_attribute_add(const struct json *resource, const char *path,
    struct aia_wr *list);

#endif
