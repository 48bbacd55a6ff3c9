/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * oauth_answer.c - what an authorization server of OAuth 2.0 answers.
 */
#include "config.h"

#include "netd/oauth_answer.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"

#define ISSUER_MAX 256		/* bytes; more than a configuration holds */

static bool
is_visible(struct aia_span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.len > 0;
}

static bool
is_bearer(struct aia_span type)
{
	static const char bearer[] = "bearer";	/* in any case: section 5.1 */

	return type.len == sizeof(bearer) - 1 &&
	    strncasecmp((const char *)type.p, bearer, type.len) == 0;
}

int
oauth_token_parse(struct aia_span body, struct secret *ret,
    int64_t *ret_life_s)
{
	struct aia_span token = { 0 }, type = { 0 };
	int64_t life_s = OAUTH_LIFE_NONE;
	struct json *root = NULL;
	int r;

	r = json_parse(body.p, body.len, OAUTH_ANSWER_MAX, &root);
	if (r < 0)
		return r;
	if (json_get_str(root, "access_token", SECRET_LEN_MAX, &token) < 0 ||
	    !is_visible(token) ||
	    json_get_str(root, "token_type", 16, &type) < 0 ||
	    !is_bearer(type)) {
		r = AIA_EPROTO;
		goto out;
	}
	r = json_get_i64(root, "expires_in", 0, INT32_MAX, &life_s);
	if (r < 0 && r != -ENOENT)
		goto out;
	r = secret_set(ret, token.p, token.len);
	if (r == 0)
		*ret_life_s = life_s;
out:
	json_free(root);
	return r;
}

void
oauth_error_parse(struct aia_span body, char ret[OAUTH_ERROR_MAX])
{
	struct aia_span code = { 0 };
	struct json *root = NULL;

	ret[0] = '\0';
	if (json_parse(body.p, body.len, OAUTH_ANSWER_MAX, &root) < 0)
		return;
	if (json_get_str(root, "error", OAUTH_ERROR_MAX - 1, &code) == 0) {
		memcpy(ret, code.p, code.len);
		ret[code.len] = '\0';
		if (strspn(ret, "abcdefghijklmnopqrstuvwxyz_") != code.len)
			ret[0] = '\0';
	}
	json_free(root);
}

/* "" if there is none that we could use. */
static void
url_get(const struct json *root, const char *key, char ret[OAUTH_URL_MAX])
{
	static const char https[] = "https://";
	struct aia_span url = { 0 };

	ret[0] = '\0';
	if (json_get_str(root, key, OAUTH_URL_MAX - 1, &url) < 0 ||
	    !is_visible(url) || memchr(url.p, '#', url.len) != NULL ||
	    url.len < sizeof(https) ||
	    memcmp(url.p, https, sizeof(https) - 1) != 0)
		return;
	memcpy(ret, url.p, url.len);
	ret[url.len] = '\0';
}

static void
endpoint_get(const struct json *root, const struct json *aliases,
    const char *key, char ret[OAUTH_URL_MAX])
{
	ret[0] = '\0';
	if (aliases != NULL)
		url_get(aliases, key, ret);
	if (ret[0] == '\0')
		url_get(root, key, ret);
}

int
oauth_metadata_parse(struct aia_span body, const char *issuer,
    bool mtls, struct oauth_metadata *ret)
{
	struct oauth_metadata m;
	const struct json *aliases = NULL;
	struct aia_span named = { 0 };
	struct json *root = NULL;
	int r;

	r = json_parse(body.p, body.len, OAUTH_ANSWER_MAX, &root);
	if (r < 0)
		return r;
	r = AIA_EPROTO;
	if (json_get_str(root, "issuer", ISSUER_MAX, &named) < 0)
		goto out;
	if (!aia_span_eq(named, aia_span_str(issuer))) {
		r = AIA_EDENIED;
		goto out;
	}
	if (mtls && json_get_obj(root, "mtls_endpoint_aliases", &aliases) < 0)
		aliases = NULL;		/* the same for all clients */
	endpoint_get(root, aliases, "token_endpoint", m.token_url);
	endpoint_get(root, aliases, "device_authorization_endpoint",
	    m.device_url);
	url_get(root, "jwks_uri", m.jwks_url);
	if (m.token_url[0] == '\0')
		goto out;
	*ret = m;
	r = 0;
out:
	json_free(root);
	return r;
}
