/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grants.c - access tokens in force, in the memory of netd's parent.
 */
#include "config.h"

#include "netd/grants.h"

#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "common/siphash.h"

static struct grant grants[CONF_SOURCES_MAX];

/* Not against anybody: the key may be known. */
uint64_t
grant_id(const struct conf_source *source)
{
	static const uint8_t key[AIA_SIPHASH_KEY_LEN] = "grant";
	const struct conf_client *client = &source->client;
	const char *const texts[] = { source->name.s, source->url,
	    source->tls.ca_file, source->tls.certificate_file,
	    source->tls.certificate_key_file, source->tls.pinned_keys,
	    source->tls.proxy, client->id, client->auth,
	    client->secret_file, client->key_file, client->key_id,
	    client->assertion_audience, client->token_url, client->issuer, client->scope,
	    client->resource, client->audience };
	struct aia_siphash sh;

	aia_siphash_init(&sh, key);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		aia_siphash_add(&sh, texts[i], strlen(texts[i]) + 1);
	return aia_siphash_end(&sh);
}

/* Its own place, or of the one that ends first. */
static struct grant *
place_of(uint64_t id)
{
	struct grant *first = &grants[0];

	for (size_t i = 0; i < ARRAY_LEN(grants); i++) {
		if (grants[i].id == id)
			return &grants[i];
		if (grants[i].until_ms < first->until_ms)
			first = &grants[i];
	}
	return first;
}

bool
grants_keep(int fd)
{
	static struct grant g;
	ssize_t n = recv(fd, &g, sizeof(g), MSG_DONTWAIT);
	bool good = n == (ssize_t)sizeof(g) && g.token.len > 0 &&
	    g.token.len <= SECRET_LEN_MAX;

	if (good)
		*place_of(g.id) = g;
	explicit_bzero(&g, sizeof(g));
	return good;
}

void
grants_take(uint64_t id, int64_t now_ms, struct grant *ret)
{
	*ret = (struct grant){ .id = id };
	for (size_t i = 0; i < ARRAY_LEN(grants); i++)
		if (grants[i].id == id && grants[i].until_ms > now_ms)
			*ret = grants[i];
	explicit_bzero(grants, sizeof(grants));
}

void
grants_send(int fd, const struct grant *grant)
{
	(void)!send(fd, grant, sizeof(*grant), MSG_DONTWAIT | MSG_NOSIGNAL);
}
