/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_form.h - application/x-www-form-urlencoded (RFC 6749 appendix B).
 */
#ifndef AIA_NETD_OAUTH_FORM_H
#define AIA_NETD_OAUTH_FORM_H

#include "common/bytes.h"

/*
 * "NAME=VALUE", behind an '&' unless it is the first; or the value alone, if
 * name is NULL.  An empty value adds nothing.
 */
void oauth_form_add(struct aia_wr *wr, const char *name,
    struct aia_span value);

#endif
