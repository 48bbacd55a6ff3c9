/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scim_config.h - what a SCIM server says it can do: ServiceProviderConfig
 * (RFC 7643 section 5), of which we look at pagination (RFC 9865 section 4).
 */
#ifndef AIA_NETD_IDP_SCIM_CONFIG_H
#define AIA_NETD_IDP_SCIM_CONFIG_H

#include <stdint.h>

#include "common/bytes.h"

#define SCIM_CONFIG_MAX 65536	/* bytes */

/*
 * How many objects a page by cursor may have, at most 'wanted'; 0: the server
 * does not say that it has such pages, or nothing that could be read.
 */
uint32_t scim_config_by_cursor(struct aia_span body, uint32_t wanted);

#endif
