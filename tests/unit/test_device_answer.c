/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_device_answer.c - what a server may answer in a device flow.
 */
#include "config.h"

#include "netd/device_answer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "netd/oauth_answer.h"

#define CODES "\"device_code\":\"d1\",\"user_code\":\"WDJB-MJHT\""
#define URL "\"verification_uri\":\"https://id/device\""
#define LIFE "\"expires_in\":600"
#define GOOD CODES "," URL "," LIFE

static struct row {
	const char *name, *body;
	int want;
	const char *complete;
	uint32_t life_s, interval_s;
} rows[] = {
	{ "RFC 8628 section 3.2", "{" GOOD ",\"interval\":7,"
	    "\"verification_uri_complete\":\"https://id/device?c=WDJB\"}", 0,
	    "https://id/device?c=WDJB", 600, 7 },
	{ "shortest", "{" GOOD "}", 0, "", 600, 5 },
	{ "and more", "{" GOOD ",\"message\":\"To sign in ...\"}", 0, "", 600,
	    5 },
	{ "a life of years", "{" CODES "," URL ",\"expires_in\":100000000}", 0,
	    "", 86400, 5 },
	{ "a long interval", "{" GOOD ",\"interval\":3600}", 0, "", 600, 60 },
	{ "complete elsewhere", "{" GOOD ",\"verification_uri_complete\":"
	    "\"https://evil/device?c=1\"}", 0, "", 600, 5 },
	{ "complete at a longer host", "{" GOOD ",\"verification_uri_complete\""
	    ":\"https://id.evil/device?c=1\"}", 0, "", 600, 5 },
	{ "complete without TLS", "{" GOOD ",\"verification_uri_complete\":"
	    "\"http://id/device?c=1\"}", 0, "", 600, 5 },
	{ "complete with an escape", "{" GOOD ",\"verification_uri_complete\":"
	    "\"https://id/\\u001b\"}", 0, "", 600, 5 },
	{ "no interval at all", "{" GOOD ",\"interval\":0}", AIA_EPROTO, NULL,
	    0, 0 },
	{ "an interval in words", "{" GOOD ",\"interval\":\"5\"}", AIA_EPROTO,
	    NULL, 0, 0 },
	{ "no life", "{" CODES "," URL "}", AIA_EPROTO, NULL, 0, 0 },
	{ "a life of nothing", "{" CODES "," URL ",\"expires_in\":0}",
	    AIA_EPROTO, NULL, 0, 0 },
	{ "a life below", "{" CODES "," URL ",\"expires_in\":-1}", AIA_EPROTO,
	    NULL, 0, 0 },
	{ "no device code", "{\"user_code\":\"A\"," URL "," LIFE "}",
	    AIA_EPROTO, NULL, 0, 0 },
	{ "an empty one", "{\"device_code\":\"\",\"user_code\":\"A\"," URL ","
	    LIFE "}", AIA_EPROTO, NULL, 0, 0 },
	{ "one with a space", "{\"device_code\":\"a b\",\"user_code\":\"A\","
	    URL "," LIFE "}", AIA_EPROTO, NULL, 0, 0 },
	{ "no user code", "{\"device_code\":\"d\"," URL "," LIFE "}",
	    AIA_EPROTO, NULL, 0, 0 },
	{ "one with a newline", "{\"device_code\":\"d\",\"user_code\":\"A\\nB\","
	    URL "," LIFE "}", AIA_EPROTO, NULL, 0, 0 },
	{ "one with an escape", "{\"device_code\":\"d\","
	    "\"user_code\":\"\\u001b[2J\"," URL "," LIFE "}", AIA_EPROTO, NULL,
	    0, 0 },
	{ "one that writes backwards", "{\"device_code\":\"d\","
	    "\"user_code\":\"\\u202eA\"," URL "," LIFE "}", AIA_EPROTO, NULL, 0,
	    0 },
	{ "no address", "{" CODES "," LIFE "}", AIA_EPROTO, NULL, 0, 0 },
	{ "without TLS", "{" CODES "," LIFE ","
	    "\"verification_uri\":\"http://id/device\"}", AIA_EPROTO, NULL, 0,
	    0 },
	{ "a script", "{" CODES "," LIFE ","
	    "\"verification_uri\":\"javascript:alert(1)\"}", AIA_EPROTO, NULL,
	    0, 0 },
	{ "without a host", "{" CODES "," LIFE ","
	    "\"verification_uri\":\"https:///device\"}", AIA_EPROTO, NULL, 0,
	    0 },
	{ "looks like another host", "{" CODES "," LIFE ","
	    "\"verification_uri\":\"https://id@evil/\"}", AIA_EPROTO, NULL, 0,
	    0 },
	{ "with a space", "{" CODES "," LIFE ","
	    "\"verification_uri\":\"https://id/ evil\"}", AIA_EPROTO, NULL, 0,
	    0 },
	{ "twice", "{" GOOD ",\"user_code\":\"B\"}", AIA_EPROTO, NULL, 0, 0 },
	{ "a list", "[]", AIA_EPROTO, NULL, 0, 0 },
	{ "nothing", "", AIA_EPROTO, NULL, 0, 0 },
};

static void
answer(void **state)
{
	const struct row *row = *state;
	struct device_answer a = { .life_s = 77 };

	assert_int_equal(device_answer_parse(aia_span_str(row->body), &a),
	    row->want);
	if (row->want < 0) {
		assert_int_equal(a.life_s, 77);
		return;
	}
	assert_string_equal(a.user_code, "WDJB-MJHT");
	assert_string_equal(a.url, "https://id/device");
	assert_string_equal(a.url_complete, row->complete);
	assert_int_equal(a.life_s, row->life_s);
	assert_int_equal(a.interval_s, row->interval_s);
	assert_int_equal(a.device_code.len, 2);
	assert_memory_equal(a.device_code.p, "d1", 2);
}

/* Longest and one byte more, of all that has a length. */
static void
lengths(void **state)
{
	static const struct { const char *key; size_t max; const char *head; }
	    texts[] = {
		{ "device_code", 2048, "" },
		{ "user_code", NETCALL_CODE_MAX, "" },
		{ "verification_uri", NETCALL_URL_MAX, "https://id/" },
	};
	char body[8192], text[2100];
	struct device_answer a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		for (size_t more = 0; more < 2; more++) {
			size_t n = texts[i].max + more, at = 0;

			memset(text, 'A', n);
			text[n] = '\0';
			memcpy(text, texts[i].head, strlen(texts[i].head));
			at += (size_t)sprintf(body, "{" LIFE);
			for (size_t j = 0; j < ARRAY_LEN(texts); j++)
				at += (size_t)sprintf(body + at, ",\"%s\":\"%s\"",
				    texts[j].key, i == j ? text :
				    texts[j].head[0] != '\0' ? "https://id/" :
				    "A");
			(void)sprintf(body + at, "}");
			assert_int_equal(device_answer_parse(
			    aia_span_str(body), &a), more ? AIA_EPROTO : 0);
		}
}

static void
token(void **state)
{
	static uint8_t room[NETCALL_TOKEN_MAX];
	static char body[OAUTH_ANSWER_MAX + 2];
	size_t len = 0;

	(void)state;
	assert_int_equal(device_token_parse(aia_span_str("{\"access_token\":"
	    "\"x\",\"id_token\":\"a.b.c\"}"), room, &len), 0);
	assert_int_equal(len, 5);
	assert_memory_equal(room, "a.b.c", 5);
	assert_int_equal(device_token_parse(aia_span_str("{\"access_token\":"
	    "\"x\"}"), room, &len), AIA_EPROTO);
	assert_int_equal(device_token_parse(aia_span_str("{\"id_token\":\"\"}"),
	    room, &len), AIA_EPROTO);
	assert_int_equal(device_token_parse(aia_span_str("{\"id_token\":1}"),
	    room, &len), AIA_EPROTO);
	(void)sprintf(body, "{\"id_token\":\"%0*d\"}", NETCALL_TOKEN_MAX, 7);
	assert_int_equal(device_token_parse(aia_span_str(body), room, &len), 0);
	assert_int_equal(len, NETCALL_TOKEN_MAX);
	(void)sprintf(body, "{\"id_token\":\"%0*d\"}", NETCALL_TOKEN_MAX + 1,
	    7);
	assert_int_equal(device_token_parse(aia_span_str(body), room, &len),
	    AIA_EPROTO);
	memset(body, ' ', OAUTH_ANSWER_MAX + 1);
	assert_int_equal(device_token_parse(aia_span_str(body), room, &len),
	    -EMSGSIZE);
}

int
main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + 2] = { 0 };
	size_t n = 0;

	for (; n < ARRAY_LEN(rows); n++)
		tests[n] = (struct CMUnitTest){ .name = rows[n].name,
		    .test_func = answer, .initial_state = &rows[n] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(lengths);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(token);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
