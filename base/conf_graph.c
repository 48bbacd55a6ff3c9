/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_graph.c - what must agree in a source of provider graph.
 */
#include "config.h"

#include "base/conf_graph.h"

#include <stdbool.h>
#include <string.h>

/* A name, or names with dots between: more would be another part of a query. */
static bool
is_property(const char *s)
{
	return s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")] == '\0' &&
	    s[0] != '.';
}

static int
names_check(const struct conf_source *s, struct conf_error *why)
{
	const struct { const char *key, *value; } names[] = {
		{ "user_extension", s->user_extension },
		{ "group_extension", s->group_extension },
		{ "uid_attribute", s->uid_attribute },
		{ "gid_attribute", s->gid_attribute },
		{ "home_attribute", s->home_attribute },
		{ "shell_attribute", s->shell_attribute },
		{ "gecos_attribute", s->gecos_attribute },
		{ "keys_attribute", s->keys_attribute },
		{ "group_gid_attribute", s->group_gid_attribute },
		{ "name_attribute", s->name_attribute },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!is_property(names[i].value))
			return conf_fail(why, "%s: '%.100s' is no property of "
			    "provider graph", names[i].key, names[i].value);
	return 0;
}

int
conf_graph_check(const struct conf_source *s, struct conf_error *why)
{
	const struct conf_client *c = &s->client;
	bool is_client = c->id[0] != '\0';
	const struct { const char *key; bool is_missing; } needs[] = {
		{ "client_id", !is_client && s->token_file[0] == '\0' },
		{ "token_url", is_client && c->token_url[0] == '\0' &&
		    c->issuer[0] == '\0' },
		{ "scope", is_client && c->scope[0] == '\0' },
	};

	for (size_t i = 0; i < ARRAY_LEN(needs); i++)
		if (needs[i].is_missing)
			return conf_fail(why, "provider graph needs '%s'",
			    needs[i].key);
	if (strcmp(c->auth, "tls_client_auth") == 0)
		return conf_fail(why, "provider graph does not know "
		    "tls_client_auth: private_key_jwt is for a certificate");
	return names_check(s, why);
}
