/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_client.c - what must agree among the keys of a client.
 */
#include "config.h"

#include "base/conf_client.h"

#include <string.h>

static const struct {
	const char *auth, *needs;
} proofs[] = {
	[CONF_PROOF_BASIC] = { "basic", "client_secret_file" },
	[CONF_PROOF_POST] = { "post", "client_secret_file" },
	[CONF_PROOF_KEY] = { "private_key_jwt", "client_key_file" },
	[CONF_PROOF_CERTIFICATE] = { "tls_client_auth", "certificate_file" },
};

enum conf_proof
conf_client_proof(const struct conf_client *client)
{
	size_t i = ARRAY_LEN(proofs) - 1;

	while (i > 0 && strcmp(proofs[i].auth, client->auth) != 0)
		i--;
	return (enum conf_proof)i;
}

int
conf_tls_check(const struct conf_tls *tls, struct conf_error *why)
{
	if ((tls->certificate_file[0] == '\0') !=
	    (tls->certificate_key_file[0] == '\0'))
		return conf_fail(why, "certificate_file and "
		    "certificate_key_file need each other");
	return 0;
}

int
conf_client_check(const struct conf_client *client,
    const struct conf_tls *tls, struct conf_error *why)
{
	enum conf_proof proof = conf_client_proof(client);
	const char *const files[] = {
	    [CONF_PROOF_BASIC] = client->secret_file,
	    [CONF_PROOF_POST] = client->secret_file,
	    [CONF_PROOF_KEY] = client->key_file,
	    [CONF_PROOF_CERTIFICATE] = tls->certificate_file };
	const char *const others[] = { client->secret_file, client->key_file,
	    client->token_url, client->issuer, client->scope, client->resource,
	    client->audience };

	for (size_t i = 0; client->id[0] == '\0' && i < ARRAY_LEN(others); i++)
		if (others[i][0] != '\0')
			return conf_fail(why, "'client_id' is missing");
	if (client->id[0] == '\0')
		return 0;
	if ((client->token_url[0] != '\0') == (client->issuer[0] != '\0'))
		return conf_fail(why, "client_id needs one of 'token_url' and "
		    "'issuer'");
	if (files[proof][0] == '\0')
		return conf_fail(why, "client_id needs '%s'",
		    proofs[proof].needs);
	return 0;
}
