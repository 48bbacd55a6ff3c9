/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_client.c - what must agree among the keys of a client.
 */
#include "config.h"

#include "base/conf_client.h"

#include <string.h>

bool
conf_client_by_key(const struct conf_client *client)
{
	return strcmp(client->auth, "private_key_jwt") == 0;
}

int
conf_client_check(const struct conf_client *client, struct conf_error *why)
{
	const char *const others[] = { client->secret_file, client->key_file,
	    client->token_url, client->issuer, client->scope, client->resource,
	    client->audience };
	bool by_key = conf_client_by_key(client);

	for (size_t i = 0; client->id[0] == '\0' && i < ARRAY_LEN(others); i++)
		if (others[i][0] != '\0')
			return conf_fail(why, "'client_id' is missing");
	if (client->id[0] == '\0')
		return 0;
	if ((client->token_url[0] != '\0') == (client->issuer[0] != '\0'))
		return conf_fail(why, "client_id needs one of 'token_url' and "
		    "'issuer'");
	if ((by_key ? client->key_file : client->secret_file)[0] == '\0')
		return conf_fail(why, "client_id needs '%s'", by_key ?
		    "client_key_file" : "client_secret_file");
	return 0;
}
