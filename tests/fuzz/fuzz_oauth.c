/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_oauth.c - any bytes as what an authorization server answers: what is
 * taken can stand in a header, a URL and a log line.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "netd/oauth_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_visible(const void *p, size_t len)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < len; i++)
		if (b[i] <= ' ' || b[i] > '~')
			abort();
}

static void
must_be_url(const char *url)
{
	if (url[0] != '\0' && strncmp(url, "https://", 8) != 0)
		abort();
	must_be_visible(url, strlen(url));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct aia_span body = aia_span_of(data, size);
	struct oauth_metadata m;
	char code[OAUTH_ERROR_MAX];
	struct secret token = { 0 };
	int64_t life_s = 0;

	if (oauth_token_parse(body, &token, &life_s) == 0) {
		if (token.len == 0 || life_s < OAUTH_LIFE_NONE)
			abort();
		must_be_visible(token.p, token.len);
	}
	oauth_error_parse(body, code);
	must_be_visible(code, strlen(code));
	for (int mtls = 0; mtls < 2; mtls++) {
		if (oauth_metadata_parse(body, "https://i", mtls != 0, &m) < 0)
			continue;
		if (m.token_url[0] == '\0')
			abort();
		must_be_url(m.token_url);
		must_be_url(m.device_url);
		must_be_url(m.jwks_url);
	}
	return 0;
}
