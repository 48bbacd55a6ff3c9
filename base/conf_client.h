/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_client.h - keys that several kinds of sections have: how to speak to a
 * server, and what a client of OAuth 2.0 is.
 *
 * A section that has them puts these rows into its table and calls the checks
 * from its own; 'at' is the offset of the struct in the section's row.
 */
#ifndef AIA_BASE_CONF_CLIENT_H
#define AIA_BASE_CONF_CLIENT_H

#include "base/conf_keys.h"
#include "base/conf_types.h"

#define CONF_TLS_AT(at, m) ((at) + offsetof(struct conf_tls, m))
#define CONF_TLS_KEYS(at) \
	{ "ca_file", conf_type_path, CONF_TLS_AT(at, ca_file), \
	    "", 0, 0, NULL }, \
	{ "certificate_file", conf_type_file, \
	    CONF_TLS_AT(at, certificate_file), "", 0, 0, NULL }, \
	{ "certificate_key_file", conf_type_file, \
	    CONF_TLS_AT(at, certificate_key_file), "", 0, 0, NULL }, \
	{ "pinned_keys", conf_type_pins, CONF_TLS_AT(at, pinned_keys), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "proxy", conf_type_proxy, CONF_TLS_AT(at, proxy), \
	    "", 0, CONF_VALUE_MAX, NULL }

#define CONF_CLIENT_AT(at, m) ((at) + offsetof(struct conf_client, m))
#define CONF_CLIENT_KEYS(at) \
	{ "client_id", conf_type_text, CONF_CLIENT_AT(at, id), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "client_secret_file", conf_type_file, \
	    CONF_CLIENT_AT(at, secret_file), "", 0, 0, NULL }, \
	{ "client_auth", conf_type_choice, CONF_CLIENT_AT(at, auth), \
	    "basic", 1, 15, "basic post private_key_jwt tls_client_auth" }, \
	{ "client_key_file", conf_type_file, CONF_CLIENT_AT(at, key_file), \
	    "", 0, 0, NULL }, \
	{ "client_key_id", conf_type_text, CONF_CLIENT_AT(at, key_id), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "assertion_audience", conf_type_choice, \
	    CONF_CLIENT_AT(at, assertion_audience), \
	    "issuer", 1, 15, "issuer endpoint" }, \
	{ "token_url", conf_type_url, CONF_CLIENT_AT(at, token_url), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "issuer", conf_type_url, CONF_CLIENT_AT(at, issuer), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "scope", conf_type_text, CONF_CLIENT_AT(at, scope), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "resource", conf_type_text, CONF_CLIENT_AT(at, resource), \
	    "", 0, CONF_VALUE_MAX, NULL }, \
	{ "audience", conf_type_text, CONF_CLIENT_AT(at, audience), \
	    "", 0, CONF_VALUE_MAX, NULL }

/* 0 or AIA_ECONF: a certificate and its key, or neither. */
AIA_MUST_USE int conf_tls_check(const struct conf_tls *tls,
    struct conf_error *why);

/* The same: all of a client that asks for tokens, or nothing of it. */
AIA_MUST_USE int conf_client_check(const struct conf_client *client,
    const struct conf_tls *tls, struct conf_error *why);

/* How a client proves itself, and the key that it does it with. */
enum conf_proof {
	CONF_PROOF_BASIC, CONF_PROOF_POST, CONF_PROOF_KEY,
	CONF_PROOF_CERTIFICATE,
};
enum conf_proof conf_client_proof(const struct conf_client *client);

#endif
