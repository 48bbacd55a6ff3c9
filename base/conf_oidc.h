/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_oidc.h - the section [oidc SOURCE]: where a source's users log in.
 */
#ifndef AIA_BASE_CONF_OIDC_H
#define AIA_BASE_CONF_OIDC_H

#include "base/conf_client.h"
#include "base/conf_keys.h"

#define CONF_OIDC_AT(m) offsetof(struct conf_oidc, m)
#define CONF_OIDC_KEYS \
	CONF_CLIENT_KEYS(CONF_OIDC_AT(client)), \
	CONF_TLS_KEYS(CONF_OIDC_AT(tls)), \
	{ "acr_values", conf_type_text, CONF_OIDC_AT(acr_values), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "subject_claim", conf_type_text, CONF_OIDC_AT(subject_claim), \
	    "sub", 1, 64, NULL }, \
	{ "subject_attribute", conf_type_choice, \
	    CONF_OIDC_AT(subject_attribute), "object_id", 1, 15, \
	    "object_id external_id" }, \
	{ "require_fresh_login", conf_type_bool, \
	    CONF_OIDC_AT(require_fresh_login), "no", 0, 0, NULL }, \
	{ "qr_code", conf_type_choice, CONF_OIDC_AT(qr_code), \
	    "unicode", 1, 7, "unicode ascii none" }, \
	{ "networks", conf_type_list, CONF_OIDC_AT(networks), \
	    "", 0, 0, NULL }, \
	{ "algorithms", conf_type_list, CONF_OIDC_AT(algorithms), \
	    "RS256, PS256, ES256, ES384", 0, 0, NULL }, \
	{ "flow_s", conf_type_u32, CONF_OIDC_AT(flow_s), \
	    "300", 10, 300, NULL }

int conf_oidc_label(void *row, const char *label, struct conf_error *why);
int conf_oidc_check(const void *row, struct conf_error *why);

#endif
