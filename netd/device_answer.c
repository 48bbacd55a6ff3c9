/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device_answer.c - what a server answers in a device flow.
 */
#include "config.h"

#include "netd/device_answer.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "netd/oauth_answer.h"

#define CODE_MAX 2048		/* bytes of a device_code */
#define LIFE_MAX_S 86400

static const char https[] = "https://";

/* A text between these two characters, terminated; 0 or AIA_EPROTO. */
static int
text_get(const struct json *root, const char *key, char first, size_t max,
    char *room)
{
	struct aia_span s = { 0 };
	int r = json_get_str(root, key, max, &s);

	if (r < 0 || s.len == 0)
		return r < 0 ? r : AIA_EPROTO;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < first || s.p[i] > '~')
			return AIA_EPROTO;
	memcpy(room, s.p, s.len);
	room[s.len] = '\0';
	return 0;
}

/* Bytes of "https://HOST"; 0: it is no such address, or has a user name. */
static size_t
host_len(const char *url)
{
	const size_t scheme = sizeof(https) - 1;
	size_t host;

	if (strncmp(url, https, scheme) != 0)
		return 0;
	host = strcspn(url + scheme, "/?#\\");
	if (host == 0 || memchr(url + scheme, '@', host) != NULL)
		return 0;
	return scheme + host;
}

static int
url_get(const struct json *root, const char *key,
    char room[NETCALL_URL_MAX + 1])
{
	int r = text_get(root, key, '!', NETCALL_URL_MAX, room);

	return r == 0 && host_len(room) == 0 ? AIA_EPROTO : r;
}

/* Only for the picture, so that one cannot see where it leads. */
static void
complete_get(const struct json *root, struct device_answer *a)
{
	size_t len = host_len(a->url);

	if (url_get(root, "verification_uri_complete", a->url_complete) < 0 ||
	    host_len(a->url_complete) != len ||
	    memcmp(a->url_complete, a->url, len) != 0)
		a->url_complete[0] = '\0';
}

/* A number of seconds in this range. */
static int
seconds_get(const struct json *root, const char *key, int64_t max,
    uint32_t *ret)
{
	int64_t s = 0;
	int r = json_get_i64(root, key, 1, INT32_MAX, &s);

	if (r == 0)
		*ret = (uint32_t)(s > max ? max : s);
	return r;
}

static int
fields_get(const struct json *root, struct device_answer *a)
{
	char code[CODE_MAX + 1];
	int r;

	r = text_get(root, "device_code", '!', CODE_MAX, code);
	if (r == 0)
		r = secret_set(&a->device_code, code, strlen(code));
	explicit_bzero(code, sizeof(code));
	if (r == 0)
		r = text_get(root, "user_code", ' ', NETCALL_CODE_MAX,
		    a->user_code);
	if (r == 0)
		r = url_get(root, "verification_uri", a->url);
	if (r == 0)
		r = seconds_get(root, "expires_in", LIFE_MAX_S, &a->life_s);
	if (r < 0)
		return r == -ENOENT ? AIA_EPROTO : r;
	a->interval_s = DEVICE_INTERVAL_S;
	r = seconds_get(root, "interval", DEVICE_INTERVAL_MAX_S,
	    &a->interval_s);
	complete_get(root, a);
	return r == -ENOENT ? 0 : r;
}

int
device_answer_parse(struct aia_span body, struct device_answer *ret)
{
	struct device_answer a = { 0 };
	struct json *root = NULL;
	int r;

	r = json_parse(body.p, body.len, OAUTH_ANSWER_MAX, &root);
	if (r < 0)
		return r;
	r = fields_get(root, &a);
	if (r == 0)
		*ret = a;
	secret_clear(&a.device_code);
	json_free(root);
	return r;
}

int
device_token_parse(struct aia_span body, uint8_t room[NETCALL_TOKEN_MAX],
    size_t *ret_len)
{
	struct aia_span token = { 0 };
	struct json *root = NULL;
	int r;

	r = json_parse(body.p, body.len, OAUTH_ANSWER_MAX, &root);
	if (r < 0)
		return r;
	r = json_get_str(root, "id_token", NETCALL_TOKEN_MAX, &token);
	if (r == 0 && token.len > 0) {
		memcpy(room, token.p, token.len);
		*ret_len = token.len;
	} else {
		r = AIA_EPROTO;
	}
	json_free(root);
	return r;
}
